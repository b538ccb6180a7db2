import { readFileSync } from "node:fs";
import process from "node:process";
import { Command } from "commander";
import { defineBuild } from "./commands/build.ts";
import { defineCheck } from "./commands/check.ts";
import { defineGenerate } from "./commands/generate.ts";
import { definePatch } from "./commands/patch.ts";
import { defineRun } from "./commands/run.ts";
import { exitOnBrokenPipe } from "./terminal.ts";

const EXAMPLES = `
Examples:
  $ methodic run src/server.ts                 serve over stdio, compiled in memory
  $ methodic run src/server.ts --http          serve over HTTP
  $ methodic build                             write dist/ from tsconfig.json
  $ tsc && methodic patch                      complete the JavaScript that tsc wrote
  $ methodic generate --out mcp.json           write the published schemas to a file
  $ methodic check mcp.json                    fail if the schemas have changed since
  $ methodic check --directory                 check the rules of connector directories

Exit codes: 0 success, 1 problems found or command failed, 2 invalid usage. Only results go to stdout.
`;

/**
 * Creates the `methodic` program.
 *
 * Commands load the compiler only when they run: `--help` must not wait for TypeScript.
 */
export function createProgram(): Command {
  const program = new Command("methodic")
    .description("Run and build MCP servers made of decorated TypeScript classes.")
    .version(readVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("(add --help for details)")
    // Options after a command's name belong to the command.
    .enablePositionalOptions()
    .configureOutput({ writeOut })
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  for (const define of [defineRun, defineBuild, definePatch, defineGenerate, defineCheck]) define(program);
  for (const command of program.commands) {
    command.configureOutput({ outputError: (text, write) => write(completeError(text, command)) });
  }
  return program;
}

/**
 * Suggests the flags that begin with an unknown one, `--out-dir` for `--out`. The argument parser
 * suggests only flags with few other letters.
 */
function completeError(text: string, { options }: Command): string {
  const unknown = /^error: unknown option '(--[\w-]+)'\n$/.exec(text)?.[1];
  const flags = options.flatMap(({ long }) => (unknown !== undefined && long?.startsWith(unknown) ? [long] : []));
  return flags.length === 0 ? text : `${text}(Did you mean ${flags.join(" or ")}?)\n`;
}

function writeOut(text: string): void {
  exitOnBrokenPipe();
  process.stdout.write(text);
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return version;
}
