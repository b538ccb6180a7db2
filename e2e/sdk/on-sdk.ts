import { completable, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { completable as completableV1 } from "@modelcontextprotocol/sdk/server/completable.js";
import {
  McpServer as McpServerV1,
  ResourceTemplate as ResourceTemplateV1,
} from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";

/** A version of the official SDK. */
export type SdkVersion = "v1" | "v2";

const PIXEL = "iVBORw0KGgo=";
const text = (value: string) => ({ type: "text" as const, text: value });
const answer = (value: string) => ({ content: [text(value)] });
const structured = (value: unknown) => ({ ...answer(JSON.stringify(value)), structuredContent: value as never });
const fail = (): never => {
  throw new Error("The disk is full.");
};

const USER = z.object({ id: z.number(), name: z.string(), email: z.string().optional() });

/** Creates the same server as `server/main.ts`, written for a version of the SDK. */
export function createOnSdk(version: SdkVersion): McpServer {
  const info = { name: "differential", version: "1.0.0" };
  const options = { instructions: "Compare me." };
  // Both versions register components in the same way.
  const server =
    version === "v1" ? (new McpServerV1(info, options) as unknown as McpServer) : new McpServer(info, options);
  registerTexts(server);
  registerStructured(server, version);
  registerBlocks(server);
  registerResources(server, version === "v1" ? (ResourceTemplateV1 as never) : ResourceTemplate);
  registerPrompts(server, createTone(version));
  return server;
}

function registerTexts(server: McpServer): void {
  server.registerTool("text", { description: "A text." }, () => answer("plain text"));
  server.registerTool(
    "greet",
    {
      description: "A greeting.",
      inputSchema: z.object({
        name: z.string().describe("The name"),
        mark: z.string().default("!").describe("The mark at its end"),
      }),
    },
    ({ name, mark }) => answer(`Hello, ${name}${mark}`),
  );
  server.registerTool("fail", { description: "A failure." }, fail);
  server.registerTool("refuse", { description: "A failure on purpose." }, () => {
    throw new Error("Not today.");
  });
  server.registerTool("whole", { description: "An error with structured content." }, () => ({
    ...answer("a part failed"),
    isError: true,
    _meta: { part: 2 },
  }));
  server.registerTool(
    "paint",
    {
      description: "A choice.",
      inputSchema: z.object({
        color: z.enum(["red", "green", "blue"]),
        coats: z.number().int().min(1).max(3).optional(),
      }),
    },
    ({ color, coats = 1 }) => answer(`${coats} × ${color}`),
  );
  server.registerTool(
    "ship",
    {
      description: "A nested input.",
      inputSchema: z.object({
        address: z.object({ street: z.string(), zip: z.string().optional() }),
        items: z.array(z.string()),
      }),
    },
    ({ address, items }) => answer(`${items.join(" and ")} to ${address.street}`),
  );
}

/** Version 1 has no structured results but objects: clients of 2025-11-25 see the same wrapper. */
function registerStructured(server: McpServer, version: SdkVersion): void {
  const schemaOf = <T extends z.ZodType>(schema: T) =>
    (version === "v1" ? z.object({ result: schema }) : schema) as unknown as z.ZodType;
  const resultOf = (value: unknown) =>
    version === "v1" ? { ...answer(JSON.stringify(value)), structuredContent: { result: value } } : structured(value);
  server.registerTool(
    "add",
    {
      description: "A sum.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: schemaOf(z.number()),
    },
    ({ a, b }) => resultOf(a + b),
  );
  server.registerTool(
    "user",
    { description: "A user.", inputSchema: z.object({ id: z.number().int() }), outputSchema: USER },
    ({ id }) => structured({ id, name: "Ada" }),
  );
  server.registerTool(
    "count",
    {
      description: "Numbers.",
      inputSchema: z.object({ to: z.number().int().min(0).max(10) }),
      outputSchema: schemaOf(z.array(z.number())),
    },
    ({ to }) => resultOf(Array.from({ length: to }, (_, i) => i + 1)),
  );
  server.registerTool(
    "is_even",
    {
      description: "A decision.",
      inputSchema: z.object({ of: z.number().int() }),
      outputSchema: schemaOf(z.boolean()),
    },
    ({ of }) => resultOf(of % 2 === 0),
  );
  server.registerTool("lie", { description: "A result that is not of its type.", outputSchema: USER }, () =>
    structured({ id: "one", name: "Ada" }),
  );
}

function registerBlocks(server: McpServer): void {
  server.registerTool("nothing", { description: "Nothing." }, () => ({ content: [] }));
  server.registerTool("picture", { description: "An image." }, () => ({
    content: [{ type: "image", data: PIXEL, mimeType: "image/png" }],
  }));
  server.registerTool("mixed", { description: "Blocks." }, () => ({
    content: [
      text("a text"),
      { type: "resource_link", uri: "diff://text", name: "linked" },
      { type: "resource", resource: { uri: "diff://text", text: "embedded", mimeType: "text/plain" } },
    ],
  }));
  server.registerTool(
    "described",
    {
      title: "Described",
      description: "All metadata.",
      annotations: { readOnlyHint: true, idempotentHint: true },
      icons: [{ src: "https://example.com/icon.png", mimeType: "image/png" }],
      _meta: { "example.com/team": "core" },
    },
    () => answer("described"),
  );
}

function registerResources(server: McpServer, Template: typeof ResourceTemplate): void {
  const contents = (uri: URL, content: object) => ({ contents: [{ uri: uri.href, ...content } as never] });
  const plain = { mimeType: "text/plain" };
  server.registerResource("text", "diff://text", { description: "A text.", ...plain }, (uri) =>
    contents(uri, { text: "a text", ...plain }),
  );
  const json = { mimeType: "application/json" };
  server.registerResource("json", "diff://json", { description: "A value.", ...json }, (uri) =>
    contents(uri, { text: JSON.stringify({ a: 1 }), ...json }),
  );
  const png = { mimeType: "image/png" };
  server.registerResource("bytes", "diff://bytes", { description: "Bytes.", ...png }, (uri) =>
    contents(uri, { blob: PIXEL, ...png }),
  );
  server.registerResource("broken", "diff://broken", { description: "A failure." }, fail);
  const users = ["ada", "eve"];
  server.registerResource(
    "user",
    new Template("diff://user/{id}", {
      list: () => ({ resources: users.map((id) => ({ uri: `diff://user/${id}`, name: id })) }),
      complete: { id: (value) => users.filter((id) => id.startsWith(value)) },
    }),
    { description: "A user.", ...plain },
    (uri, { id }) => {
      if (id === "none") throw new Error("User none not found.");
      return contents(uri, { text: `user ${String(id)}`, ...plain });
    },
  );
}

/** An optional argument with completions. Only version 2 finds them inside of `optional`. */
function createTone(version: SdkVersion): z.ZodType {
  const tones = ["formal", "casual"] as const;
  const offer = (value: string | undefined = "") => tones.filter((tone) => tone.startsWith(value));
  const schema = z.enum(tones).describe("The tone");
  if (version === "v2") return completable(schema, offer).optional();
  return completableV1(schema.optional().describe("The tone"), offer);
}

function registerPrompts(server: McpServer, tone: z.ZodType): void {
  const user = (value: string) => ({ messages: [{ role: "user" as const, content: text(value) }] });
  server.registerPrompt("plain", { description: "No arguments." }, () => user("Say something."));
  const argsSchema = { topic: z.string().describe("The topic"), tone };
  server.registerPrompt("write", { description: "Arguments.", argsSchema: argsSchema as never }, (args: unknown) => {
    const { topic, tone = "neutral" } = args as { topic: string; tone?: string };
    return user(`Write about ${topic}, ${tone}.`);
  });
  server.registerPrompt("talk", { description: "Messages." }, () => ({
    messages: [
      { role: "user", content: text("Hello?") },
      { role: "assistant", content: text("Hello!") },
    ],
  }));
  server.registerPrompt("stuck", { description: "A failure." }, fail);
}
