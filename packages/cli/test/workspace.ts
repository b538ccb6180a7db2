import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** The command as npm installs it. */
export const METHODIC: string = fileURLToPath(new URL("../bin/methodic.js", import.meta.url));
/** A module that prints, at exit, which CommonJS modules were loaded; TypeScript is one. */
export const LIST_MODULES = `data:text/javascript,import m from "node:module"; process.on("exit", () => process.stderr.write(Object.keys(m._cache).join("\\n")))`;
const CACHE = fileURLToPath(new URL("../.cache/", import.meta.url));

/** A project in a folder of its own, from which `methodic` resolves as from an author's. */
export interface Workspace extends Disposable {
  readonly root: string;
  path(name: string): string;
  write(name: string, content: string | object): void;
}

/** How a command ended and what it wrote. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes a project to disk; `using` removes it again. */
export function createWorkspace(files: Readonly<Record<string, string | object>>): Workspace {
  mkdirSync(CACHE, { recursive: true });
  const root = mkdtempSync(path.join(CACHE, "workspace-"));
  const workspace: Workspace = {
    root,
    path: (name) => path.join(root, name),
    write: (name, content) => {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), typeof content === "string" ? content : JSON.stringify(content));
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const [name, content] of Object.entries(files)) workspace.write(name, content);
  return workspace;
}

/** A folder outside of the workspace, from which nothing that is installed can be found. */
export function emptyFolder(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "methodic-bundle-"));
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The environment without what the test runner or the terminal put there. */
export function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$)/.test(name),
  );
  return { ...(Object.fromEntries(inherited) as Record<string, string>), ...env };
}

/** Where and how {@link methodic} runs. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
}

/** Runs `methodic <args>` to its end, with nothing on stdin. */
export function methodic(
  args: readonly string[],
  { cwd = CACHE, env = {}, nodeArgs = [] }: RunOptions = {},
): Promise<Outcome> {
  mkdirSync(CACHE, { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArgs, METHODIC, ...args], {
      cwd,
      env: environment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** A server process and the official client that drives it. */
export interface ConnectedServer extends AsyncDisposable {
  readonly client: Client;
  /** The text of a tool's answer. */
  call(name: string, args?: Record<string, unknown>): Promise<string>;
  /** What the server wrote on stderr so far. */
  stderr(): string;
}

/** Starts `node <args>` and connects to it over stdio. */
export async function connect(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ConnectedServer> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    cwd,
    env: environment(env),
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport).catch((cause: unknown) => {
    throw new Error(`The server did not start. Its stderr:\n${stderr}`, { cause });
  });
  return {
    client,
    call: async (name, args = {}) => {
      const { content } = await client.callTool({ name, arguments: args });
      return content.map((block) => (block.type === "text" ? block.text : "")).join("");
    },
    stderr: () => stderr,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** A project with one service, in the dialect that the tsconfig says. */
export function createNotesProject(dialect: "legacy" | "standard" = "standard"): Workspace {
  return createWorkspace({
    "package.json": { name: "notes", type: "module" },
    "tsconfig.json": {
      compilerOptions: {
        target: "ES2022",
        module: "NodeNext",
        types: [],
        strict: true,
        skipLibCheck: true,
        rewriteRelativeImportExtensions: true,
        rootDir: "src",
        outDir: "dist",
        ...(dialect === "legacy" && { experimentalDecorators: true }),
      },
      include: ["src"],
    },
    "src/notes.ts": `import { resource, tool } from "methodic";

export class Notes {
  readonly #notes: string[] = [];
  /** Adds a note. */
  @tool() addNote(name: string, priority: number = 1): string { this.#notes.push(name); return \`\${name} (\${priority})\`; }
  @resource("notes://all") all(): string { return this.#notes.join(); }
}
`,
    "src/server.ts": `import { createServer } from "methodic";
import { Notes } from "./notes.ts";

export default createServer({ name: "notes", version: "1.0.0", naming: "snake_case", services: [Notes] });
`,
  });
}
