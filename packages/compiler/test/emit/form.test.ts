import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";
import { buildProject, compileServices, loadProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

type Server = Parameters<typeof createTestClient>[0];

const BOOKING = `import { type Context, createServer, type Int, tool } from "methodic";

enum Area {
  /** By the window */
  Window = "window",
  Garden = "garden",
}

interface Booking {
  /** The number of guests */
  seats: Int<1, 8>;
  area: Area;
  /** @format email */
  email?: string;
  /** @minLength 2 @maxLength 40 */
  name: string;
  /** @default true */
  smoking?: boolean;
  menu: ("soup" | "rice")[];
  tip?: number;
}
`;

const server = (decorator: string): string => `${BOOKING}
class Tables {
  /** Book a table. @param day The day */
  ${decorator} async book(day: string, ctx: Context): Promise<string> {
    const answer = await ctx.elicit<Booking>(\`Which table on \${day}?\`);
    if (answer.action !== "accept") return answer.action;
    const { seats, area, menu } = answer.data;
    return \`\${seats} \${area} \${menu.join()}\`;
  }
}

export default createServer({ name: "tables", version: "1.0.0", services: [Tables] });
`;

const FORM = {
  type: "object",
  properties: {
    seats: { type: "integer", description: "The number of guests", minimum: 1, maximum: 8 },
    area: {
      type: "string",
      oneOf: [
        { const: "window", title: "By the window" },
        { const: "garden", title: "garden" },
      ],
    },
    email: { type: "string", format: "email" },
    name: { type: "string", minLength: 2, maxLength: 40 },
    smoking: { type: "boolean", default: true },
    menu: { type: "array", items: { type: "string", enum: ["soup", "rice"] } },
    tip: { type: "number" },
  },
  required: ["seats", "area", "name", "menu"],
};

const ANSWER = { seats: 2, area: "garden", name: "Ada", menu: ["soup"] };

describe.each([
  ["standard", false],
  ["legacy", true],
] as const)("ctx.elicit<Form> in a project with %s decorators", (_, experimentalDecorators) => {
  let project: TemporaryProject;
  let built: Server;

  beforeAll(async () => {
    const compilerOptions = { target: "ES2022", module: "NodeNext", strict: true, skipLibCheck: true };
    project = createProject({
      "package.json": { name: "tables", type: "module" },
      "tsconfig.json": { compilerOptions: { ...compilerOptions, experimentalDecorators } },
      "src/server.ts": server("@tool()"),
    });
    const { diagnostics } = buildProject({ root: project.root });
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    built = ((await import(pathToFileURL(project.path("dist/server.js")).href)) as { default: Server }).default;
  });
  afterAll(() => project[Symbol.dispose]());

  it.each(["legacy", "modern"] as const)("asks with the form of the type in the %s era", async (era) => {
    const asked: object[] = [];
    await using client = await createTestClient(built, {
      era,
      onElicit: async (question) => {
        asked.push(question);
        return { action: "accept", data: asked.length === 1 ? { ...ANSWER, seats: 9 } : ANSWER };
      },
    });
    expect((await client.callTool("book", { day: "Friday" })).text).toBe("2 garden soup");
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ message: "Which table on Friday?", requestedSchema: FORM });
  });
});

describe("ctx.elicit with a type that is not a form", () => {
  it("reports each property at its declaration", () => {
    using project = createStubProject({
      "tables.ts": `import { type Context, type Pattern } from "methodic";
type Ask = Context;
interface Bad {
  guest: { name: string };
  at: Date;
  note: string | null;
  code: Pattern<"^A">;
  level: 1 | 2;
  tags: string[];
  /** @format uuid */
  id: string;
  fine: number;
}
export async function ask(ctx: Ask): Promise<void> {
  await ctx.elicit<Bad>("?");
  await ctx.elicit<string[]>("?");
  await ctx.elicit<Record<string, string>>("?");
  await ctx.elicit("?");
  await ctx.elicit<Bad>("?", {});
}
`,
    });
    const { diagnostics, calls } = compileServices(loadProject({ root: project.root }));
    expect(calls).toEqual([]);
    expect(diagnostics.map(({ code, line, message }) => `${line} ${code} ${message}`)).toEqual([
      "4 MTD164 elicit<Bad>: at guest: a form has no fields of the type '{ name: string; }'.",
      "5 MTD164 elicit<Bad>: at at: a form has no fields of the type 'Date'.",
      "6 MTD164 elicit<Bad>: at note: a form has no null.",
      "7 MTD164 elicit<Bad>: at code: the fields of a form have no 'pattern'.",
      "8 MTD164 elicit<Bad>: at level: a form has no fields of the type '1 | 2'.",
      "9 MTD164 elicit<Bad>: at tags: a form has no fields of the type 'string[]'.",
      "11 MTD164 elicit<Bad>: at id: the fields of a form have no 'format uuid'.",
      "16 MTD164 elicit<string[]>: a form has to be an object type with named properties, not 'string[]'.",
      "17 MTD164 elicit<Record<string, string>>: a form has to be an object type with named properties, not 'Record<string, string>'.",
      "18 MTD161 elicit: the call of elicit has no type.",
    ]);
  });
});
