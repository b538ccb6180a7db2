import { readFileSync } from "node:fs";
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { endQuietlyOnBrokenPipe } from "./terminal.ts";
import type { BuildFlags } from "./commands/build.ts";
import type { CheckFlags } from "./commands/check.ts";
import type { GenerateFlags } from "./commands/generate.ts";
import type { PatchFlags } from "./commands/patch.ts";
import type { ServeFlags } from "./commands/run.ts";

/** The commands of the `methodic` program. Each loads its own code only when it runs: `--help` must not wait for TypeScript. */
export function createCommands(): Command {
  const program = new Command("methodic")
    .description("Run and build MCP servers made of decorated TypeScript classes.")
    .version(ownVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("(add --help for the details)")
    // What comes after a command's name is the command's own.
    .enablePositionalOptions()
    .configureOutput({ writeOut })
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  addRun(program);
  addBuild(program);
  addPatch(program);
  addGenerate(program);
  addCheck(program);
  return program;
}

function writeOut(text: string): void {
  endQuietlyOnBrokenPipe();
  process.stdout.write(text);
}

const EXAMPLES = `
Examples:
  $ methodic run src/server.ts                 serve over stdio, compiled in memory
  $ methodic run src/server.ts --http          serve over HTTP
  $ methodic build                             write dist/ from tsconfig.json
  $ tsc && methodic patch                      complete what tsc has written
  $ methodic generate --out mcp.json           keep the published schemas for CI
  $ methodic check mcp.json                    fail if they have changed since

Exit codes: 0 fine, 1 problems found or work failed, 2 wrong usage. Everything but results goes to stderr.
`;

function addRun(program: Command): void {
  addServingOptions(
    program
      .command("run")
      .summary("serve a module's default export")
      .description(
        "Serve the server that a module exports as default: over stdio, or over HTTP with --http.\nTypeScript is compiled in memory: no build, nothing written. Type errors do not stop it; decorated classes that cannot be compiled do.",
      )
      .argument("<file>", "the module, TypeScript or JavaScript")
      .argument(
        "[args...]",
        "handed on to the module as process.argv, as are options that are not known here; after -- all are",
      )
      .usage("[options] <file> [args...]")
      .allowUnknownOption(),
  )
    .addHelpText("after", RUN_HELP)
    .action(async (file: string, args: string[], flags: ServeFlags) => {
      const { run } = await import("./commands/run.ts");
      await run(file, args, flags);
    });
}

const RUN_HELP = `
Flags win over the environment (PORT, HOST, MCP_PATH, MCP_ALLOWED_HOSTS, MCP_ALLOWED_ORIGINS, MCP_PUBLIC_URL) and over what the module says.
Any of the flags but --stdio means --http, as PORT in the environment does.

Examples:
  $ methodic run src/server.ts                                over stdio
  $ methodic run src/server.ts --http --port 3000             over HTTP, for this computer alone
  $ MCP_API_KEY=... methodic run src/server.ts --host 0.0.0.0 --allow-host mcp.example.com --auth api-key

As a client's configuration:
  { "command": "npx", "args": ["methodic", "run", "/path/to/src/server.ts"] }
`;

/** How `methodic run` serves. */
function addServingOptions(command: Command): Command {
  return command
    .addOption(new Option("--stdio", "serve over stdio, though PORT is set").conflicts(HTTP_FLAGS))
    .option("--http", "serve over HTTP (MCP's Streamable HTTP)")
    .addOption(
      new Option("--port <number>", "the port to listen on; 0 takes a free one (default: PORT, else 8000)").argParser(
        parsePort,
      ),
    )
    .option(
      "--host <address>",
      "the address to listen on (default: HOST, else 127.0.0.1, which only this computer reaches)",
    )
    .option("--path <path>", "the path of the endpoint (default: MCP_PATH, else what the module says, else /mcp)")
    .option("--public-url <url>", "the endpoint's URL as clients know it, behind a proxy")
    .option("--allow-host <host>", "a host name that clients may use, * for any; may be repeated", collect)
    .option("--allow-origin <origin>", "an origin whose web pages may call, * for any; may be repeated", collect)
    .addOption(
      new Option(
        "--auth <kind>",
        "who may call: none is everybody, api-key who has a key of MCP_API_KEY or MCP_API_KEYS",
      ).choices(["none", "api-key"]),
    );
}

const HTTP_FLAGS = ["http", "port", "host", "path", "publicUrl", "allowHost", "allowOrigin", "auth"];

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("It must be a number from 0 to 65535.");
}

function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [
    ...earlier,
    ...text
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
  ];
}

