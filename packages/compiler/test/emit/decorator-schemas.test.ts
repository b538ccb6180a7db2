import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { runNode } from "../../../../fixtures/process.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const PLUGIN = fileURLToPath(new URL("../../dist/vite.js", import.meta.url));
const REGISTER = pathToFileURL(fileURLToPath(new URL("../../dist/register.js", import.meta.url))).href;

/** The same schema in every library; each tool returns its input. */
const SERVICE = `import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { type Context, createServer, tool } from "methodic";
import * as v from "valibot";
import { z } from "zod";

const Zod = z.object({ item: z.string().describe("What."), amount: z.int().min(1).default(1) });
const Ark = type({ item: "string", amount: "number.integer >= 1 = 1" });
const Valibot = toStandardJsonSchema(v.object({ item: v.string(), amount: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1) }));
const Total = z.object({ total: z.number().transform((total) => Math.round(total)).pipe(z.int()) });
const inputSchema = {
  type: "object",
  properties: { item: { type: "string" }, amount: { type: "integer", minimum: 1 } },
  required: ["item"],
  additionalProperties: false,
} as const;
const options = { plain: { inputSchema, title: "Plain" } };

class Shop {
  @tool({ inputSchema: Zod }) zod({ item, amount }: z.infer<typeof Zod>, ctx: Context): string { return [ctx.era, item, amount].join(" "); }
  @tool({ inputSchema: Ark }) ark({ item, amount }: typeof Ark.infer): string { return item + " " + amount; }
  @tool({ inputSchema: Valibot }) valibot({ item, amount }: { item: string; amount: number }): string { return item + " " + amount; }
  @tool({ inputSchema }) short(input: { item: string; amount?: number }): string { return input.item + " " + (input.amount ?? 1); }
  @tool(options.plain) plain(input: { item: string; amount?: number }): string { return input.item + " " + (input.amount ?? 1); }
  @tool({ outputSchema: Total }) total(sum: number): { total: number } { return { total: sum }; }
  @tool({ inputSchema: Zod, outputSchema: { type: "object", properties: { ok: { const: true } }, required: ["ok"] } })
  both({ amount }: z.infer<typeof Zod>): { ok: boolean } { return { ok: amount > 1 }; }
}
export default createServer({ name: "shop", version: "1.0.0", services: [Shop] });
`;

const TAKING = ["zod", "ark", "valibot", "short", "plain"];

/** The results in an author's program, however it is run. */
const CHECK = `import { createTestClient } from "methodic/testing";
import server from "./server.js";

export async function check(): Promise<string> {
  await using client = await createTestClient(server);
  const texts = [];
  for (const name of ${JSON.stringify(TAKING)}) texts.push((await client.callTool(name, { item: "tea", amount: "2" })).text);
  return texts.join("; ");
}
`;
const CHECKED = "modern tea 2; tea 2; tea 2; tea 2; tea 2";

function createShop(dialect: "legacy" | "standard"): TemporaryProject {
  return createProject({
    "package.json": { name: "shop", type: "module" },
    "tsconfig.json": {
      compilerOptions: {
        target: "ES2022",
        lib: ["ES2023", "ESNext.Disposable", "DOM"],
        module: "NodeNext",
        strict: true,
        skipLibCheck: true,
        types: ["node"],
        rootDir: "src",
        outDir: "dist",
        experimentalDecorators: dialect === "legacy",
      },
      include: ["src"],
    },
    "src/server.ts": SERVICE,
    "src/check.ts": CHECK,
  });
}

describe.each(["legacy", "standard"] as const)("decorator schemas in the %s dialect", (dialect) => {
  let project: TemporaryProject;
  let server: Parameters<typeof createTestClient>[0];

  beforeAll(async () => {
    project = createShop(dialect);
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    ({ default: server } = (await import(pathToFileURL(project.path("dist/server.js")).href)) as {
      default: typeof server;
    });
  });

  afterAll(() => project[Symbol.dispose]());

  it.each(["legacy", "modern"] as const)("are published and checked in the %s era", async (era) => {
    await using client = await createTestClient(server, { era });
    const tools = new Map((await client.listTools()).map((tool) => [tool.name, tool]));
    for (const name of [...TAKING, "both"]) {
      expect(tools.get(name)?.inputSchema).toMatchObject({
        type: "object",
        properties: { item: { type: "string" }, amount: { type: "integer", minimum: 1 } },
        required: ["item"],
      });
    }
    expect(tools.get("plain")?.title).toBe("Plain");
    for (const name of TAKING) {
      const start = name === "zod" ? `${era} ` : "";
      expect((await client.callTool(name, { item: "tea" })).text).toBe(`${start}tea 1`);
      expect((await client.callTool(name, { item: "tea", amount: "2" })).text).toBe(`${start}tea 2`);
      const { isError, text } = await client.callTool(name, { amount: 0 });
      expect(isError).toBe(true);
      expect(text).toContain("- amount: expected a number >= 1, received number 0.");
      expect(text).toContain("- item: missing but required (string).");
    }
    expect((await client.callTool("total", { sum: 2.4 })).structured).toEqual({ total: 2 });
    expect((await client.callTool("both", { item: "tea", amount: 2 })).structured).toEqual({ ok: true });
    expect((await client.callTool("both", { item: "tea" })).isError).toBe(true);
  });
});

it("decorator schemas work from the sources and in the author's tests", async () => {
  using project = createShop("standard");
  project.write("src/main.ts", 'import { check } from "./check.js";\nconsole.log(await check());\n');
  const run = await runNode(["--import", REGISTER, "src/main.ts"], { cwd: project.root, env: {} });
  expect(run).toMatchObject({ exitCode: 0, stdout: `${CHECKED}\n` });
  project.write(
    "test/shop.test.ts",
    `import { expect, test } from "vitest";\nimport { check } from "../src/check.js";\ntest("shop", async () => expect(await check()).toBe(${JSON.stringify(CHECKED)}));\n`,
  );
  project.write(
    "vitest.config.js",
    `import { methodic } from ${JSON.stringify(PLUGIN)};\nexport default { plugins: [methodic()] };\n`,
  );
  const test = await runNode([VITEST, "run", "--reporter=default"], { cwd: project.root, env: { NO_COLOR: "1" } });
  expect(test.stdout).toMatch(/Tests\s+1 passed \(1\)/);
});
