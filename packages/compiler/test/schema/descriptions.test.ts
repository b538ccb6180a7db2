import { mkdirSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonSchema } from "methodic/manifest";
import { compileProject, type Descriptions } from "../../src/index.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { compileFiles } from "./compile-files.ts";

const SHOP = `
/** <p>A customer. Has <b>orders</b>.</p> */
export interface Customer {
  /** The name &amp; title. Longer text. */
  name: string;
  /**
   * Required. The state of an <code>Array&lt;T&gt;</code>. One of:
   * - open
   * - closed
   */
  state: State;
  /** @hidden */
  secret?: string;
}
/** The state, e.g. Open. More about states. */
export enum State { Open = "open", Closed = "closed" }
/** An id. It is {@link Customer | unique}. */
export type Id = string;
export interface Box<T> {
  /** The boxed value. Longer text. */
  value: T;
}
export interface Named {
  /** The label. Longer text. */
  label: string;
}
export interface Sample {
  /**
   * The code. Longer text.
   * @example "a-1"
   * @example "a-1000000000"
   * @example
   * a code
   * of two lines
   */
  code: string;
  /** @examples ["b-1"] */
  other: string;
  /** @hidden */
  secret?: string;
}
`;

const SERVICE = `
import { tool } from "methodic";
import type { Box, Customer, Id, Named, Sample, State } from "shop";
import type { Linked } from "linked";

/** My type. With <b>more</b> text. */
export interface Own extends Named {
  /** My text. With <i>more</i> &amp; more. */
  own: string;
  id: Id;
  /** My place for it. With more. */
  placed: Customer;
}

export interface Extra {
  /** My name for it. With more. */
  name: string;
}

export interface OwnSample extends Sample {
  /** @example "own-1" */
  own: string;
}

export class S {
  /**
   * The tool. With more text.
   * @param own The parameter. With more text.
   * @returns The result. With more text.
   */
  @tool() run(own: Own, box: Box<Customer>, mapped: Partial<Customer>, both: Customer & Extra, linked: Linked): Pick<Customer, "name"> {
    return { name: "" };
  }
  @tool() list(state: State): Customer[] { return []; }
  @tool() show(sample: OwnSample): void {}
  @tool({ descriptions: "all" }) listInFull(state: State): Customer[] { return []; }
}
`;

let project: TemporaryProject;

beforeAll(() => {
  project = createStubProject({
    "src/s.ts": SERVICE,
    "tsconfig.json": {
      compilerOptions: { target: "ES2022", lib: ["ES2023"], module: "NodeNext", strict: true, types: [] },
      include: ["src"],
    },
    "node_modules/shop/package.json": { name: "shop", type: "module", types: "index.d.ts" },
    "node_modules/shop/index.d.ts": SHOP,
    "packages/linked/package.json": { name: "linked", type: "module", types: "index.d.ts" },
    "packages/linked/index.d.ts":
      "export interface Linked {\n  /** Linked text. With <b>more</b> text. */\n  text: string;\n}\n",
  });
  mkdirSync(project.path("node_modules"), { recursive: true });
  symlinkSync(project.path("packages/linked"), project.path("node_modules/linked"), "dir");
});

afterAll(() => project[Symbol.dispose]());

function schemasOf(
  descriptions: Descriptions | undefined,
  tool: string,
): { readonly inputSchema?: JsonSchema | null; readonly outputSchema?: JsonSchema | null } {
  const { services, diagnostics } = compileProject({
    root: project.root,
    ...(descriptions !== undefined && { schemaOptions: { descriptions } }),
  });
  expect(diagnostics).toEqual([]);
  return services["src/s.ts#S"]?.tools[tool] ?? {};
}

/** Lists the descriptions of a tool's schemas by their path. */
function descriptionsOf(descriptions: Descriptions | undefined, tool = "run"): Record<string, string> {
  const { inputSchema, outputSchema } = schemasOf(descriptions, tool);
  const found: Record<string, string> = {};
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { description } = value as { readonly description?: unknown };
    if (typeof description === "string") found[path] = description;
    for (const [key, inner] of Object.entries(value))
      visit(inner, ["properties", "items", "$defs"].includes(key) ? path : `${path}.${key}`);
  };
  visit(inputSchema, "in");
  visit(outputSchema, "out");
  return found;
}

