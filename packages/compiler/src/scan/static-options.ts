import { DECORATOR_OPTIONS, type Descriptions, isDescriptions, type JsonValue, REFS_MODES } from "methodic/manifest";
import ts from "typescript";
import type { StaticOptions } from "../manifest.ts";
import { isRecord, readConstant, readPropertyConstant } from "./constants.ts";
import { findOption, isWrittenOut } from "./decorator-options.ts";
import type { Scope } from "./scope.ts";

/** Values of options by name. */
type Values = { readonly [option: string]: JsonValue };

/** The options of a decorator that can be read without running the program. */
export interface ReadOptions {
  readonly options: StaticOptions;
  /** The constant values of all options, published or not. */
  readonly values: Values;
}

/** Options with an effect on requests only, and schemas, which are read on their own. */
const UNPUBLISHED: ReadonlySet<string> = new Set([
  "auth",
  "validateOutput",
  "list",
  "allowUnsafeVariables",
  "inputSchema",
  "outputSchema",
  "descriptions",
  "heartbeat",
  "timeout",
  "cacheHint",
  "render",
  "tags",
  "enabled",
]);

const NAMES = [...new Set(Object.values(DECORATOR_OPTIONS).flat())];

/** Reads the argument of a decorator: its options, or a public name. */
export function readOptions(argument: ts.Expression | undefined, scope: Scope): ReadOptions {
  if (!argument) return { options: {}, values: {} };
  const whole = readConstant(argument, scope)?.value;
  const { values, computed } =
    typeof whole === "string"
      ? { values: { name: whole }, computed: [] }
      : isRecord(whole)
        ? { values: whole, computed: [] }
        : readEach(argument, scope);
  const { name, version, title, description, mimeType, annotations, icons, meta, size } = values;
  const texts = Object.entries({ name, version, title, description, mimeType }).filter(
    ([, text]) => typeof text === "string",
  );
  const published = computed.filter((option) => !UNPUBLISHED.has(option));
  return {
    values,
    options: {
      ...Object.fromEntries(texts),
      ...(isRecord(annotations) && { annotations }),
      ...(Array.isArray(icons) && { icons: icons as unknown as NonNullable<StaticOptions["icons"]> }),
      ...(isRecord(meta) && { meta }),
      ...(typeof size === "number" && { size }),
      ...(published.length > 0 && { computed: published }),
    },
  };
}

/** The options of a tool, and the places of the schemas that they give. */
interface ReadToolOptions {
  readonly options: StaticOptions;
  readonly schemas?: { readonly input?: ts.Node; readonly output?: ts.Node };
  /** Undefined if the decorator does not give it, and if its value is not constant or not valid. */
  readonly descriptions?: Descriptions;
  /** The option whose value the compiler needs and cannot read. */
  readonly unread?: ts.Node;
}

/**
 * Reads the options of `@tool` with the schemas that are written out in them. A library's schema is
 * only known when the program runs.
 */
export function readToolOptions(argument: ts.Expression | undefined, scope: Scope): ReadToolOptions {
  const { options, values } = readOptions(argument, scope);
  if (!argument) return { options };
  const input = findOption(argument, "inputSchema", scope);
  const output = findOption(argument, "outputSchema", scope);
  const { inputSchema, outputSchema, descriptions, refs } = values;
  const mode = REFS_MODES.find((name) => name === refs);
  const given = isDescriptions(descriptions) ? undefined : findOption(argument, "descriptions", scope);
  const computed = [
    ...(options.computed ?? []),
    ...(input && !isRecord(inputSchema) ? ["inputSchema"] : []),
    ...(output && !isRecord(outputSchema) && outputSchema !== false ? ["outputSchema"] : []),
  ];
  return {
    options: {
      ...options,
      ...(isRecord(inputSchema) && { inputSchema }),
      ...((isRecord(outputSchema) || outputSchema === false) && { outputSchema }),
      ...(mode && { refs: mode }),
      ...(computed.length > 0 && { computed }),
    },
    schemas: { ...(input && { input }), ...(output && { output }) },
    ...(isDescriptions(descriptions) && { descriptions }),
    ...(given && { unread: given }),
  };
}

/** Reads each option of an argument whose other options are computed. */
function readEach(
  argument: ts.Expression,
  scope: Scope,
): { readonly values: Values; readonly computed: readonly string[] } {
  const values: Record<string, JsonValue> = {};
  const computed: string[] = isWrittenOut(argument, scope) ? [] : ["options"];
  for (const name of NAMES) {
    const found = findOption(argument, name, scope);
    if (!found) continue;
    const value = readFound(found, scope);
    if (value === undefined) computed.push(name);
    else values[name] = value;
  }
  return { values, computed };
}

function readFound(found: ts.Node, scope: Scope): JsonValue | undefined {
  if (ts.isShorthandPropertyAssignment(found)) return readPropertyConstant(found, scope)?.value;
  // If only the type of the options has the option, `found` is their expression, not a property.
  return ts.isPropertyAssignment(found.parent) ? readPropertyConstant(found.parent, scope)?.value : undefined;
}
