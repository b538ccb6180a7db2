import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** A runtime that serves what a module exports. */
export interface WebRuntime {
  readonly name: string;
  readonly target: "worker" | "bun" | "deno";
  /** The program, an optional dependency of the workspace that npm has under this name for Linux on x64 only. */
  readonly program: string;
  /** Its arguments, to serve a bundle on some free port of this machine. */
  prepare(bundle: string): readonly string[];
  /** Finds the port in what it prints. */
  readonly port: RegExp;
}

function installed(name: string): string {
  return fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url));
}

/** Without any compatibility flag: what runs here needs no API of Node. */
const WORKER_CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .bundle)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const bundle :Workerd.Worker = (
  modules = [(name = "main.mjs", esModule = embed "main.mjs")],
  compatibilityDate = "2026-01-01",
);
`;

/** The runtimes that a bundle can be made for, besides Node. */
export const WEB_RUNTIMES: readonly WebRuntime[] = [
  {
    name: "workerd",
    target: "worker",
    program: installed("@cloudflare/workerd-linux-64/bin/workerd"),
    prepare: (bundle) => {
      const config = path.join(path.dirname(bundle), "worker.capnp");
      writeFileSync(config, WORKER_CONFIG);
      return ["serve", config, "--control-fd=1"];
    },
    port: /"port":(\d+)/,
  },
  {
    name: "Bun",
    target: "bun",
    program: installed("@oven/bun-linux-x64/bin/bun"),
    prepare: (bundle) => [bundle],
    port: /localhost:(\d+)/,
  },
  {
    name: "Deno",
    target: "deno",
    program: installed("@deno/linux-x64-glibc/deno"),
    prepare: (bundle) => ["serve", "--no-remote", "--allow-env", "--host", "127.0.0.1", "--port", "0", bundle],
    port: /127\.0\.0\.1:(\d+)/,
  },
];

/** Whether a runtime is there for this machine. */
export function isInstalled({ program }: WebRuntime): boolean {
  return existsSync(program);
}

/** A process that serves HTTP. */
export interface HttpProcess extends AsyncDisposable {
  readonly url: URL;
  /** What it has printed so far. */
  output(): string;
  /** Sends a signal and settles with how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** How {@link startHttp} starts a process. */
export interface HttpProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly port: RegExp;
}

/** Starts a program and waits until it has printed where it listens. */
export async function startHttp(
  program: string,
  { args, cwd, env = {}, port }: HttpProcessOptions,
): Promise<HttpProcess> {
  const child = spawn(program, [...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  let output = "";
  const found = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const [, number] = port.exec(output) ?? [];
      if (number !== undefined) resolve(number);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    ended.then(
      ({ code }) => reject(new Error(`${program} ended with code ${code} before it listened:\n${output}`)),
      reject,
    );
  });
  return {
    url: new URL(`http://127.0.0.1:${await found}/mcp`),
    output: () => output,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    [Symbol.asyncDispose]: () => stop(child, ended),
  };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}
