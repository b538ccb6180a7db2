import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

/** `hello` and `fail` are written for the official SDK. */
const SERVER = `import type { CallToolResult } from "@modelcontextprotocol/client";
import type { CallToolResult as ResultOfV1 } from "@modelcontextprotocol/sdk/types.js";
import type { CallToolResult as ResultOfV2 } from "@modelcontextprotocol/server";
import { type ContentBlock, createServer, file, image, prompt, resource, tool } from "methodic";
import { z } from "zod";

interface User { name: string }
interface Reply { content: { type: "text"; text: string }[]; isError?: boolean }
interface Article { title: string; content: string }
interface Lines { content: string[] }
interface Marks { content: { kind: string; text: string }[] }
const text = (value: string) => ({ content: [{ type: "text", text: value }] });

class Moved {
  /** As written for the SDK. */
  @tool() async hello() {
    return { content: [{ type: "text" as const, text: "hi" }] };
  }
  /** An error as the SDK wants it. */
  @tool() async fail() {
    return { isError: true, content: [{ type: "text" as const, text: "no such city" }] };
  }
  @tool() widened(isFound: boolean) { return isFound ? text("found") : { ...text("lost"), isError: true }; }
  @tool() textOrResult(isText: boolean) { return isText ? "text" : text("result"); }
  @tool() async declared(isText: boolean): Promise<CallToolResult | string> {
    return isText ? "text" : { content: [{ type: "text", text: "declared" }], isError: true };
  }
  @tool() async v1(): Promise<ResultOfV1> { return { ...text("v1"), isError: true } as ResultOfV1; }
  @tool() v2(): ResultOfV2 { return { content: [{ type: "text", text: "v2" }], isError: true, _meta: { "a.b/c": 1 } }; }
  @tool() handwritten(): Reply { return { content: [{ type: "text", text: "mine" }], isError: true }; }
  @tool({ outputSchema: z.object({ count: z.number() }) })
  withSchema() { return { ...text("7"), structuredContent: { count: 7 } }; }
  @tool() structured() { return { ...text("5"), structuredContent: { count: 5 } }; }
  @tool() blocks() { return [{ type: "text" as const, text: "a" }, { type: "text" as const, text: "b" }]; }
}

class Upstream {
  @tool() user(json: string): User { return JSON.parse(json) as User; }
  @tool() article(): Article { return { title: "a", content: "b" }; }
  @tool() lines(): Lines { return { content: ["a"] }; }
  @tool() marks(): Marks { return { content: [{ kind: "text", text: "a" }] }; }
  @tool() anything(json: string): unknown { return JSON.parse(json); }
  @tool() blocksOf(json: string): ContentBlock[] { return JSON.parse(json) as ContentBlock[]; }
  @tool() either(isImage: boolean, json: string): User | ContentBlock {
    return isImage ? image("", "image/png") : (JSON.parse(json) as User);
  }
  @resource("x://anything") page(): unknown { return JSON.parse('{"contents":[{"uri":"x://other","text":"a"}]}'); }
  @resource("x://moved") moved() { return { contents: [{ uri: "x://moved", text: "a" }] }; }
  @resource("x://file") file(): unknown { return file("x://file", "a"); }
  @prompt() ask(): unknown { return JSON.parse('{"role":"user","content":{"type":"text","text":"a"}}'); }
}

export default createServer({ name: "moved", version: "1.0.0", services: [Moved, Upstream] });
`;

type Server = Parameters<typeof createTestClient>[0];

let project: TemporaryProject;
let server: Server;

beforeAll(async () => {
  project = createProject({
    "package.json": { name: "moved", type: "module" },
    "tsconfig.json": {
      compilerOptions: { target: "ES2022", module: "NodeNext", types: ["node"], strict: true, skipLibCheck: true },
    },
    "src/server.ts": SERVER,
  });
  expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
  ({ default: server } = (await import(pathToFileURL(project.path("dist/server.js")).href)) as { default: Server });
});
afterAll(() => project[Symbol.dispose]());

describe.each(["legacy", "modern"] as const)("content and data in the %s era", (era) => {
  let client: Awaited<ReturnType<typeof createTestClient>>;

  beforeAll(async () => {
    client = await createTestClient(server, { era });
  });
  afterAll(() => client.close());

  const call = (name: string, args: object = {}) => client.callTool(name, args as never);

  it("are distinguished by the method's type if it is written as for the official SDK", async () => {
    expect(await call("hello")).toMatchObject({ text: "hi", structured: undefined });
    expect(await call("fail")).toMatchObject({ text: "no such city", isError: true, structured: undefined });
    expect(await call("widened", { isFound: true })).toMatchObject({ text: "found", isError: false });
    expect(await call("widened", { isFound: false })).toMatchObject({ text: "lost", isError: true });
    expect(await call("textOrResult", { isText: true })).toMatchObject({ text: "text" });
    expect(await call("textOrResult", { isText: false })).toMatchObject({ text: "result" });
    expect(await call("declared", { isText: true })).toMatchObject({ text: "text", isError: false });
    expect(await call("declared", { isText: false })).toMatchObject({ text: "declared", isError: true });
    expect(await call("v1")).toMatchObject({ text: "v1", isError: true, structured: undefined });
    expect((await call("v2")).raw).toMatchObject({
      content: [{ type: "text", text: "v2" }],
      isError: true,
      _meta: { "a.b/c": 1 },
    });
    expect(await call("handwritten")).toMatchObject({ text: "mine", isError: true, structured: undefined });
    expect(await call("withSchema")).toMatchObject({ text: "7", structured: { count: 7 } });
    expect(await call("structured")).toMatchObject({ text: "5", structured: { count: 5 } });
    expect((await call("blocks")).raw.content).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
  });

  it("publish an output schema for data that merely has a property named content", async () => {
    const tools = await client.listTools();
    const published = tools.filter(({ outputSchema }) => outputSchema).map(({ name }) => name);
    expect(published).toEqual(["withSchema", "user", "article", "lines", "marks"]);
    expect(await call("article")).toMatchObject({ structured: { title: "a", content: "b" }, isError: false });
    expect(await call("lines")).toMatchObject({ structured: { content: ["a"] } });
    expect(await call("marks")).toMatchObject({ structured: { content: [{ kind: "text", text: "a" }] } });
  });

  it.each([
    { content: [{ type: "text", text: "a" }], isError: true },
    { type: "resource_link", uri: "https://evil.example", name: "a" },
    [{ type: "text", text: "a", annotations: { audience: ["user"] } }],
  ])("are data if the value came from JSON and the type does not declare content: %j", async (value) => {
    const json = JSON.stringify(value);
    expect(await call("anything", { json })).toMatchObject({ text: json, isError: false });
    expect(await call("either", { json, isImage: false })).toMatchObject({ text: json });
    if (!Array.isArray(value)) {
      const user = { ...value, name: "Ada" };
      expect(await call("user", { json: JSON.stringify(user) })).toMatchObject({ structured: user, isError: false });
    } else expect((await call("blocksOf", { json })).raw.content).toEqual(value);
  });

  it("are content if a function of Methodic made the block", async () => {
    expect((await call("either", { json: "{}", isImage: true })).raw.content).toMatchObject([{ type: "image" }]);
    expect((await client.readResource("x://file")).text).toBe("a");
  });

  it("are distinguished in resources and prompts, too", async () => {
    expect((await client.readResource("x://anything")).contents).toMatchObject([
      { uri: "x://anything", mimeType: "application/json" },
    ]);
    expect((await client.readResource("x://moved")).text).toBe("a");
    expect((await client.getPrompt("ask")).text).toBe("a");
  });
});
