import { createTestClient } from "methodic/testing";
import { describe, expect, it } from "vitest";
import { buildServer } from "../fixtures/built-server.ts";

const SERVER = `import { createServer, tool } from "methodic";
import { currentContext } from "methodic/context";

class Database {
  async find(id: string): Promise<string> {
    const { server } = currentContext();
    await new Promise((resolve) => setTimeout(resolve, 1));
    return \`\${id} of \${server.name}, \${currentContext().meta["name"]}\`;
  }
}

interface Form { name: string }

class Notes {
  readonly #database = new Database();
  readonly #asked: string[] = [];
  @tool() async read(id: string): Promise<string> { return this.#database.find(id); }
  @tool() async ask(): Promise<string> {
    this.#asked.push("Who?");
    const answer = await currentContext().elicit<Form>("Who?");
    return answer.action === "accept" ? answer.data.name : answer.action;
  }
}

export default createServer({ name: "notes", version: "1.0.0", services: [Notes] });
`;

describe.each(["legacy", "standard"] as const)("currentContext in a compiled project in the %s dialect", (dialect) => {
  it("is shared between the entries of the package", async () => {
    using built = await buildServer(SERVER, dialect);
    expect(built.diagnostics.map(({ code, line }) => [code, line])).toEqual([["MTD260", 19]]);
    await using client = await createTestClient(built.server, {
      onElicit: ({ requestedSchema }) => ({
        action: "accept",
        data: { name: Object.keys(Object(requestedSchema["properties"])).join() },
      }),
    });
    const read = { name: "read", arguments: { id: "5" }, _meta: { name: "Ada" } };
    expect(await client.client.callTool(read)).toMatchObject({ content: [{ text: "5 of notes, Ada" }] });
    expect((await client.callTool("ask")).text).toBe("name");
  });
});
