import path from "node:path";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { findViolations, walkSchema, type JsonSchema } from "methodic/manifest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { ARRAYS } from "./constructs/arrays.ts";
import { BASIC } from "./constructs/basic.ts";
import { CHECKED } from "./constructs/checked.ts";
import { CONSTRAINED } from "./constructs/constrained.ts";
import type { Construct } from "./constructs/construct.ts";
import { INDEX_SIGNATURES } from "./constructs/index-signatures.ts";
import { OBJECT_UNIONS } from "./constructs/object-unions.ts";
import { RECURSION } from "./constructs/recursion.ts";
import { REFINED } from "./constructs/refined-texts.ts";
import { VALUES } from "./constructs/values.ts";
import { WITHOUT_VALUES } from "./constructs/without-values.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

const ALL: readonly Construct[] = [
  ...BASIC,
  ...CHECKED,
  ...ARRAYS,
  ...INDEX_SIGNATURES,
  ...OBJECT_UNIONS,
  ...RECURSION,
  ...REFINED,
  ...WITHOUT_VALUES,
  ...VALUES,
  ...CONSTRAINED,
];

function slugOf({ name }: Construct): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function sourceOf({ before = "", parameters }: Construct): string {
  return `import { tool } from "methodic";\n${before}\nexport class Service {\n  @tool() run(${parameters}): void {}\n}\n`;
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv;
}

/** All constructs are one project, which tests that they do not affect each other. */
let project: TemporaryProject;
let schemas: ReadonlyMap<string, { readonly exact: JsonSchema; readonly published: JsonSchema }>;
let problems: string[];

beforeAll(() => {
  const files = ALL.flatMap((construct) => [
    [`src/${slugOf(construct)}.ts`, sourceOf(construct)],
    ...Object.entries(construct.files ?? {}),
  ]);
  project = createStubProject(Object.fromEntries(files));
  const { services, diagnostics } = compileServices(loadProject({ root: project.root }));
  problems = diagnostics.map(({ file, code, message }) => `${file} ${code} ${message}`);
  schemas = new Map(
    services.map(({ sourceFile, members }) => {
      const { inputSchema: exact = {}, publishedSchemas } = members.get("run")!.data;
      return [path.basename(sourceFile.fileName, ".ts"), { exact, published: publishedSchemas?.input ?? exact }];
    }),
  );
});

afterAll(() => project[Symbol.dispose]());

test("every construct compiles and has a unique name", () => {
  expect(problems).toEqual([]);
  expect(schemas.size).toBe(ALL.length);
});

describe.each(ALL.map((construct) => ({ ...construct, slug: slugOf(construct) })))("$name", (construct) => {
  test("has the stored published schema", async () => {
    const text = `${JSON.stringify(schemas.get(construct.slug)?.published, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${construct.slug}.json`);
  });

  test("is published as valid JSON Schema 2020-12 that follows all rules of clients", () => {
    const schema = schemas.get(construct.slug)?.published ?? {};
    const ajv = newAjv();
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    expect(findViolations(schema, "input")).toEqual([]);
    expect(Object.keys(schema)).not.toEqual(expect.arrayContaining(["$ref"]));
    expect([schema["$schema"], schema["anyOf"], schema["definitions"], schema["type"]]).toEqual([
      undefined,
      undefined,
      undefined,
      "object",
    ]);
  });

  test("carries no private marks", () => {
    const marks: string[] = [];
    walkSchema(schemas.get(construct.slug)?.exact ?? {}, (schema) =>
      marks.push(...Object.keys(schema).filter((keyword) => keyword.startsWith("x-"))),
    );
    expect(marks).toEqual([]);
  });

  test("accepts and rejects what the type does", () => {
    const validate = newAjv().compile(schemas.get(construct.slug)?.exact ?? {});
    expect(construct.accepts.filter((x) => !validate({ x }))).toEqual([]);
    expect(construct.rejects.filter((x) => validate({ x }))).toEqual([]);
    expect(validate({ x: construct.accepts[0], more: 1 })).toBe(false);
  });

  test("accepts in its published form what it accepts", () => {
    const validate = newAjv().compile(schemas.get(construct.slug)?.published ?? {});
    expect(construct.accepts.filter((x) => !validate({ x }))).toEqual([]);
  });
});
