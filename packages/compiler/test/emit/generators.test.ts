import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const SERVER = `import { type Context, createServer, type Progress, tool } from "methodic";

interface Summary { pages: number; at: Date }

class Site {
  @tool() async *crawl(urls: string[]): AsyncGenerator<string | Progress, Summary> {
    for (const [i, url] of urls.entries()) yield { progress: i, total: urls.length, message: url };
    yield "done";
    return { pages: urls.length, at: new Date(0) };
  }
  @tool() *story(words: string[], ctx: Context) {
    for (const word of words) yield \`\${word} \`;
    ctx.log.info("told");
  }
  @tool({ outputSchema: { type: "object", properties: { id: { type: "number" } }, required: ["id"] } }) async *own(id?: number) {
    yield "a";
    return { id };
  }
}

export default createServer({ name: "site", version: "1.0.0", services: [Site] });
`;

type Server = Parameters<typeof createTestClient>[0];

describe.each(["legacy", "standard"] as const)("compiled generators in the %s dialect", (dialect) => {
  let project: TemporaryProject;
  let server: Server;

  beforeAll(async () => {
    project = createProject({
      "package.json": { name: "site", type: "module" },
      "tsconfig.json": {
        compilerOptions: {
          // For an engine without async generators, TypeScript writes them as functions.
          target: dialect === "legacy" ? "ES2017" : "ES2022",
          module: "NodeNext",
          lib: ["ES2023"],
          types: ["node"],
          strict: true,
          skipLibCheck: true,
          experimentalDecorators: dialect === "legacy",
        },
      },
      "src/server.ts": SERVER,
    });
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    const module = (await import(pathToFileURL(project.path("dist/server.js")).href)) as { default: Server };
    server = module.default;
  });
  afterAll(() => project[Symbol.dispose]());

  it("send what they yield, and return their results", async () => {
    await using client = await createTestClient(server);
    const received: unknown[] = [];
    const onProgress = (report: unknown): void => void received.push(report);
    const crawled = await client.callTool("crawl", { urls: ["a", "b"] }, { onProgress });
    expect(crawled.structured).toEqual({ pages: 2, at: "1970-01-01T00:00:00.000Z" });
    expect(received).toEqual([
      { progress: 0, total: 2, message: "a" },
      { progress: 1, total: 2, message: "b" },
      { progress: 1.000001, total: 2, message: "done" },
    ]);
    expect((await client.callTool("story", { words: ["Once", "upon"] })).text).toBe("Once upon ");
    expect(client.logs).toEqual([{ level: "info", data: "told" }]);
  });

  it("have the schema of the returned type, or of their decorator", async () => {
    await using client = await createTestClient(server);
    const tools = await client.listTools();
    expect(tools.map(({ outputSchema }) => outputSchema && Object.keys(outputSchema["properties"] ?? {}))).toEqual([
      ["pages", "at"],
      undefined,
      ["id"],
    ]);
    expect((await client.callTool("own", { id: 1 })).structured).toEqual({ id: 1 });
    expect((await client.callTool("own")).isError).toBe(true);
  });
});
