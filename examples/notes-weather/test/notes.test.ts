import { tmpdir } from "node:os";
import { createTestClient, type TestClientOptions } from "methodic/testing";
import { describe, expect, it, vi } from "vitest";
import { createExampleServer, ERAS } from "./example-server.ts";

describe.each(ERAS)("NotesService in the %s era", (era) => {
  const connect = (database?: string, onElicit?: TestClientOptions["onElicit"]) =>
    createTestClient(createExampleServer(database === undefined ? {} : { database }), {
      era,
      ...(onElicit && { onElicit }),
    });

  it("returns the content of an added note, unquoted", async () => {
    await using client = await connect();
    const added = await client.callTool("add_note", { name: "shopping", content: 'milk\n"bread"' });
    expect(added.isError).toBe(false);
    expect(added.content).toEqual([{ type: "text", text: "Note 'shopping' added successfully." }]);
    expect(added.structured).toBeUndefined();
    expect((await client.callTool("get_note", { name: "shopping" })).text).toBe('milk\n"bread"');
  });

  it("replaces an existing note and keeps its place", async () => {
    await using client = await connect();
    await client.callTool("add_note", { name: "a", content: "1" });
    await client.callTool("add_note", { name: "b", content: "2" });
    await client.callTool("add_note", { name: "a", content: "3" });
    expect((await client.callTool("list_notes")).text).toBe("Saved notes: a, b");
    expect((await client.callTool("get_note", { name: "a" })).text).toBe("3");
  });

  it.each([
    { name: "", content: "x" },
    { name: "x", content: "" },
    { name: " \t", content: "x" },
    { name: "x", content: "\n" },
  ])("rejects the blank note %o", async (note) => {
    await using client = await connect();
    const result = await client.callTool("add_note", note);
    expect(result).toMatchObject({ isError: true, text: "Name and content are required." });
    expect((await client.callTool("list_notes")).text).toBe("No notes saved yet.");
  });

  it("lists notes in the order in which they were added", async () => {
    await using client = await connect();
    expect((await client.callTool("list_notes")).text).toBe("No notes saved yet.");
    for (const name of ["zebra", "apple", "mango"]) await client.callTool("add_note", { name, content: "x" });
    expect((await client.callTool("list_notes")).text).toBe("Saved notes: zebra, apple, mango");
  });

  it("deletes a note, and fails when it is deleted again", async () => {
    await using client = await connect();
    await client.callTool("add_note", { name: "a", content: "1" });
    const first = await client.callTool("delete_note", { name: "a" });
    expect(first).toMatchObject({ isError: false, text: "Note 'a' deleted." });
    const second = await client.callTool("delete_note", { name: "a" });
    expect(second).toMatchObject({ isError: true, text: "Note 'a' not found." });
  });

  it.each([
    [{ action: "accept" }, "Note 'long' deleted.", "No notes saved yet."],
    [{ action: "decline" }, "Note 'long' was kept.", "Saved notes: long"],
    [{ action: "cancel" }, "Note 'long' was kept.", "Saved notes: long"],
  ] as const)("asks before it deletes a long note: %j", async (answer, text, left) => {
    const onElicit = vi.fn<NonNullable<TestClientOptions["onElicit"]>>(() => answer);
    await using client = await connect(":memory:", onElicit);
    await client.callTool("add_note", { name: "long", content: "é".repeat(513) });
    expect((await client.callTool("delete_note", { name: "long" })).text).toBe(text);
    expect((await client.callTool("list_notes")).text).toBe(left);
    expect(onElicit.mock.calls.map(([{ message }]) => message)).toEqual(["Delete the note 'long' of 1026 bytes?"]);
  });

  it("deletes short notes only if the client cannot ask its user", async () => {
    await using client = await connect();
    await client.callTool("add_note", { name: "short", content: "x".repeat(1024) });
    await client.callTool("add_note", { name: "long", content: "x".repeat(1025) });
    expect((await client.callTool("delete_note", { name: "short" })).text).toBe("Note 'short' deleted.");
    const refused = await client.callTool("delete_note", { name: "long" }).then(
      ({ text }) => text,
      (error: Error) => error.message,
    );
    expect(refused).toContain("the client does not declare the capability 'elicitation.form'");
    expect((await client.callTool("list_notes")).text).toBe("Saved notes: long");
  });

  it("names the unknown note in the error", async () => {
    await using client = await connect();
    const result = await client.callTool("get_note", { name: "nope" });
    expect(result).toMatchObject({ isError: true, text: "Note 'nope' not found." });
  });

  it("reports argument errors as tool results that name the field", async () => {
    await using client = await connect();
    const missing = await client.callTool("add_note", { name: "a" });
    expect(missing.isError).toBe(true);
    expect(missing.text).toContain("content");
    const unknown = await client.callTool("add_note", { name: "a", content: "b", size: "big" });
    expect(unknown.isError).toBe(true);
    expect(unknown.text).toContain("size");
    const wrong = await client.callTool("get_note", { name: { first: "a" } });
    expect(wrong.isError).toBe(true);
    expect(wrong.text).toContain("name");
    expect((await client.callTool("list_notes")).text).toBe("No notes saved yet.");
  });

  it("names an unusable database and the fix, without a stack trace", async () => {
    await using client = await connect(tmpdir());
    const result = await client.callTool("add_note", { name: "a", content: "b" });
    expect(result.isError).toBe(true);
    expect(result.text).toContain(`Cannot use the notes database '${tmpdir()}'`);
    expect(result.text).toContain("NOTES_DB");
    expect(result.text).not.toMatch(/\n\s+at |\.[jt]s:\d/);
  });

  it("publishes all notes and their number as resources", async () => {
    await using client = await connect();
    expect((await client.readResource("notes://all")).text).toBe("No notes available.");
    expect((await client.readResource("notes://count")).text).toBe("0 notes saved");
    await client.callTool("add_note", { name: "a", content: "1" });
    await client.callTool("add_note", { name: "b", content: "2" });
    expect((await client.readResource("notes://all")).text).toBe("## a\n1\n## b\n2");
    expect((await client.readResource("notes://count")).text).toBe("2 notes saved");
  });

  it("publishes each note as a resource", async () => {
    await using client = await connect();
    await client.callTool("add_note", { name: "to do / später", content: "rest" });
    const note = await client.readResource("notes://to%20do%20%2F%20sp%C3%A4ter");
    expect(note.contents).toEqual([
      { uri: "notes://to%20do%20%2F%20sp%C3%A4ter", mimeType: "text/plain", text: "rest" },
    ]);
  });

  it("responds to a read of an unknown note with the protocol's not-found error", async () => {
    await using client = await connect();
    await expect(client.readResource("notes://nope")).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("Note 'nope' not found."),
      data: expect.objectContaining({ uri: "notes://nope" }),
    });
  });

  it("reads the static resource when a note has its name", async () => {
    await using client = await connect();
    await client.callTool("add_note", { name: "all", content: "mine" });
    expect((await client.readResource("notes://all")).text).toBe("## all\nmine");
    const uris = (await client.listResources()).map((resource) => resource.uri);
    expect(uris).toEqual(["notes://all", "notes://count", "server://info"]);
  });

  it("lists each note under a URI that can be read", async () => {
    await using client = await connect();
    const odd = ["Q: why?", "/abs", "..", ".", "a\nb", "a\tb", "%2e%2e", "\0", "C:\\x", "~", "x".repeat(5000)];
    const names = ["plain", "with space", "a/b", "50% off?", "#1", "日本", ...odd];
    for (const name of names) await client.callTool("add_note", { name, content: `content of ${name}` });
    const listed = (await client.listResources()).filter(
      ({ uri }) => !["notes://all", "notes://count", "server://info"].includes(uri),
    );
    const texts = await Promise.all(listed.map(async ({ uri }) => (await client.readResource(uri)).text));
    expect(texts).toEqual(names.map((name) => `content of ${name}`));
    expect((await client.listResourceTemplates()).map((template) => template.uriTemplate)).toEqual(["notes://{name}"]);
  });

  it("publishes the name and version of the server", async () => {
    await using client = await connect();
    const { contents, text } = await client.readResource("server://info");
    expect(contents[0]).toMatchObject({ mimeType: "application/json" });
    expect(JSON.parse(text)).toEqual({
      name: "notes-server",
      version: "1.0.0",
      framework: { name: "methodic", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      node: process.version,
    });
  });

  it("completes the topic of the prompt with the names of notes", async () => {
    await using client = await connect();
    await client.callTool("add_note", { name: "sourdough", content: "Feed it daily." });
    const ref = { type: "ref/prompt" as const, name: "note_taking_assistant" };
    const { completion } = await client.client.complete({ ref, argument: { name: "topic", value: "Sou" } });
    expect(completion.values).toEqual(["sourdough"]);
  });

  it("creates a prompt for a topic", async () => {
    await using client = await connect();
    const prompt = await client.getPrompt("note_taking_assistant", { topic: "sourdough" });
    expect(prompt.messages).toHaveLength(1);
    expect(prompt.messages[0]).toMatchObject({ role: "user", content: { type: "text" } });
    for (const part of ["sourdough", "key points", "name", "add_note", "list_notes", "get_note", "ummar"]) {
      expect(prompt.text).toContain(part);
    }
    await expect(client.getPrompt("note_taking_assistant", {})).rejects.toThrow("topic");
  });
});
