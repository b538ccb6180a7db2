import { statSync } from "node:fs";
import { createTestClient } from "methodic/testing";
import { describe, expect, it } from "vitest";
import server from "../minimal/notes.ts";
import { ERAS } from "./example-server.ts";

describe.each(ERAS)("the minimal notes server in the %s era", (era) => {
  it("publishes four tools, two resources and a prompt", async () => {
    await using client = await createTestClient(server, { era });
    const tools = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(["add_note", "get_note", "list_notes", "delete_note"]);
    expect(tools[0]).toMatchObject({
      description: "Add a note.",
      inputSchema: {
        properties: {
          name: { type: "string", description: "Its name" },
          content: { type: "string", description: "Its text" },
        },
        required: ["name", "content"],
      },
    });
    expect((await client.listResources()).map((resource) => resource.uri)).toEqual(["notes://all"]);
    expect((await client.listResourceTemplates()).map((template) => template.uriTemplate)).toEqual(["notes://{name}"]);
    expect((await client.listPrompts()).map((prompt) => prompt.name)).toEqual(["take_notes"]);
  });

  it("adds, reads and deletes notes", async () => {
    await using client = await createTestClient(server, { era });
    const name = `note of ${era}`;
    expect((await client.callTool("add_note", { name, content: "text" })).text).toBe(`Note '${name}' added.`);
    expect((await client.callTool("get_note", { name })).text).toBe("text");
    expect(JSON.parse((await client.callTool("list_notes")).text)).toEqual([name]);
    expect((await client.readResource("notes://all")).text).toBe(`## ${name}\ntext`);
    expect((await client.readResource(`notes://${encodeURIComponent(name)}`)).text).toBe("text");
    expect((await client.callTool("delete_note", { name })).text).toBe("true");
    expect((await client.callTool("get_note", { name })).isError).toBe(true);
    const prompt = await client.getPrompt("take_notes", { topic: "rye" });
    expect(prompt.text).toBe("Save the key points about rye with add_note.");
  });
});

describe("the minimal notes server", () => {
  it("stays below 1,400 bytes", () => {
    expect(statSync(new URL("../minimal/notes.ts", import.meta.url)).size).toBeLessThanOrEqual(1400);
  });
});
