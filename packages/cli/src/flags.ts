import type { Descriptions, ReportFormat, SchemaOptions } from "@methodic/compiler/cached";
import { type Command, InvalidArgumentError, Option } from "commander";

/** The flag of every command that reports diagnostics. */
export interface ReportFlags {
  /** Default: `pretty` on a terminal, else `text`. */
  readonly format?: ReportFormat;
}

/** The flag of every command that compiles a project. */
export interface TsconfigFlags {
  readonly tsconfig?: string;
}

/** The flags of every command that creates schemas. They override the tsconfig's options. */
export interface SchemaFlags {
  readonly descriptions?: Descriptions;
  readonly strictTypes?: boolean;
}

/** The flag of every command that can answer from the cache. */
export interface CacheFlags {
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
}

/** Creates the `--format` option. */
export function formatOption(): Option {
  return new Option(
    "--format <format>",
    "format of diagnostics, on stderr, and of differences (default: pretty on a terminal, else text)",
  ).choices(["text", "pretty", "json", "github"]);
}

/** Creates the `--tsconfig` option. */
export function tsconfigOption(): Option {
  return new Option("--tsconfig <file>", "path of the tsconfig (default: tsconfig.json in the project's folder)");
}

/** Adds `--descriptions` and `--strict-types` to a command. */
export function addSchemaOptions(command: Command): Command {
  const descriptions = new Option(
    "--descriptions <text>",
    "JSDoc of types in schemas: own (that of packages cut to a sentence), all, or a maximum of characters (default: the tsconfig's, else own)",
  );
  return command
    .addOption(descriptions.argParser(parseDescriptions))
    .option("--strict-types", "refuse optional parts of inputs that JSON cannot carry, instead of leaving them out");
}

function parseDescriptions(text: string): Descriptions {
  if (text === "own" || text === "all") return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return { max: Number(text) };
  throw new InvalidArgumentError("It must be own, all, or a number of characters.");
}

/** Converts the flags about schemas to the compiler's options. */
export function toSchemaOptions({ descriptions, strictTypes }: SchemaFlags): {
  readonly schemaOptions?: SchemaOptions;
} {
  if (descriptions === undefined && strictTypes === undefined) return {};
  return {
    schemaOptions: {
      ...(descriptions !== undefined && { descriptions }),
      ...(strictTypes !== undefined && { strictTypes }),
    },
  };
}

/** Creates the `--no-cache` option. */
export function noCacheOption(): Option {
  return new Option("--no-cache", "compile even if nothing changed since the last run (also: METHODIC_CACHE=0)");
}
