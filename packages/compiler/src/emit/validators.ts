import type { Ajv2020, Options } from "ajv/dist/2020.js";
import { createRequire } from "node:module";
import { isAnnotation, mapSchema, type JsonSchema, type JsonValue, type MemberData } from "methodic/manifest";
import { dropUnusedSchemas, keepVerdicts, memoizeRecursive } from "./validator-code.ts";
import { type CodeWriter, checkNamesLast, replaceEnum, replaceUniqueItems } from "./validator-keywords.ts";

/** The exports of `methodic/manifest` that generated validators may refer to. */
export const VALIDATION_HELPERS = ["equal", "findDuplicate", "formats", "memoize", "ucs2length"] as const;

/** One of {@link VALIDATION_HELPERS}. */
export type ValidationHelper = (typeof VALIDATION_HELPERS)[number];

/**
 * Generated validators: JavaScript that depends only on the helpers it names. They return verdicts;
 * the runtime finds the errors of invalid values.
 */
export interface ValidatorCode {
  /**
   * Statements of a function body, ending with the `return` of an object `{ method: { input,
   * output? } }`.
   */
  readonly body: string;
  /** The helpers that the body refers to, by the requested local names. */
  readonly helpers: readonly ValidationHelper[];
}

/** The part of a member that {@link generateValidators} needs. */
export type ValidatedMember = Pick<MemberData, "inputSchema" | "outputSchema">;

/** Thrown for a schema that cannot be compiled, for example because of a malformed pattern. */
export class SchemaCompileError extends Error {
  override readonly name: string = "SchemaCompileError";
  readonly member: string;
  readonly part: "input" | "output";

