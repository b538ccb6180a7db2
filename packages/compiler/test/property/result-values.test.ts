import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { mapSchema, type JsonSchema } from "methodic/manifest";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { Choices } from "./choices.ts";
import { SEED, TYPES } from "./random-types.ts";
import { ResultWriter, type Result } from "./result-writer.ts";

interface Case extends Result {
  readonly declarations: readonly string[];
}

const CASES: readonly Case[] = Array.from({ length: Math.ceil(TYPES / 2) }, (_, index) => {
  const writer = new ResultWriter(new Choices(SEED + index * 7919));
  return { ...writer.write(3), declarations: writer.declarations };
});

function sourceOf({ declarations, type, value }: Case): string {
  return `import { tool } from "methodic";
${declarations.join("\n")}
export const create = (): { value: ${type} } => ({ value: ${value} });
export class Service { @tool() give(): { value: ${type} } { return create(); } }
`;
}

/** Creates the value in this process, and returns what `JSON.stringify` writes of it. */
function stringify({ declarations, value }: Case): unknown {
  const source = `${declarations.join("\n")}\nreturn { value: ${value} };`;
  const target = ts.ScriptTarget.ES2022;
  const { outputText } = ts.transpileModule(`function create() { ${source} }`, { compilerOptions: { target } });
  const create = new Function(`${outputText}\nreturn create();`) as () => unknown;
  return JSON.parse(JSON.stringify(create()));
}

/** Closes the objects of a result schema, so that it rejects properties it does not describe. */
function close(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) =>
    part["type"] === "object" && part["properties"] && part["additionalProperties"] === undefined
      ? { ...part, additionalProperties: false }
      : part,
  );
}

describe("results", () => {
  it("have schemas that accept what JSON.stringify writes, and describe all of it", () => {
    using project = createStubProject(
      Object.fromEntries(CASES.map((one, index) => [`src/case-${index}.ts`, sourceOf(one)])),
    );
    const loaded = loadProject({ root: project.root });
    const { services, diagnostics } = compileServices(loaded);
    const wrong: unknown[] = [];
    let compared = 0;
    for (const [index, one] of CASES.entries()) {
      const service = services.find(({ sourceFile }) => sourceFile.fileName.endsWith(`/case-${index}.ts`));
      const schema = service?.members.get("give")?.data.outputSchema;
      const file = loaded.program.getSourceFile(service?.sourceFile.fileName ?? "");
      if (!schema || !file || loaded.program.getSemanticDiagnostics(file).length > 0) continue;
      const ajv = new Ajv2020({ strict: false });
      addFormats.default(ajv);
      const json = stringify(one);
      compared++;
      if (!ajv.validate(schema, json) || !ajv.validate(close(schema), json))
        wrong.push({ source: sourceOf(one), json, schema, errors: ajv.errorsText() });
    }
    expect(wrong).toEqual([]);
    expect(diagnostics).toEqual([]);
    // TypeScript rejects the others: it infers another type for the expression.
    expect(compared).toBeGreaterThan(CASES.length * 0.8);
  });
});
