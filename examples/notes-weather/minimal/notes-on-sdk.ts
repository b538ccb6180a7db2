import { McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { z } from "zod";

const notes = new Map<string, string>();

function getNote(name: string): string {
  const content = notes.get(name);
  if (content === undefined) throw new Error(`Note '${name}' not found.`);
  return content;
}

const text = (value: string) => ({ type: "text" as const, text: value });

export function createNotesServer(): McpServer {
  const server = new McpServer({ name: "notes", version: "1.0.0" });
  server.registerTool(
    "add_note",
    {
      description: "Add a note.",
      inputSchema: z.strictObject({
        name: z.string().describe("Its name"),
        content: z.string().describe("Its text"),
      }),
    },
    ({ name, content }) => {
      notes.set(name, content);
      return { content: [text(`Note '${name}' added.`)] };
    },
  );
  server.registerTool(
    "get_note",
    {
      description: "Get a note.",
      inputSchema: z.strictObject({ name: z.string().describe("Its name") }),
    },
    ({ name }) => ({ content: [text(getNote(name))] }),
  );
  server.registerTool(
    "list_notes",
    {
      description: "List all names.",
      inputSchema: z.strictObject({}),
      outputSchema: z.array(z.string()),
    },
    () => {
      const names = [...notes.keys()];
      return { content: [text(JSON.stringify(names))], structuredContent: names };
    },
  );
  server.registerTool(
    "delete_note",
    {
      description: "Delete a note.",
      inputSchema: z.strictObject({ name: z.string().describe("Its name") }),
      outputSchema: z.boolean(),
    },
    ({ name }) => {
      const deleted = notes.delete(name);
      return { content: [text(String(deleted))], structuredContent: deleted };
    },
  );
  server.registerResource("all", "notes://all", { description: "All notes." }, (uri) => ({
    contents: [
      {
        uri: uri.href,
        mimeType: "text/plain",
        text: [...notes].map(([name, content]) => `## ${name}\n${content}`).join("\n"),
      },
    ],
  }));
  server.registerResource(
    "note",
    new ResourceTemplate("notes://{name}", { list: undefined }),
    { description: "One note." },
    (uri, { name }) => ({
      contents: [{ uri: uri.href, mimeType: "text/plain", text: getNote(decodeURIComponent(String(name))) }],
    }),
  );
  server.registerPrompt(
    "take_notes",
    {
      description: "Take notes.",
      argsSchema: z.object({ topic: z.string().describe("What about") }),
    },
    ({ topic }) => ({
      messages: [{ role: "user", content: text(`Save the key points about ${topic} with add_note.`) }],
    }),
  );
  return server;
}
