import type { Code, KeywordCxt } from "ajv";
import type { Ajv2020, Options } from "ajv/dist/2020.js";
import { createRequire } from "node:module";
import { isAnnotation, mapSchema, type JsonSchema, type JsonValue, type MemberData } from "methodic/manifest";

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

/** Removes what says nothing about validity: ajv copies whole schemas into its code. */
function withoutAnnotations(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (copy) => {
    const entries = Object.entries(withEncodingChecked(copy));
    return Object.fromEntries(entries.filter(([keyword]) => !isAnnotation(keyword)));
  });
}

/**
 * Makes a schema check its `contentEncoding`, which is an annotation to JSON Schema, by a format that also replaces the
 * looser published pattern.
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

/** The published pattern of base64; `schema/read/values.ts` writes it, which this room must not import. */
const BASE64_PATTERN = "^[A-Za-z0-9+/]*={0,2}$";

function namesPrototypeMember(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => key in Object.prototype || namesPrototypeMember(item));
}

// CommonJS modules whose default export TypeScript and Node see differently; require has only one view.
const require = createRequire(import.meta.url);

/** What is used of ajv. */
interface Ajv {
  readonly Ajv2020: typeof import("ajv/dist/2020.js").Ajv2020;
  readonly addFormats: typeof import("ajv-formats").default;
  readonly standaloneCode: typeof import("ajv/dist/standalone/index.js").default;
  /** Makes a piece of code of a template. */
  readonly code: typeof import("ajv")._;
}

let loaded: Ajv | undefined;

/** Loads ajv when the first validator is made: who only reads schemas does without. */
function loadAjv(): Ajv {
  loaded ??= {
    Ajv2020: (require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js")).Ajv2020,
    addFormats: (require("ajv-formats") as typeof import("ajv-formats")).default,
    standaloneCode: (require("ajv/dist/standalone") as typeof import("ajv/dist/standalone/index.js")).default,
    code: (require("ajv") as typeof import("ajv"))._,
  };
  return loaded;
}

/** ajv's code for "report this problem": eight lines that are the same every time but for the problem. */
const REPORT =
  /const (err\d+) = \{instancePath(:.*?)?,schemaPath:(".*?(?<!\\)"),keyword:("\w+"),params:(\{.*\})\};\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g;

/** What the shortened code calls; the line that declares it is {@link REPORT_HELPER}. */
const REPORT_CALL = "report";

const REPORT_HELPER: string = `const ${REPORT_CALL} = (list, instancePath, schemaPath, keyword, params) => ((list ??= []).push({ instancePath, schemaPath, keyword, params }), list);\n`;

/**
 * Shortens ajv's code by a third without changing what it does. A server reads the code of all its tools when it starts, whether they are called or not,
 * so its length is start-up time. Whole statements are matched, with their line breaks, which no string inside of a schema can contain.
 */
function shortenValidators(code: string): string {
  const short = code.replace(REPORT, (...match: string[]) => {
    const [, , path, schemaPath, keyword, params] = match;
    return `vErrors = ${REPORT_CALL}(vErrors, ${path?.slice(1) ?? "instancePath"}, ${schemaPath}, ${keyword}, ${params});\nerrors++;`;
  });
  return short === code ? code : REPORT_HELPER + short;
}

/** A generated function from its name to the next one's. */
const FUNCTION = /^function validate(\d+)\([\s\S]*?(?=^function validate\d+\(|(?![\s\S]))/gm;

/**
 * Puts the number of its function into the schema paths (`#12/properties/…`) of recursive types: their definitions have functions of their own, whose paths
 * begin at the definition. Without a number nobody could tell at which, and so to which alternative of a union a problem belongs.
 */
function numberSchemaPaths(code: string): string {
  const roots = new Set(Array.from(code.matchAll(/^const v\d+ = validate(\d+);$/gm), ([, number]) => number));
  return code.replace(FUNCTION, (text, number: string) =>
    // In a string, the quote would be escaped.
    roots.has(number) ? text : text.replaceAll('schemaPath:"#/', `schemaPath:"#${number}/`),
  );
}

/**
 * Replaces ajv's `uniqueItems`, which compares every two items, by a call that reads each item once: a client must not be able to keep a server busy
 * by the square of an array's length. Verdicts and problems are ajv's own.
 */
function replaceUniqueItems(ajv: Ajv2020): void {
  const { code } = loadAjv();
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    error: {
      message: "must not have equal items",
      params: ({ params }) => code`{i: ${params["duplicate"] as Code}.i, j: ${params["duplicate"] as Code}.j}`,
    },
    code(context: KeywordCxt) {
      const { gen, data, schema } = context;
      if (schema !== true) return;
      const find = gen.scopeValue("func", {
        ref: FIND_DUPLICATE,
        code: code`require("methodic/find-duplicate").default`,
      });
      const duplicate = gen.const("duplicate", code`${find}(${data})`);
      context.setParams({ duplicate });
      context.fail(code`${duplicate} !== undefined`);
    },
  });
}

/** What the code refers to by name: nothing generated runs in the compiler. */
const FIND_DUPLICATE = (): undefined => undefined;
