import type { Ajv2020 } from "ajv/dist/2020.js";
import type { Code, KeywordCxt } from "ajv";
import { loadAjv } from "./ajv.ts";

/**
 * Replaces ajv's `uniqueItems`, which compares every two items, by a call that reads each item once: a client must not be able to keep a server busy
 * by the square of an array's length. Verdicts and problems are ajv's own.
 */
export function replaceUniqueItems(ajv: Ajv2020): void {
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
