import { MethodicError, withoutStack } from "../errors.ts";
import { DESCRIBE_SERVER } from "../manifest/descriptions.ts";
import { MANIFEST_VERSION } from "../manifest/format.ts";
import type { ConfigData } from "../manifest/site-data.ts";
import { HOW_TO_COMPILE } from "../manifest/read.ts";
import { checkOptions, type OptionsSpec } from "../util/check-options.ts";
import { getEnvironment } from "../util/env.ts";
import { checkObject, checkString } from "../util/option-checks.ts";
import { readConfig, readForDescription } from "./read-config.ts";

/** Options of {@link config}. */
export interface ConfigOptions {
  /** The text before the name of each variable, such as `"NOTES_"`. Default: none. */
  readonly prefix?: string;
  /**
   * The variables by name, such as the `env` that a Cloudflare Worker gets. Values that are not
   * strings count as not set. Default: `process.env`.
   */
  readonly env?: object;
}

const OPTIONS: OptionsSpec<ConfigOptions> = { prefix: checkString, env: checkObject };

/**
 * Reads the configuration of a program from environment variables. The interface is the schema:
 * `databaseUrl` is read from `DATABASE_URL`, and `host` of a nested object `db` from `DB_HOST`,
 * each as the type of its property. A property with a JSDoc tag `@default` or a `?` may be missing.
 *
 * Secrets never appear in messages: variables named like `API_KEY`, `TOKEN`, `SECRET` or
 * `PASSWORD`, properties with the JSDoc tag `@secret`, and credentials in URLs.
 *
 * @throws MethodicError `INVALID_CONFIGURATION` with all variables that are missing or invalid
 *
 * @example
 * ```ts
 * import { config } from "methodic";
 *
 * interface AppConfig {
 *   /** The folder of the notes. @default "./notes" *\/
 *   notesFolder: string;
 *   databaseUrl: URL;
 *   apiKey?: string;
 * }
 *
 * const { notesFolder, databaseUrl } = config<AppConfig>();
 * ```
 */
export function config<T extends object>(options?: ConfigOptions): T;
export function config(options: ConfigOptions = {}, data?: ConfigData): object {
  checkOptions(options, OPTIONS, { where: "config", code: "INVALID_ARGUMENT" });
  assertCompiled(data);
  const env = options.env ?? getEnvironment();
  if (!env) {
    throw new MethodicError(
      "INVALID_ARGUMENT",
      "config: this runtime has no process.env. Pass the variables: config<AppConfig>({ env }).",
    );
  }
  const source = { env: env as Readonly<Record<string, unknown>>, prefix: options.prefix ?? "" };
  // `methodic generate` loads the program only to ask what its server publishes.
  if (DESCRIBE_SERVER in globalThis) return readForDescription(data, source);
  const read = readConfig(data, source);
  if ("value" in read) return read.value;
  const { problems } = read;
  throw withoutStack(() => new MethodicError("INVALID_CONFIGURATION", describeProblems(data, problems)));
}

function assertCompiled(data: ConfigData | undefined): asserts data is ConfigData {
  if (!data) {
    throw new MethodicError(
      "MISSING_MANIFEST",
      `config() has no schema: the Methodic compiler has not seen this call. ${HOW_TO_COMPILE}`,
    );
  }
  if (data.version !== MANIFEST_VERSION) {
    throw new MethodicError(
      "MANIFEST_VERSION",
      `The schema of config<${data.type}>() has format version ${data.version}, but this version of methodic reads ` +
        `version ${MANIFEST_VERSION}. Install the same version of methodic and @methodic/compiler, and build again.`,
    );
  }
}

function describeProblems({ type }: ConfigData, problems: readonly string[]): string {
  const lines = problems.map((line) => `\n- ${line}`).join("");
  return `Invalid configuration: ${type}. Set these environment variables before the program starts:${lines}`;
}
