import { describe, expect, it } from "vitest";
import { createServer, prompt, resource, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const string = { type: "string" };
const icons = [{ src: "https://example.org/a.png", mimeType: "image/png", sizes: ["48x48"], theme: "dark" as const }];
const meta = { "example.org/a": { b: 1 } };
const annotations = { audience: ["user" as const], priority: 0.5, lastModified: "2026-07-28T00:00:00Z" };
const shown = { title: "T", description: "D", icons, meta };
const published = { title: "T", description: "D", icons, _meta: meta };

class Titled {
  addNote(): void {}
  documented(): void {}
  hinted(): void {}
  both(): void {}
  full(): void {}
  all(): void {}
  fullAll(): void {}
  oneNote(id: string): string {
    return id;
  }
  fullNote(id: string): string {
    return id;
  }
  take_notes(): void {}
  fullPrompt(): void {}
}

defineService(Titled, {
  addNote: { as: tool() },
  documented: { as: tool(), title: "From a comment" },
  hinted: { as: tool({ annotations: { title: "From annotations", readOnlyHint: true } }) },
  both: { as: tool({ title: "Long", annotations: { title: "Short" } }), title: "From a comment" },
  full: { as: tool(shown) },
  all: { as: resource("notes://all"), kind: "resource" },
  fullAll: { as: resource("notes://full", { ...shown, annotations, size: 3 }), kind: "resource" },
  oneNote: { as: resource("notes://{id}"), kind: "resource", properties: { id: string } },
  fullNote: {
    as: resource("full://{id}", { ...shown, annotations, mimeType: "text/html" }),
    kind: "resource",
    properties: { id: string },
  },
  take_notes: { as: prompt(), kind: "prompt" },
  fullPrompt: { as: prompt(shown), kind: "prompt" },
});

const newServer = () => createServer({ name: "s", version: "1", services: [Titled] });

describe.each(["legacy", "modern"] as const)("a component in the %s era", (era) => {
  it("has a title from its decorator, its comment or its name, which tools repeat in annotations", async () => {
    await using client = await createTestClient(newServer(), { era });
    const tools = (await client.listTools()).map((each) => [each.title, each.annotations?.title]);
    expect(tools).toEqual([
      ["Add note", "Add note"],
      ["From a comment", "From a comment"],
      ["From annotations", "From annotations"],
      ["Long", "Short"],
      ["T", "T"],
    ]);
    expect((await client.listResources()).map(({ title }) => title)).toEqual(["All", "T"]);
    expect((await client.listResourceTemplates()).map(({ title }) => title)).toEqual(["One note", "T"]);
    expect((await client.listPrompts()).map(({ title }) => title)).toEqual(["Take notes", "T"]);
  });

  it("publishes its icons, its meta, and its annotations", async () => {
    await using client = await createTestClient(newServer(), { era });
    expect((await client.listTools()).at(-1)).toMatchObject(published);
    expect((await client.listResources()).at(-1)).toEqual({
      uri: "notes://full",
      name: "fullAll",
      ...published,
      annotations,
      size: 3,
    });
    expect((await client.listResourceTemplates()).at(-1)).toEqual({
      uriTemplate: "full://{id}",
      name: "fullNote",
      ...published,
      mimeType: "text/html",
      annotations,
    });
    expect((await client.listPrompts()).at(-1)).toEqual({ name: "fullPrompt", ...published });
  });
});
