import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSnippets } from "../docs/snippets.ts";

// The first steps of a new user, in an empty folder outside the workspace: the README's commands
// and code, word for word, with the packed packages. Only installing needs the npm registry.
const root = fileURLToPath(new URL("../", import.meta.url));
const snippets = readSnippets("README.md");
const [greeter, ...others] = snippets.filter(({ language }) => language === "ts");
const testSnippet = others.find(({ code }) => code.includes('from "methodic/testing"'));
const configSnippet = others.find(({ code }) => code.includes('from "@methodic/compiler/vite"'));
const commands = snippets
  .filter(({ language }) => language === "sh")
  .flatMap(({ code }) => code.split(/\n| && /))
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter(Boolean);

// The Node that runs the tests is also the one that the commands find.
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}` };
let folder = "";
const tarballs: Record<string, string> = {};

function shell(command: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, { cwd: folder, shell: true, encoding: "utf8", env });
  return { status, stdout, stderr };
}

function succeed(command: string): string {
  const { status, stdout, stderr } = shell(command);
  expect(status, `${command}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** Returns the README's first command with the given start. */
function readmeCommand(start: string): string {
  const command = commands.find((line) => line.startsWith(start));
  if (!command)
    throw new Error(`The README has no command that begins with '${start}'. It has:\n${commands.join("\n")}`);
  return command;
}

/** Runs an installation, which must not warn, even where unsupported Node versions are refused. */
function install(command: string): void {
  const { status, stdout, stderr } = shell(`${command} --engine-strict`);
  expect(status, `${command}\n${stdout}\n${stderr}`).toBe(0);
  expect(stderr).not.toMatch(/warn/i);
}

function withTarballs(command: string): string {
  // The CLI depends on the compiler. The registry does not have it yet, so its tarball is added.
  return command
    .split(" ")
    .flatMap((word) => (word === "@methodic/cli" ? [word, "@methodic/compiler"] : [word]))
    .map((word) => tarballs[word] ?? word)
    .join(" ");
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "methodic-new-user-"));
  const packs = join(folder, "packs");
  const pack = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", packs];
  const packed = spawnSync(process.execPath, [`${root}scripts/pnpm.mjs`, ...pack], { encoding: "utf8", env });
  expect(packed.status, packed.stdout + packed.stderr).toBe(0);
  for (const file of readdirSync(packs)) {
    const name = file.replace(/-\d.*$/, "").replace(/^methodic-/, "@methodic/");
    tarballs[name] = join(packs, file);
  }
  expect(Object.keys(tarballs).sort()).toEqual(["@methodic/cli", "@methodic/compiler", "methodic"]);
  succeed(readmeCommand("npm init -y"));
  succeed(readmeCommand("npm pkg set type=module"));
  install(withTarballs(readmeCommand("npm install methodic")));
  install(withTarballs(readmeCommand("npm install --save-dev @methodic/cli")));
  writeFileSync(join(folder, "server.ts"), greeter?.code ?? "");
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed packages", () => {
  test.each(["methodic", "@methodic/compiler", "@methodic/cli"])("have no fault that publint knows: %s", (name) => {
    const publint = join(root, "e2e/node_modules/publint/src/cli.js");
    expect(succeed(`node ${publint} run ${tarballs[name]} --strict`)).toContain("All good!");
  });

  // The CLI exports no code, only its command.
  test.each(["methodic", "@methodic/compiler"])("have types under every module resolution: %s", (name) => {
    const attw = join(root, "e2e/node_modules/@arethetypeswrong/cli/dist/index.js");
    expect(succeed(`node ${attw} ${tarballs[name]} --profile esm-only --no-emoji --format ascii`)).toContain(
      "bundler: OK",
    );
  });
});

async function greetThrough(command: string, args: readonly string[]): Promise<unknown> {
  const client = new Client({ name: "new-user", version: "1.0.0" });
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    cwd: folder,
    env: env as Record<string, string>,
    stderr: "pipe",
  });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["greet"]);
    const result = await client.callTool({ name: "greet", arguments: { name: "Ada", times: 2 } });
    return result.content;
  } finally {
    await client.close();
  }
}

const greeting = [{ type: "text", text: "Hello, Ada! Hello, Ada!" }];

describe("the README, in an empty folder, from the packed packages", { timeout: 300_000 }, () => {
  test("the server runs from its source", async () => {
    const overStdio = readmeCommand("npx methodic run server.ts").replace(" --http", "");
    const [command = "", ...args] = overStdio.split(" ");
    expect(await greetThrough(command, args)).toEqual(greeting);
  });

  test("a project with an older tsconfig builds, and its editor finds the types", () => {
    const compilerOptions = {
      target: "ES2020",
      module: "CommonJS",
      moduleResolution: "node",
      strict: true,
      experimentalDecorators: true,
      outDir: "dist",
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["server.ts"] }));
    try {
      succeed("npx methodic build");
      // The compiler's TypeScript 5.9: later versions do not resolve modules in this way.
      expect(succeed("npx tsc --noEmit")).toBe("");
    } finally {
      rmSync(join(folder, "tsconfig.json"));
      rmSync(join(folder, "dist"), { recursive: true, force: true });
    }
  });

  test("the types hold for the TypeScript that npm installs, declarations included", () => {
    succeed("npm install --save-dev typescript @types/node");
    const options =
      "--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --module nodenext --target es2022 --types node";
    expect(succeed(`npx tsc ${options} server.ts`)).toBe("");
    expect(succeed(`npx tsc ${options} --experimentalDecorators server.ts`)).toBe("");
    expect(succeed(`npx tsc ${options} --target es2020 server.ts`)).toBe("");
  });

  test("the schemas are what the README shows", () => {
    succeed(readmeCommand("npx methodic generate --out mcp.json"));
    const { servers } = JSON.parse(readFileSync(join(folder, "mcp.json"), "utf8"));
    const shown = JSON.parse(snippets.find(({ language }) => language === "json")?.code ?? "");
    expect({ name: "greet", ...servers.greeter.tools.greet }).toEqual(shown);
  });

  test("the project builds, and the build runs where the compiler is not installed", async () => {
    succeed("npx methodic build");
    expect(existsSync(join(folder, "dist/server.d.ts"))).toBe(true);
    writeFileSync(join(folder, "start.mjs"), 'import server from "./dist/server.js";\nawait server.serve();\n');
    succeed(readmeCommand("npx methodic build --bundle"));
    succeed("npm prune --omit=dev");
    expect(existsSync(join(folder, "node_modules/typescript"))).toBe(false);
    expect(await greetThrough(process.execPath, ["start.mjs"])).toEqual(greeting);
    rmSync(join(folder, "node_modules"), { recursive: true });
    expect(await greetThrough(process.execPath, ["dist/server.mjs"])).toEqual(greeting);
  });

  test("the test of the README passes", () => {
    // The oldest supported Node is tested here, and the README asks for Vitest 4 on it.
    succeed(withTarballs(readmeCommand("npm install --save-dev vitest").replace(" vitest ", " vitest@4 ")));
    writeFileSync(join(folder, "vitest.config.ts"), configSnippet?.code ?? "");
    writeFileSync(join(folder, "server.test.ts"), testSnippet?.code ?? "");
    expect(succeed(readmeCommand("npx vitest run"))).toContain("1 passed");
  });
});
