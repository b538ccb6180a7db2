import { describe, expect, it } from "vitest";
import { createServer } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { NotesService } from "../fixtures/notes.ts";

const newServer = () =>
  createServer({ name: "notes-server", version: "1.0.0", naming: "snake_case", services: [NotesService] });

describe.each(["legacy", "modern"] as const)("a server in the %s era", (era) => {
  it("lists its tools, resources, templates and prompts in source order", async () => {
    await using client = await createTestClient(newServer(), { era });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["add_note", "get_note", "count", "index"]);
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["notes://all"]);
    expect((await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate)).toEqual(["notes://{name}"]);
    expect(await client.listPrompts()).toEqual([
      {
        name: "assistant",
        title: "Assistant",
        arguments: [
          { name: "topic", description: "The topic", required: true },
          { name: "times", required: false },
        ],
      },
    ]);
  });

  it("calls tools, reads resources and gets prompts", async () => {
    await using client = await createTestClient(newServer(), { era });
    const added = await client.callTool("add_note", { name: "a", content: "b" });
    expect(added).toMatchObject({ text: "Note 'a' added successfully.", isError: false, structured: undefined });
    expect(await client.callTool("count")).toMatchObject({
      text: "1",
      structured: era === "modern" ? 1 : { result: 1 },
    });
    expect((await client.readResource("notes://all")).text).toBe("a");
    expect((await client.readResource("notes://a")).contents).toEqual([
      { uri: "notes://a", mimeType: "text/plain", text: "b" },
    ]);
    expect((await client.listResources()).at(-1)).toMatchObject({ uri: "notes://a", name: "a" });
    expect((await client.getPrompt("assistant", { topic: "x", times: "2" })).text).toBe(
      "Organize notes about x, 2 times.",
    );
  });

  it("sends logs and progress", async () => {
    await using client = await createTestClient(newServer(), { era });
    const progress: unknown[] = [];
    const { text } = await client.callTool(
      "index",
      { paths: ["p", "q"] },
      { onProgress: (report) => progress.push(report) },
    );
    expect(text).toBe(`indexed in the ${era} era`);
    expect(progress).toEqual([
      { progress: 1, total: 2, message: "p" },
      { progress: 2, total: 2, message: "q" },
    ]);
    expect(client.logs).toEqual([
      { level: "info", data: { message: "reading p", data: { i: 0 } } },
      { level: "info", data: { message: "reading q", data: { i: 1 } } },
    ]);
  });
});
