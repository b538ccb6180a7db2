import { createSchemaValidator } from "../json-schema/interpret.ts";
import { acceptedTypes, schemasAt } from "../json-schema/navigate.ts";
import { coerceText } from "../json-schema/repair.ts";
import { reviveParts } from "../json-schema/revive.ts";
import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import type { ConfigData, ConfigVariable } from "../manifest/site-data.ts";
import { type Environment, readVariable } from "../util/env.ts";
import { describeBadVariable, describeExpected, describeMissingVariable } from "./describe-variable.ts";
import { standInFor } from "./stand-ins.ts";

/** The variables, and the text before the name of each. */
export interface ConfigSource {
  readonly env: Readonly<Record<string, unknown>>;
  readonly prefix: string;
}

/** The configuration, or a line for each variable that is missing or invalid. */
export type ReadConfig = { readonly value: object } | { readonly problems: readonly string[] };

/** Reads a configuration. */
export function readConfig(data: ConfigData, source: ConfigSource): ReadConfig {
  const reader = new ConfigReader(data, source);
  const read = reader.read();
  return "value" in read ? read : { problems: read.found.map(({ line }) => line) };
}

/**
 * Reads a configuration for a process that only describes its server: variables that are missing or
 * invalid get values that fit their types.
 */
export function readForDescription(data: ConfigData, source: ConfigSource): object {
  const reader = new ConfigReader(data, source);
  const read = reader.read();
  if ("value" in read) return read.value;
  const again = reader.read(new Set(read.found.flatMap(({ variable }) => variable ?? [])));
  return "value" in again ? again.value : again.partial;
}

/** A variable with a problem. */
interface BadVariable {
  /** Undefined if the problem is of an object, whose properties have a variable each. */
  readonly variable: ConfigVariable | undefined;
  readonly line: string;
}

type Reading =
  | { readonly value: object }
  | {
      readonly found: readonly BadVariable[];
      /** The configuration as far as it could be read. */
      readonly partial: object;
    };

/** An object, and whether a variable sets any part of it. */
interface Group {
  readonly value: Record<string, unknown>;
  readonly isSet: boolean;
}

class ConfigReader {
  readonly #data: ConfigData;
  readonly #env: Environment;
  readonly #prefix: string;
  #replaced: ReadonlySet<ConfigVariable> = new Set();

