import { didYouMean } from "methodic/manifest";
import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Disk } from "./disk.ts";
import { expectedOption, SCHEMA_OPTIONS, type SchemaOptions } from "./schema-options.ts";

/** The key of a tsconfig that holds the options. */
const KEY = "methodic";

/** The key `methodic` of a tsconfig and of those that it extends. */
export interface TsconfigOptions {
  readonly schemaOptions: SchemaOptions;
  readonly problems: readonly LocatedProblem[];
}

/**
 * Reads the options of a tsconfig and of all that it extends; for each option, the nearest tsconfig
 * that sets it wins.
 */
export function readTsconfigOptions(configPath: string, disk: Disk): TsconfigOptions {
  const levels = listConfigs(configPath, disk).map(([fileName, raw]) => readLevel(fileName, raw, disk));
  return {
    schemaOptions: Object.assign({}, ...levels.map(({ schemaOptions }) => schemaOptions).reverse()) as SchemaOptions,
    problems: levels.flatMap((level) => level.problems),
  };
}

/** The parsed JSON of a tsconfig. */
type RawConfig = Readonly<Record<string, unknown>>;

/** Lists a tsconfig and those that it extends, the nearest first: of an array, the last. */
function listConfigs(configPath: string, disk: Disk): [fileName: string, raw: RawConfig][] {
  // TypeScript merges only its own options, but its cache names what each tsconfig extends. A
  // tsconfig is in the cache if another extends it.
  const cache = new Map<string, ts.ExtendedConfigCacheEntry>();
  const top = { extends: configPath, files: [], include: [] };
  const folder = configPath.slice(0, configPath.lastIndexOf("/"));
  ts.parseJsonConfigFileContent(top, disk, folder, undefined, undefined, undefined, undefined, cache);
  const found = new Map<string, RawConfig>();
  const visit = (fileName: string): void => {
    const parsed = cache.get(disk.useCaseSensitiveFileNames ? fileName : fileName.toLowerCase())?.extendedConfig;
    if (!parsed || found.has(fileName)) return;
    found.set(fileName, Object(parsed.raw) as RawConfig);
    for (const extended of [parsed.extendedConfigPath ?? []].flat().reverse()) visit(extended);
  };
  visit(configPath);
  return [...found];
}

function readLevel(fileName: string, raw: RawConfig, disk: Disk): TsconfigOptions {
  const misspelled = Object.keys(raw).filter((name) => name !== KEY && didYouMean(name, [KEY]) !== "");
  if (raw[KEY] === undefined && misspelled.length === 0) return { schemaOptions: {}, problems: [] };
  const text = disk.readFile(fileName) ?? "";
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.JSON, true, ts.ScriptKind.JSON);
  const [root] = file.statements;
  const own = raw[KEY] === undefined ? undefined : readOptions(raw[KEY], findProperty(root, KEY) ?? file);
  const unknown = misspelled.map((name) => ({
    problem: problems.misspelledProjectOptions(name),
    node: findProperty(root, name) ?? file,
  }));
  return { schemaOptions: own?.schemaOptions ?? {}, problems: [...unknown, ...(own?.problems ?? [])] };
}

function readOptions(value: unknown, key: ts.PropertyAssignment | ts.SourceFile): TsconfigOptions {
  const node = ts.isPropertyAssignment(key) ? key.initializer : key;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { schemaOptions: {}, problems: [{ problem: problems.projectOptionsNotObject(), node }] };
  const checked = Object.entries(value).map(([name, option]) => {
    const problem = checkOption(name, option);
    return { name, option, problems: problem ? [{ problem, node: findProperty(node, name) ?? node }] : [] };
  });
  const valid = checked.filter((one) => one.problems.length === 0);
  return {
    schemaOptions: Object.fromEntries(valid.map(({ name, option }) => [name, option])),
    problems: checked.flatMap((one) => one.problems),
  };
}

function checkOption(name: string, value: unknown): LocatedProblem["problem"] | undefined {
  const known = SCHEMA_OPTIONS.find((option) => option === name);
  if (!known) return problems.unknownProjectOption(name, didYouMean(name, SCHEMA_OPTIONS), SCHEMA_OPTIONS.join(", "));
  const expected = expectedOption(known, value);
  return expected === undefined ? undefined : problems.invalidProjectOption(name, expected, JSON.stringify(value));
}

/** Finds a property of an object in JSON, which TypeScript parses as an expression. */
function findProperty(node: ts.Node | undefined, name: string): ts.PropertyAssignment | undefined {
  const object = node && ts.isExpressionStatement(node) ? node.expression : node;
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  return object.properties
    .filter((property) => ts.isPropertyAssignment(property))
    .find((property) => ts.isStringLiteral(property.name) && property.name.text === name);
}
