import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Exit, TestProcess } from "../../fixtures/process.ts";

/** A runtime that serves what a module exports. */
export interface WebRuntime {
  readonly name: string;
  readonly target: "worker" | "bun" | "deno";
  /**
   * Path of the program, an optional dependency. Its package is for Linux on x64 only.
   */
  readonly program: string;
  /** Returns the arguments that serve a bundle on a free port. Bun reads the host from `HOST`. */
  prepare(bundle: string, options: PrepareOptions): readonly string[];
  /** Matches the port in the output. */
  readonly port: RegExp;
}

/** Options of {@link WebRuntime.prepare}. */
export interface PrepareOptions {
  readonly host: string;
  /** Compatibility flags of workerd. */
  readonly flags?: readonly string[];
}

function installed(name: string): string {
  return fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
}

/** Sets no compatibility flags by default, because a bundle must not need the APIs of Node. */
const configureWorker = (flags: readonly string[]): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .bundle)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const bundle :Workerd.Worker = (
  modules = [(name = "main.mjs", esModule = embed "main.mjs")],
  compatibilityDate = "2026-01-01",
  compatibilityFlags = ${JSON.stringify(flags)},
);
`;

/** The runtimes that a bundle can target, except Node. */
export const WEB_RUNTIMES: readonly WebRuntime[] = [
  {
    name: "workerd",
    target: "worker",
    program: installed("@cloudflare/workerd-linux-64/bin/workerd"),
    prepare: (bundle, { flags = [] }) => {
      const config = path.join(path.dirname(bundle), "worker.capnp");
      writeFileSync(config, configureWorker(flags));
      return ["serve", config, "--control-fd=1"];
    },
    port: /"port":(\d+)/,
  },
  {
    name: "Bun",
    target: "bun",
    program: installed("@oven/bun-linux-x64/bin/bun"),
    prepare: (bundle) => [bundle],
    port: /(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)/,
  },
  {
    name: "Deno",
    target: "deno",
    program: installed("@deno/linux-x64-glibc/deno"),
    prepare: (bundle, { host }) => ["serve", "--no-remote", "--allow-env", "--host", host, "--port", "0", bundle],
    port: /(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)/,
  },
];

/** Checks whether a runtime is installed on this machine. */
export function isInstalled({ program }: WebRuntime): boolean {
  return existsSync(program);
}

/** A process that serves HTTP; `await using` kills it. */
export interface HttpProcess extends AsyncDisposable {
  readonly url: URL;
  /** Sends a signal and returns how the process ended. */
  end(signal: NodeJS.Signals): Promise<Exit>;
}

/** Options of {@link startHttp}. */
export interface HttpProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Matches the port in the output. */
  readonly port: RegExp;
}

/** Starts a program and waits until it prints its port. */
export async function startHttp(program: string, options: HttpProcessOptions): Promise<HttpProcess> {
  const { args, cwd, env = {}, port } = options;
  const child = new TestProcess(program, args, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd, NO_COLOR: "1", ...env },
    isolated: true,
  });
  const [, number] = port.exec(await child.readUntil(port)) ?? [];
  return {
    url: new URL(`http://127.0.0.1:${number}/mcp`),
    end: (signal) => child.end(signal),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