  constructor(at: { readonly member: string; readonly part: "input" | "output" }, cause: unknown) {
    super(
      `The ${at.part} schema of '${at.member}' cannot be compiled: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.member = at.member;
    this.part = at.part;
  }
}

/**
 * Writes the input and output validators of a class's methods as the body of one function: no
 * `require`, no `new Function`, no names outside it.
 * @param members The methods to validate, by name
 * @param localNames The names of the helpers where the code will be inserted
 * @throws SchemaCompileError if a schema is not a valid JSON Schema 2020-12
 */
export function generateValidators(
  members: ReadonlyMap<string, ValidatedMember>,
  localNames: Readonly<Record<ValidationHelper, string>>,
): ValidatorCode {
  const { Ajv2020, addFormats, ...writer } = loadAjv();
  const ajv = new Ajv2020(ajvOptions(members));
  addFormats(ajv, { keywords: false });
  replaceUniqueItems(ajv, writer);
  replaceEnum(ajv, writer);
  checkNamesLast(ajv);
  // Registered by name only: generated code refers to the runtime's own checks.
  for (const format of ["base64", "url"]) ajv.addFormat(format, () => true);
  // Otherwise every function records the properties it has seen, for keywords that our schemas do
  // not have. The constructor does not take this option.
  if (!JSON.stringify([...members.values()].map(schemasOf)).includes('"unevaluated')) ajv.opts.unevaluated = false;
  const schemas = new SchemaTable(ajv);
  const entries: string[] = [];
  for (const [name, member] of members) {
    const { inputSchema, outputSchema } = member;
    const checks = [
      ...(inputSchema ? [`input: ${schemas.add(inputSchema, { member: name, part: "input" })}`] : []),
      ...(outputSchema ? [`output: ${schemas.add(outputSchema, { member: name, part: "output" })}`] : []),
    ];
    entries.push(`${JSON.stringify(name)}: { ${checks.join(", ")} }`);
  }
  // A plain `__proto__` key in an object literal would set the prototype.
  const table = `return { ${entries.join(", ").replaceAll('"__proto__": ', '["__proto__"]: ')} };`;
  return useHelpers(`${schemas.code()}\n${table}`, localNames);
}

function schemasOf({ inputSchema, outputSchema }: ValidatedMember): readonly unknown[] {
  return [inputSchema, outputSchema];
}

function ajvOptions(members: ReadonlyMap<string, ValidatedMember>): Options {
  return {
    messages: false,
    strict: false,
    // No `1e400`, and 0.07 is a multiple of 0.01.
    strictNumbers: true,
    multipleOfPrecision: 8,
    // Unknown formats are annotations (JSON Schema 2020-12, 7.2.3), without a check or warning.
    logger: false,
    // The schemas are our own; loading the meta-schemas would cost more than everything else here.
    meta: false,
    validateSchema: false,
    // Own-property checks are slower; only properties named like a member of Object.prototype need
    // them.
    ownProperties: [...members.values()].some((member) => namesPrototypeMember(member)),
    code: { source: true, esm: true, lines: true, formats: loadAjv().code`__methodic_formats` },
  };
}

/** Compiles schemas as the exports v0, v1, …; equal schemas share one. */
class SchemaTable {
  readonly #ajv: Ajv2020;
  readonly #names = new Map<string, string>();

  constructor(ajv: Ajv2020) {
    this.#ajv = ajv;
  }

  add(schema: JsonSchema, at: { readonly member: string; readonly part: "input" | "output" }): string {
    const bare = withoutAnnotations(schema);
    const key = JSON.stringify(bare);
    const known = this.#names.get(key);
    if (known) return known;
    const name = `v${this.#names.size}`;
    try {
      this.#ajv.addSchema(bare, name);
      this.#ajv.getSchema(name);
    } catch (error) {
      throw new SchemaCompileError(at, error);
    }
    this.#names.set(key, name);
    return name;
  }

  code(): string {
    const names = [...this.#names.values()];
    const module = loadAjv().standaloneCode(this.#ajv, Object.fromEntries(names.map((name) => [name, name])));
    // ajv writes a module. The validators go into a function instead, so that importing an author's
    // module compiles none of them.
    const body = module.replace(/^"use strict";/, "").replace(/^export const /gm, "const ");
    return memoizeRecursive(dropUnusedSchemas(keepVerdicts(body)), names).trim();
  }
}

/**
 * The lines of ajv's code that import helpers. Each is a whole line, so that no text inside a
 * schema can match.
 */
const HELPER_LINES: Readonly<Record<ValidationHelper, RegExp>> = {
  equal: /^const (\w+) = require\("ajv\/dist\/runtime\/equal"\)\.default;$/gm,
  findDuplicate: /^const (\w+) = require\("methodic\/find-duplicate"\)\.default;$/gm,
  formats: /^const (formats\d+) = __methodic_formats\b/gm,
  memoize: /^const (recursive) = require\("methodic\/memoize"\)\.default;$/gm,
  ucs2length: /^const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;$/gm,
};

function useHelpers(code: string, localNames: Readonly<Record<ValidationHelper, string>>): ValidatorCode {
  let body = code;
  const helpers = VALIDATION_HELPERS.filter((helper) => {
    let isUsed = false;
    const end = helper === "formats" ? "" : ";";
    body = body.replace(HELPER_LINES[helper], (_line, name: string) => {
      isUsed = true;
      return `const ${name} = ${localNames[helper]}${end}`;
    });
    return isUsed;
  });
  return { body, helpers };
}

/** Removes annotations, because ajv copies whole schemas into its code. */
function withoutAnnotations(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (copy) => {
    const entries = Object.entries(withEncodingChecked(copy));
    return Object.fromEntries(entries.filter(([keyword]) => !isAnnotation(keyword)));
  });
}

/**
 * Makes a schema check its `contentEncoding`, which is an annotation to JSON Schema, by a format
 * that also replaces the looser published pattern.
 */
function withEncodingChecked(schema: JsonSchema): JsonSchema {
  if (schema["contentEncoding"] !== "base64") return schema;
  const { contentEncoding: _, pattern, format, ...rest } = schema;
  const others = {
    ...(pattern !== undefined && pattern !== BASE64_PATTERN && { pattern }),
    ...(format !== undefined && { format }),
  };
  const all = [
    ...((rest["allOf"] as JsonValue[] | undefined) ?? []),
    ...(Object.keys(others).length > 0 ? [others] : []),
  ];
  return { ...rest, format: "base64", ...(all.length > 0 && { allOf: all }) };
}

/**
 * The published pattern of base64; `schema/read/values.ts` writes it, which this room must not
 * import.
 */
const BASE64_PATTERN = "^[A-Za-z0-9+/]*={0,2}$";

function namesPrototypeMember(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => key in Object.prototype || namesPrototypeMember(item));
}

// TypeScript and Node disagree about the default exports of these CommonJS modules; `require`
// avoids the question.
const require = createRequire(import.meta.url);

/** The parts of ajv in use. */
interface Ajv extends CodeWriter {
  readonly Ajv2020: typeof import("ajv/dist/2020.js").Ajv2020;
  readonly addFormats: typeof import("ajv-formats").default;
  readonly standaloneCode: typeof import("ajv/dist/standalone/index.js").default;
}

let loaded: Ajv | undefined;

/** Loads ajv on first use: reading schemas does not need it. */
function loadAjv(): Ajv {
  loaded ??= {
    Ajv2020: (require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js")).Ajv2020,
    addFormats: (require("ajv-formats") as typeof import("ajv-formats")).default,
    standaloneCode: (require("ajv/dist/standalone") as typeof import("ajv/dist/standalone/index.js")).default,
    code: (require("ajv") as typeof import("ajv"))._,
    stringify: (require("ajv") as typeof import("ajv")).stringify,
  };
  return loaded;
}
