import type { Ajv2020, Options } from "ajv/dist/2020.js";
import type { JsonSchema, JsonValue, MemberData } from "methodic/manifest";
import { loadAjv } from "./ajv.ts";
import { replaceUniqueItems } from "./unique-items.ts";
import { numberSchemaPaths, shortenValidators } from "./shorten-validators.ts";

/** The functions and tables of `methodic/manifest` that generated checks may refer to. */
export const VALIDATION_HELPERS = ["equal", "findDuplicate", "formats", "ucs2length"] as const;

/** One of {@link VALIDATION_HELPERS}. */
export type ValidationHelper = (typeof VALIDATION_HELPERS)[number];

/** Generated checks, as JavaScript text that stands on its own but for the helpers it names. */
export interface ValidatorCode {
  /** Statements of a function body, ending with the `return` of an object `{ method: { input, output? } }`. */
  readonly body: string;
  /** The helpers the body refers to, each by the local name that was asked for. */
  readonly helpers: readonly ValidationHelper[];
}

/** What {@link generateValidators} needs of a member. */
export type ValidatedMember = Pick<MemberData, "inputSchema" | "outputSchema">;

/** A schema that no validator can be made for, for example because of a malformed pattern. */
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
 * Writes the input and output checks of a class's methods as JavaScript: no `require`, no `new Function`,
 * nothing outside the function body they are meant for.
 * @param members What to check, by method name
 * @param localNames What the helpers are called where the code will stand
 * @throws SchemaCompileError if a schema is no valid JSON Schema 2020-12
 */
export function generateValidators(
  members: ReadonlyMap<string, ValidatedMember>,
  localNames: Readonly<Record<ValidationHelper, string>>,
): ValidatorCode {
  const { Ajv2020, addFormats } = loadAjv();
  const ajv = new Ajv2020(ajvOptions(members));
  addFormats(ajv, { keywords: false });
  replaceUniqueItems(ajv);
  // Known by name only: generated code refers to the runtime's own checks.
  for (const format of ["base64", "url"]) ajv.addFormat(format, () => true);
  // Every function would note which properties it has seen, for keywords that no schema of ours has. The constructor takes no such option.
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
  // Not an object literal with a plain `__proto__` key: that would set the prototype.
  const table = `return { ${entries.join(", ").replaceAll('"__proto__": ', '["__proto__"]: ')} };`;
  return useHelpers(`${schemas.code()}\n${table}`, localNames);
}

function schemasOf({ inputSchema, outputSchema }: ValidatedMember): readonly unknown[] {
  return [inputSchema, outputSchema];
}

function ajvOptions(members: ReadonlyMap<string, ValidatedMember>): Options {
  return {
    allErrors: true,
    messages: false,
    strict: false,
    // Unknown formats are annotations (JSON Schema 2020-12, 7.2.3): no check and no warning.
    logger: false,
    // The schemas are the compiler's own; loading the meta-schemas would cost more than everything else here.
    meta: false,
    validateSchema: false,
    // Only a property called like a member of Object.prototype needs the slower own-property checks.
    ownProperties: [...members.values()].some((member) => namesPrototypeMember(member)),
    code: { source: true, esm: true, lines: true, formats: loadAjv().code`__methodic_formats` },
  };
}

/** Compiles schemas under the export names v0, v1, …; equal schemas share one. */
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
    // ajv writes a module; the checks live in a function, so that importing an author's module compiles none of this.
    const body = module.replace(/^"use strict";/, "").replace(/^export const /gm, "const ");
    return shortenValidators(numberSchemaPaths(dropUnusedSchemas(body)).trim());
  }
}

/** ajv declares the schema of every function, though only few keywords (long property lists, enums of objects) read it. */
function dropUnusedSchemas(body: string): string {
  return body.replace(/^const (schema\d+) = .*;\n/gm, (line, name: string, offset: number) => {
    const uses = new RegExp(`\\b${name}\\b`);
    return uses.test(body.slice(0, offset)) || uses.test(body.slice(offset + line.length)) ? line : "";
  });
}

/** The lines by which ajv's code gets at its helpers: always a whole line, so that no text inside a schema can match. */
const HELPER_LINES: Readonly<Record<ValidationHelper, RegExp>> = {
  equal: /^const (\w+) = require\("ajv\/dist\/runtime\/equal"\)\.default;$/gm,
  findDuplicate: /^const (\w+) = require\("methodic\/find-duplicate"\)\.default;$/gm,
  formats: /^const (formats\d+) = __methodic_formats\b/gm,
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

/** Keywords that say nothing about validity. Dropped because ajv copies whole schemas into its code. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);
/** Keywords whose value is data, in which an "annotation" is part of the data. */
const DATA_KEYWORDS: ReadonlySet<string> = new Set(["const", "enum", "required", "dependentRequired", "type"]);
/** Keywords whose value maps names, not keywords, to schemas. */
const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "properties",
  "patternProperties",
  "dependentSchemas",
]);

function withoutAnnotations(given: JsonSchema): JsonSchema {
  const schema = withEncodingChecked(given);
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !ANNOTATIONS.has(keyword))
      .map(([keyword, value]) => [
        keyword,
        DATA_KEYWORDS.has(keyword) ? value : bareValue(value, SCHEMA_MAPS.has(keyword)),
      ]),
  );
}

/** To JSON Schema `contentEncoding` is a remark. Here it is checked, by a format of our own that also replaces the looser published pattern. */
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

/** What schemas say of base64 to validators that do not check encodings. */
const BASE64_PATTERN = "^[A-Za-z0-9+/]*={0,2}$";

function bareValue(value: JsonValue, isMap: boolean): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => bareValue(item, false));
  if (typeof value !== "object" || value === null) return value;
  const object = value as JsonSchema;
  if (!isMap) return withoutAnnotations(object);
  return Object.fromEntries(Object.entries(object).map(([name, schema]) => [name, bareValue(schema, false)]));
}

function namesPrototypeMember(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => key in Object.prototype || namesPrototypeMember(item));
}