  constructor(data: ConfigData, { env, prefix }: ConfigSource) {
    this.#data = data;
    this.#prefix = prefix;
    const names = data.variables.map(({ name }) => prefix + name);
    this.#env = Object.fromEntries(
      names.flatMap((name) => (typeof env[name] === "string" ? [[name, env[name]] as const] : [])),
    );
  }

  /** @param replaced The variables whose values are replaced by valid ones */
  read(replaced: ReadonlySet<ConfigVariable> = new Set()): Reading {
    this.#replaced = replaced;
    const { schema, revival } = this.#data;
    const { value } = this.#readGroup(schema, []);
    const invalid = this.#findInvalid(value);
    const revived = reviveParts(value, revival);
    const found = [
      ...invalid,
      ...revived.failures
        .map(({ path, expected }) => this.#badVariable(path, expected))
        .filter(({ variable }) => !invalid.some((other) => other.variable === variable)),
    ];
    return found.length === 0 ? { value: revived.value } : { found, partial: revived.value };
  }

  #readGroup({ properties = {}, required = [] }: JsonSchema, path: readonly string[]): Group {
    const value: Record<string, unknown> = {};
    let isSet = false;
    for (const [name, schema] of Object.entries(properties as Readonly<Record<string, JsonSchema>>)) {
      const at = [...path, name];
      const isRequired = (required as readonly string[]).includes(name);
      const variable = this.#variableAt(at);
      if (!variable) {
        const inner = this.#readGroup(schema, at);
        if (inner.isSet || isRequired) value[name] = inner.value;
        isSet ||= inner.isSet;
        continue;
      }
      const read = this.#readValue(variable, schema);
      const fallback = read ?? schema["default"] ?? (acceptsNull(schema) && isRequired ? null : undefined);
      if (fallback !== undefined) value[name] = fallback;
      isSet ||= read !== undefined;
    }
    return { value, isSet };
  }

  #readValue(variable: ConfigVariable, schema: JsonSchema): JsonValue | undefined {
    if (this.#replaced.has(variable)) return standInFor(schema);
    const text = this.#textOf(variable);
    return text === undefined ? undefined : readText(text, schema);
  }

  #textOf({ name }: ConfigVariable): string | undefined {
    return readVariable(this.#prefix + name, this.#env);
  }

  #findInvalid(value: object): BadVariable[] {
    const validator = createSchemaValidator(this.#data.schema, { checkEncoding: true });
    const found = new Map<ConfigVariable | string, BadVariable>();
    for (const error of validator.validate(value)?.errors ?? []) {
      const { missingProperty } = error.params;
      const bad =
        typeof missingProperty === "string"
          ? this.#missingVariable([...error.path, missingProperty])
          : this.#badVariable(error.path, error);
      // One line for each variable, however many items of its list are invalid.
      const key = bad.variable ?? bad.line;
      if (!found.has(key)) found.set(key, bad);
    }
    return [...found.values()];
  }

  #missingVariable(path: readonly string[]): BadVariable {
    const variable = this.#variableAround(path);
    if (!variable) return this.#badGroup(path, "not set");
    const schema = schemasAt(this.#data.schema, variable.path)[0] ?? {};
    return { variable, line: describeMissingVariable(this.#prefix + variable.name, schema) };
  }

  #badVariable(path: readonly string[], problem: Parameters<typeof describeBadVariable>[1]): BadVariable {
    const variable = this.#variableAround(path);
    if (!variable) return this.#badGroup(path, `expected ${describeExpected(problem)}`);
    const item = path[variable.path.length];
    const read = {
      name: this.#prefix + variable.name,
      text: this.#textOf(variable) ?? "",
      isSecret: variable.secret === true,
      ...(item !== undefined && { item: Number(item) + 1 }),
    };
    return { variable, line: describeBadVariable(read, problem) };
  }

  /** Describes a problem of an object, which its variables solve together. */
  #badGroup(path: readonly string[], problem: string): BadVariable {
    const { type, variables } = this.#data;
    const inner = variables.filter((variable) => isSame(variable.path.slice(0, path.length), path));
    const names = inner.map(({ name }) => this.#prefix + name).join(", ");
    return { variable: undefined, line: `${[type, ...path].join(".")}: ${problem} (${names}).` };
  }

  #variableAt(path: readonly string[]): ConfigVariable | undefined {
    return this.#data.variables.find((variable) => isSame(variable.path, path));
  }

  /**
   * Returns the variable whose value contains the one at a path; undefined for an object whose
   * properties have a variable each.
   */
  #variableAround(path: readonly string[]): ConfigVariable | undefined {
    return this.#data.variables.find((variable) => isSame(variable.path, path.slice(0, variable.path.length)));
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function acceptsNull(schema: JsonSchema): boolean {
  return acceptedTypes(schema, schema).has("null");
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["yes", true],
  ["on", true],
  ["0", false],
  ["no", false],
  ["off", false],
]);

/** Converts the text of a variable to the type of its property, if it fits. */
function readText(text: string, schema: JsonSchema): JsonValue {
  const types = acceptedTypes(schema, schema);
  const canSwitch = types.has("boolean") && !types.has("string") && !types.has("number") && !types.has("integer");
  const state = canSwitch ? SWITCHES.get(text.toLowerCase()) : undefined;
  if (state !== undefined) return state;
  const literal = ((schema["enum"] ?? []) as readonly JsonValue[]).find((value) => String(value) === text);
  if (literal !== undefined) return literal;
  // A list is written as JSON, or with commas.
  const list = { text, items: text.split(",").map((item) => item.trim()) };
  return coerceText(text.startsWith("[") ? text : list, schema, schema);
}
