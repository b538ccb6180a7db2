import type { Descriptions, ReportFormat, SchemaOptions } from "@methodic/compiler/cached";
import { type Command, InvalidArgumentError, Option } from "commander";
import { resolveTsconfig } from "./paths.ts";

/** The flag of every command that reports diagnostics. */
export interface ReportFlags {
  /** Default: `pretty` on a terminal, else `text`. */
  readonly format?: ReportFormat;
}

/** The flags of every command that creates schemas. They override the tsconfig's options. */
export interface SchemaFlags {
  readonly descriptions?: Descriptions;
  readonly strictTypes?: boolean;
  readonly requireHints?: boolean;
}

/** The flags of every command that compiles a project. */
export interface CompileFlags extends ReportFlags, SchemaFlags {
  readonly tsconfig?: string;
}

/** The flag of every command that can answer from the cache. */
export interface CacheFlags {
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
}

/** Adds the options of {@link CompileFlags} to a command. */
export function addCompileOptions(command: Command): Command {
  const format = new Option(
    "--format <format>",
    "format of diagnostics, on stderr, and of differences (default: pretty on a terminal, else text)",
  );
  command.option("--tsconfig <file>", "path of the tsconfig (default: tsconfig.json in the project's folder)");
  return addSchemaOptions(command).addOption(format.choices(["text", "pretty", "json", "github"]));
}

/** Adds the flags of project options to a command. */
export function addSchemaOptions(command: Command): Command {
  const descriptions = new Option(
    "--descriptions <text>",
    "JSDoc of types in schemas: own (that of packages cut to a sentence), all, or a maximum of characters (default: the tsconfig's, else own)",
  );
  return command
    .addOption(descriptions.argParser(parseDescriptions))
    .option("--strict-types", "refuse optional parts of inputs that JSON cannot carry, instead of leaving them out")
    .option("--require-hints", "refuse tools without the hints readOnlyHint, destructiveHint and openWorldHint");
}

function parseDescriptions(text: string): Descriptions {
  if (text === "own" || text === "all") return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return { max: Number(text) };
  throw new InvalidArgumentError("It must be own, all, or a number of characters.");
}

/** Converts the flags of a command that compiles a project to the compiler's options. */
export function toCompileOptions({ tsconfig, ...flags }: CompileFlags): {
  readonly tsconfig?: string;
  readonly schemaOptions?: SchemaOptions;
} {
  return { ...(tsconfig !== undefined && { tsconfig: resolveTsconfig(tsconfig) }), ...toSchemaOptions(flags) };
}

/** Converts the flags about schemas to the compiler's options. */
export function toSchemaOptions({ descriptions, strictTypes, requireHints }: SchemaFlags): {
  readonly schemaOptions?: SchemaOptions;
} {
  const schemaOptions = {
    ...(descriptions !== undefined && { descriptions }),
    ...(strictTypes !== undefined && { strictTypes }),
    ...(requireHints !== undefined && { requireHints }),
  };
  return Object.keys(schemaOptions).length === 0 ? {} : { schemaOptions };
}

/** Creates the `--no-cache` option. */
export function noCacheOption(): Option {
  return new Option("--no-cache", "compile even if nothing changed since the last run (also: METHODIC_CACHE=0)");
}
