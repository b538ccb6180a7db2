import type { Code, CodeKeywordDefinition, KeywordCxt } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";

/** ajv's functions that create code. */
export interface CodeWriter {
  /** Creates code from a template. */
  readonly code: typeof import("ajv")._;
  /** Writes a value as code. */
  readonly stringify: typeof import("ajv").stringify;
}

/**
 * Replaces ajv's `uniqueItems`, which compares all pairs of items, by a call that reads each item
 * once: a long array from a client must not take quadratic time. Results and errors are the same as
 * ajv's.
 */
export function replaceUniqueItems(ajv: Ajv2020, { code }: CodeWriter): void {
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

/**
 * Makes a schema check its properties before it lists an object's names, which takes long for a
 * large object: the tag of a union's member decides first.
 */
export function checkNamesLast(ajv: Ajv2020): void {
  for (const keyword of ["propertyNames", "additionalProperties"]) {
    const definition = ajv.getKeyword(keyword) as CodeKeywordDefinition;
    ajv.removeKeyword(keyword);
    ajv.addKeyword(definition);
  }
}

// Beyond this, a set is faster than comparisons. Large enums would take as many for each item of a
// long array.
const MAX_COMPARED = 16;

/** Compiles a large enum of scalars to one look-up in a set. */
export function replaceEnum(ajv: Ajv2020, { code, stringify }: CodeWriter): void {
  const original = ajv.getKeyword("enum") as CodeKeywordDefinition;
  ajv.removeKeyword("enum");
  ajv.addKeyword({
    ...original,
    code(context, ruleType) {
      const values = context.schema as readonly unknown[];
      const isSimple = values.every((value) => typeof value !== "object" || value === null);
      if (!isSimple || values.length <= MAX_COMPARED) return original.code(context, ruleType);
      const set = context.gen.scopeValue("obj", { ref: values, code: code`new Set(${stringify(values)})` });
      context.fail(code`!${set}.has(${context.data})`);
    },
  });
}

/**
 * A placeholder for the function that generated code refers to by name: the compiler does not run
 * that code.
 */
const FIND_DUPLICATE = (): undefined => undefined;