function addBuild(program: Command): void {
  const command = program
    .command("build")
    .summary("compile a project to JavaScript")
    .description(
      "Compile a project as tsc would, with schemas and validators inside its service classes.\nWrites nothing if there is any type error or diagnostic.",
    )
    .argument("[dir]", "the project's folder", ".")
    .addOption(tsconfigOption())
    .option("--out-dir <dir>", "where the JavaScript goes (default: the tsconfig's outDir, else dist)")
    .option("-w, --watch", "build again after every change, until interrupted")
    .addOption(formatOption());
  addBundleOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  $ methodic build\n  $ methodic build --watch\n  $ methodic build --bundle --minify\n  $ methodic build packages/server --tsconfig tsconfig.build.json\n",
    )
    .action(async (directory: string, flags: BuildFlags) => {
      const { build } = await import("./commands/build.ts");
      await build(directory, flags);
    });
}

function addBundleOptions(command: Command): Command {
  return command
    .option("--bundle", "write one self-contained .mjs instead, with all dependencies in it")
    .option(
      "--entry <file>",
      "with --bundle: the module to begin with (default: src/main.ts, else what package.json runs)",
    )
    .option("--out-file <file>", "with --bundle: the file to write (default: the entry's name with .mjs, in --out-dir)")
    .addOption(
      new Option("--target <target>", "with --bundle: what runs it (default: node)").choices([
        "node",
        "worker",
        "bun",
        "deno",
      ]),
    )
    .option("--minify", "with --bundle: shorten names and whitespace")
    .option("--external <package...>", "with --bundle: packages to leave out, which are then installed beside it")
    .option(
      "--copy-external",
      "with --bundle: copy what stays outside, such as native code, into node_modules beside it",
    );
}

function addPatch(program: Command): void {
  program
    .command("patch")
    .summary("complete JavaScript that tsc or swc has written")
    .description(
      "Put schemas and validators into the JavaScript that another compiler has written, in place, source maps included.\nRun it after the compiler and before a minifier. Writes nothing if there is any diagnostic, and nothing twice.",
    )
    .argument("[dir]", "the project's folder, or the folder of its JavaScript", ".")
    .addOption(tsconfigOption())
    .option("--out-dir <dir>", "where the JavaScript is (default: the tsconfig's outDir, else dist)")
    .addOption(formatOption())
    .addHelpText("after", "\nExamples:\n  $ tsc && methodic patch\n  $ swc src -d build && methodic patch build\n")
    .action(async (directory: string, flags: PatchFlags) => {
      const { patch } = await import("./commands/patch.ts");
      patch(directory, flags);
    });
}

function addGenerate(program: Command): void {
  program
    .command("generate")
    .summary("write the published schemas as JSON")
    .description(
      "Write what the project's services publish, names, descriptions and schemas, as JSON that is the same for the same sources.",
    )
    .argument("[dir|files...]", "the project's folder, or single files of it (default: the current folder)")
    .option("-o, --out <file>", "where to write; - or nothing is standard output")
    .option("--keep-going", "write everything that is free of errors, though there are some")
    .option("-w, --watch", "write it again after every change, until interrupted")
    .addOption(noCacheOption())
    .addOption(tsconfigOption())
    .addOption(formatOption())
    .addHelpText(
      "after",
      "\nExamples:\n  $ methodic generate --out mcp.json\n  $ methodic generate src/notes.ts | jq .services\n  $ methodic generate --out mcp.json --watch\n",
    )
    .action(async (targets: string[], flags: GenerateFlags) => {
      const { generate } = await import("./commands/generate.ts");
      await generate(targets, flags);
    });
}

function noCacheOption(): Option {
  return new Option("--no-cache", "compile even if nothing has changed since the last time (also: METHODIC_CACHE=0)");
}

function tsconfigOption(): Option {
  return new Option("--tsconfig <file>", "the tsconfig (default: tsconfig.json in the project's folder)");
}

function addCheck(program: Command): void {
  program
    .command("check")
    .summary("compare the kept schemas with the sources")
    .description(
      "Compare an artifact that 'methodic generate' wrote with what the sources publish now. Prints the tools, resources and prompts\nthat have come, gone or changed, and ends with exit code 1 if there are any. Writes no file.",
    )
    .argument("<artifact>", "the file that 'methodic generate --out' wrote")
    .argument("[dir|files...]", "the project's folder, or single files of it (default: the current folder)")
    .addOption(noCacheOption())
    .addOption(tsconfigOption())
    .addOption(formatOption())
    .addHelpText("after", "\nExample, a step of a CI job:\n  $ methodic check mcp.json\n")
    .action(async (artifact: string, targets: string[], flags: CheckFlags) => {
      const { check } = await import("./commands/check.ts");
      await check(artifact, targets, flags);
    });
}

function formatOption(): Option {
  return new Option(
    "--format <format>",
    "how problems are written to stderr (default: pretty on a terminal, else text)",
  ).choices(["text", "pretty", "json", "github"]);
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return version;
}
