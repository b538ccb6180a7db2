import { createServer } from "methodic";
import { findViolations, SCHEMA_RULES, type JsonSchema } from "methodic/manifest";
import { createTestClient, type TestClient } from "methodic/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSchemaValidator } from "../../packages/methodic/src/json-schema/interpret.ts";
import { REFUSED, TOO_LARGE } from "./exceptions.ts";
import { PACKAGES, type ToolValues } from "./packages.ts";
import { compileSuite, type SuiteTool } from "./suite.ts";
import { LIVE_OBJECTS } from "./values/live-objects.ts";
import { LARGEST, readPage, renderPage, sizeOf, writePage } from "./table.ts";

/** The rules that a rewrite cannot meet, as they are about sizes, names and values. */
const WARNED_RULES = new Set(SCHEMA_RULES.filter(({ rewrite }) => !rewrite).map(({ id }) => id));

const { services, tools, record } = await compileSuite();
const ajv = new Ajv2020({ strict: false });
const clients = new Map<string, TestClient>();
const published = new Map<SuiteTool, JsonSchema>();

beforeAll(async () => {
  for (const [className, service] of services) {
    const server = createServer({ name: className, version: "1.0.0", services: [service], strict: true });
    const client = await createTestClient(server);
    clients.set(className, client);
    const listed = new Map((await client.listTools()).map((tool) => [tool.name, tool]));
    for (const tool of tools.filter((candidate) => candidate.className === className)) {
      const { inputSchema, outputSchema } = listed.get(tool.name) ?? {};
      const schema = tool.side === "input" ? inputSchema : outputSchema;
      if (schema) published.set(tool, schema as JsonSchema);
    }
  }
});
afterAll(async () => {
  for (const client of clients.values()) await client.close();
});

const working = tools.filter(({ refusal }) => !refusal);

function valuesOf({ file, name }: SuiteTool): ToolValues {
  return PACKAGES[file]?.[name] ?? { accepted: [], refused: [] };
}

/** Passes a value to the parameter of a tool, or lets the tool return it. */
async function exchange(
  tool: SuiteTool,
  value: unknown,
): Promise<{ readonly isError: boolean; readonly text: string }> {
  const client = clients.get(tool.className);
  if (!client) throw new Error(`${tool.className} is not served.`);
  record(value);
  return client.callTool(tool.name, tool.side === "input" ? inputOf(tool, value) : {});
}

/** Returns the input with a value for the parameter: a discriminated union is the whole input. */
function inputOf({ member }: SuiteTool, value: unknown): Readonly<Record<string, unknown>> {
  const { names = [], wholeInput } = member?.parameters ?? {};
  return wholeInput ? (value as Readonly<Record<string, unknown>>) : { [names[0] ?? ""]: value };
}

describe("the suite of real types", () => {
  it("has at least 120 tools over 30 packages", () => {
    expect(tools.length).toBeGreaterThanOrEqual(120);
    expect(new Set(tools.map(({ packageName }) => packageName)).size).toBeGreaterThanOrEqual(30);
  });

  it("works for at least 90 % of the types, with schemas of at most 128 KB", () => {
    const exceptions = Object.keys(REFUSED).length + Object.keys(TOO_LARGE).length;
    expect(exceptions / tools.length).toBeLessThanOrEqual(0.1);
  });

  it("refuses the listed types and no others", () => {
    const refused = tools.flatMap(({ id, refusal }) => (refusal ? [[id, refusal.code]] : []));
    expect(Object.fromEntries(refused)).toEqual(
      Object.fromEntries(Object.entries(REFUSED).map(([id, { code }]) => [id, code])),
    );
  });

  it("publishes the listed schemas over 128 KB and no others", () => {
    const large = working.filter((tool) => sizeOf(published.get(tool)) > LARGEST);
    expect(large.map(({ id }) => id).sort()).toEqual(Object.keys(TOO_LARGE).sort());
  });

  it("publishes half of the schemas in under 4 KB", () => {
    const sizes = working.map((tool) => sizeOf(published.get(tool))).sort((a, b) => a - b);
    expect(sizes[sizes.length >> 1]).toBeLessThan(4 * 1024);
  });

  it("is shown in docs/real-types.md", () => {
    const page = renderPage(tools, published);
    if (process.env["UPDATE_DOCS"]) writePage(page);
    expect(readPage()).toBe(page);
  });

  it("accepts a value of every tool that works", () => {
    const untested = working.filter((tool) => valuesOf(tool).accepted.length === 0);
    expect(untested.map(({ id }) => id)).toEqual([]);
  });
});

describe.each(working)("the $side of $packageName, $name", (tool) => {
  const { accepted, refused } = valuesOf(tool);
  const { side, member } = tool;

  it("publishes a valid schema that clients take", () => {
    const schema = published.get(tool);
    if (!schema) throw new Error("No schema is published.");
    expect(ajv.validateSchema(schema)).toBe(true);
    const broken = findViolations(schema, side === "input" ? "input" : "output");
    expect(broken.filter(({ rule }) => !WARNED_RULES.has(rule.id))).toEqual([]);
  });

  it.each(accepted.map((value) => ({ value })))("accepts $value", async ({ value }) => {
    const { isError, text } = await exchange(tool, value);
    expect({ isError, text: isError ? text : "" }).toEqual({ isError: false, text: "" });
    expect(verdicts(value)).toEqual({ generated: true, interpreted: true, published: true });
  });

  it.each(refused.map(([value, at]) => ({ value, at })))("refuses $value at $at", async ({ value, at }) => {
    const { isError, text } = await exchange(tool, value);
    expect(isError).toBe(true);
    // An invalid result is the server's fault: the client reads no details.
    expect(side === "input" ? text : pathsOf(value)).toContain(at);
    expect(verdicts(value)).toMatchObject({ generated: false, interpreted: false });
  });

  /** The paths of the errors in a result, as in messages. */
  function pathsOf(value: unknown): string[] {
    const { errors } = createSchemaValidator(member?.outputSchema ?? {}).findErrors(value);
    return errors.map(({ path, params }) =>
      [...path, ...("missingProperty" in params ? [String(params["missingProperty"])] : [])].reduce(
        (text, key) => text + (/^\d+$/.test(key) ? `[${key}]` : text === "" ? key : `.${key}`),
        "",
      ),
    );
  }

  /** The verdicts of the generated validator, of the interpreter, and of the published schema. */
  function verdicts(value: unknown): Record<"generated" | "interpreted" | "published", boolean | undefined> {
    const subject = side === "input" ? inputOf(tool, value) : value;
    const exact = side === "input" ? member?.inputSchema : member?.outputSchema;
    const validator = side === "input" ? member?.validators.input : member?.validators.output;
    const judge = (schema: JsonSchema): boolean =>
      createSchemaValidator(schema, { checkEncoding: true }).validate(subject) === undefined;
    return {
      generated: validator?.(subject),
      interpreted: judge(exact ?? {}),
      published: judge(published.get(tool) ?? {}),
    };
  }
});

describe("objects of libraries", () => {
  it.each(LIVE_OBJECTS)("are returned from $tool as they are", async ({ tool: id, object, json }) => {
    const tool = tools.find((candidate) => candidate.id === id);
    if (!tool) throw new Error(`${id} is not in the suite.`);
    const { isError, text } = await exchange(tool, object);
    expect(isError ? text : JSON.parse(text)).toEqual(json);
  });
});