describe("the descriptions of schemas", () => {
  it("quote the project's types in full and types of packages with their first sentence", () => {
    const customer = { name: "The name & title.", state: "Required. The state of an `Array<T>`." };
    expect(descriptionsOf(undefined)).toEqual({
      "in.own": "The parameter. With more text.",
      "in.own.label": "The label.",
      "in.own.own": "My text. With <i>more</i> & more.",
      "in.own.id": "An id.",
      "in.own.placed": "My place for it. With more.",
      "in.own.placed.name": customer.name,
      "in.own.placed.state": customer.state,
      "in.box.value": "The boxed value.",
      "in.box.value.name": customer.name,
      "in.box.value.state": customer.state,
      "in.mapped.name": customer.name,
      "in.mapped.state": customer.state,
      "in.both.name": "My name for it. With more.",
      "in.both.state": customer.state,
      "in.linked.text": "Linked text. With <b>more</b> text.",
      out: "The result. With more text.",
      "out.name": customer.name,
    });
    expect(descriptionsOf("own")).toEqual(descriptionsOf(undefined));
    expect(descriptionsOf(undefined, "list")).toEqual({
      "in.state": "The state, e.g. Open.",
      out: "A customer.",
      "out.name": customer.name,
      "out.state": customer.state,
    });
  });

  it("quote everything if asked to, without HTML of packages", () => {
    expect(descriptionsOf("all")).toMatchObject({
      "in.own.label": "The label. Longer text.",
      "in.own.own": "My text. With <i>more</i> & more.",
      "in.own.id": "An id. It is unique.",
      "in.own.placed.name": "The name & title. Longer text.",
      "in.own.placed.state": "Required. The state of an `Array<T>`. One of:\n- open\n- closed",
    });
    expect(descriptionsOf("all", "list")).toMatchObject({
      "in.state": "The state, e.g. Open. More about states.",
      out: "A customer. Has orders.",
    });
  });

  it("follow the option of a tool before that of the project", () => {
    const inFull = descriptionsOf("all", "list");
    for (const project of [undefined, "own", { max: 20 }] as const)
      expect(descriptionsOf(project, "listInFull")).toEqual(inFull);
  });

  it("have at most the given number of characters, in the project's types, too", () => {
    const found = descriptionsOf({ max: 20 });
    expect(found).toMatchObject({
      "in.own": "The parameter. …",
      "in.own.label": "The label. …",
      "in.own.id": "An id. It is unique.",
      out: "The result. …",
    });
    for (const text of Object.values(found)) expect(text.length).toBeLessThanOrEqual(20);
  });
});

describe("the examples of schemas", () => {
  it.each<[Descriptions, object]>([
    ["own", { code: { type: "string", description: "The code." }, other: { type: "string" } }],
    [
      "all",
      {
        code: {
          type: "string",
          description: "The code. Longer text.\n\nExample:\na code\nof two lines",
          examples: ["a-1", "a-1000000000"],
        },
        other: { type: "string", examples: ["b-1"] },
      },
    ],
    [
      { max: 10 },
      {
        code: { type: "string", description: "The code.…", examples: ["a-1"] },
        other: { type: "string", examples: ["b-1"] },
      },
    ],
  ])("are those of the project's types, and those of packages as far as descriptions allow: %j", (option, theirs) => {
    const { inputSchema } = schemasOf(option, "show");
    const own = { type: "string", examples: ["own-1"] };
    expect(inputSchema).toHaveProperty("properties.sample.properties", { ...theirs, own });
  });
});

describe("mistaken JSDoc tags of packages", () => {
  const LIBRARY = `
export interface Options {
  /** @default the value of the parent */
  depth?: number;
  /** @default 5 */
  limit?: number;
  /** @default null */
  level?: "a" | "b";
  /** @minimum none @maximum 5 */
  size?: number;
  /** @minLength 3 */
  flag?: boolean;
  /** @pattern ( */
  match?: string;
  /** @format color */
  color?: string;
  /** @format email */
  mail?: string;
  /** @asType number */
  count?: number;
  /** @asType integer */
  text?: string;
}
`;
  const SERVICE = `
import { tool } from "methodic";
import type { Options } from "library";
export interface Mine extends Options {
  /** @default 7 */
  own?: number;
}
export class S { @tool() run(options: Mine): Mine { return options; } }
`;

  it("have no effect and are not reported; the others count", () => {
    const { members, diagnostics } = compileFiles({
      "s.ts": SERVICE,
      "node_modules/library/package.json": { name: "library", type: "module", types: "index.d.ts" },
      "node_modules/library/index.d.ts": LIBRARY,
    });
    expect(diagnostics).toEqual([]);
    const { inputSchema, outputSchema } = members.get("S.run")?.data ?? {};
    const expected = {
      depth: { type: "number" },
      limit: { type: "number", default: 5 },
      level: { type: "string", enum: ["a", "b"] },
      size: { type: "number", maximum: 5 },
      flag: { type: "boolean" },
      match: { type: "string" },
      color: { type: "string" },
      mail: { type: "string", format: "email" },
      count: { type: "number" },
      text: { type: "string" },
      own: { type: "number", default: 7 },
    };
    expect(inputSchema?.properties?.["options"]).toMatchObject({ properties: expected });
    expect(outputSchema).toMatchObject({ properties: expected });
    expect(JSON.stringify([inputSchema, outputSchema])).not.toContain("x-package");
  });

  it("are reported in the project's own declarations", () => {
    const own = compileFiles({
      "s.ts": SERVICE.replace('"library"', '"./library.js"'),
      "library.ts": LIBRARY.replace(/.*@(?:minimum none|minLength|pattern|asType).*\n.*\n/g, ""),
    });
    expect(own.diagnostics.map(({ code }) => code)).toEqual(["MTD144", "MTD145", "MTD145"]);
  });
});

it("schemas leave out the properties that a package hides", () => {
  const schemas = ["run", "list", "show"].map((tool) => schemasOf(undefined, tool));
  expect(JSON.stringify(schemas)).toContain('"state"');
  expect(JSON.stringify(schemas)).not.toContain('"secret"');
});
