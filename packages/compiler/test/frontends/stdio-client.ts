import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect } from "vitest";

/** A server process and the official client that drives it. */
export interface ConnectedProcess extends AsyncDisposable {
  readonly client: Client;
  /** Calls a tool and returns its text, and its structured content if it has some. */
  call(name: string, args?: Record<string, unknown>): Promise<CallOutcome>;
}

/** What a tool answered. */
export interface CallOutcome {
  readonly text: string;
  readonly structured?: unknown;
  readonly isError?: boolean;
}

/** Starts `node <args>`, or another program, and connects to it over stdio. */
export async function connectToProcess(
  args: readonly string[],
  cwd: string,
  command: string = process.execPath,
): Promise<ConnectedProcess> {
  const transport = new StdioClientTransport({ command, args: [...args], cwd, stderr: "pipe" });
  let errors = "";
  transport.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport).catch((cause: unknown) => {
    throw new Error(`The server did not start. Its stderr:\n${errors}`, { cause });
  });
  return {
    client,
    call: async (name, args = {}) => {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
      const [block] = content;
      return {
        text: block?.type === "text" ? block.text : "",
        ...(structuredContent !== undefined && { structured: structuredContent }),
        ...(isError && { isError }),
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Checks that every class of the services project was compiled: listed with its schema, called, and validated. */
export async function expectEveryClass({ client, call }: ConnectedProcess): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(["add_note", "where_am_i", "search", "find", "count", "ping"]);
  expect(tools[0]).toMatchObject({
    description: "Adds a note.",
    inputSchema: {
      type: "object",
      properties: { name: { type: "string", description: "The name" }, level: { enum: [1, 2], default: 1 } },
      required: ["name"],
      additionalProperties: false,
    },
  });
  expect(await call("add_note", { name: "a", level: 2 })).toEqual({ text: "a at 2" });
  expect(await call("add_note", { name: "a" })).toEqual({ text: "a at 1" });
  expect(await call("add_note", { level: 3 })).toMatchObject({ isError: true, text: expect.stringContaining("name") });
  expect(await call("search", { query: "q" })).toMatchObject({ structured: { hits: ["q", "10"] } });
  expect(await call("find", { id: 7 })).toMatchObject({ structured: { id: 7, name: "user 7" } });
  expect(await call("count")).toMatchObject({ text: "1" });
  expect(await call("ping")).toEqual({ text: "pong" });
}
