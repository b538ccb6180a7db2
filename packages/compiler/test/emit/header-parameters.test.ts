import { pathToFileURL } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { compileProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const SERVER = `import { createServer, type Int, prompt, resource, tool } from "methodic";

interface Place {
  /** The zone. @x-mcp-header Zone */
  zone: "north" | "south";
}

class Store {
  /**
   * Counts what is in stock.
   * @param region Where to look
   * @x-mcp-header Region
   * @param level The shelf @x-mcp-header Level
   * @param place A part of the region
   */
  @tool() count(region: string, level?: Int<0, 9>, place?: Place): string {
    return [region, level, place?.zone].join();
  }
  /** Returns a place. */
  @tool() find(): Place {
    return { zone: "north" };
  }
  /** @param region Where to look @x-mcp-header Region */
  @prompt() describe(region: string): string {
    return region;
  }
  /**
   * A shelf.
   * @param level The shelf @x-mcp-header Level
   * @x-mcp-header Shelf
   */
  @resource("store://{level}") shelf(level: string): string {
    return level;
  }
}

export default createServer({ name: "store", version: "1.0.0", auth: "none", services: [Store], http: { sessions: true } });
`;

interface Server {
  fetch(request: Request): Promise<Response>;
}

describe("The tag @x-mcp-header", () => {
  let project: TemporaryProject;
  let server: Server;

  beforeAll(async () => {
    project = createProject({
      "package.json": { name: "store", type: "module" },
      "tsconfig.json": {
        compilerOptions: {
          target: "ES2022",
          module: "NodeNext",
          lib: ["ES2023"],
          types: ["node"],
          strict: true,
          skipLibCheck: true,
        },
      },
      "src/server.ts": SERVER,
    });
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    const module = (await import(pathToFileURL(project.path("dist/server.js")).href)) as { default: Server };
    server = module.default;
  });
  afterAll(() => project[Symbol.dispose]());

  /** Connects the official client; `change` changes the headers that it sends. */
  async function connect(era: "legacy" | "modern", change: (headers: Headers) => void): Promise<Client> {
    const client = new Client(
      { name: "test", version: "1.0.0" },
      { versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" } },
    );
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
      fetch: (url, init) => {
        const request = new Request(url, init);
        change(request.headers);
        return server.fetch(request);
      },
    });
    await client.connect(transport);
    return client;
  }

  const args = { region: "eu", level: 3, place: { zone: "south" } };

  it.each(["legacy", "modern"] as const)("is published, and clients call the tool, in the %s era", async (era) => {
    const sent: string[] = [];
    const client = await connect(era, (headers) => {
      sent.push(...["region", "level", "zone"].flatMap((name) => headers.get(`mcp-param-${name}`) ?? []));
    });
    const { tools } = await client.listTools();
    expect(tools).toMatchObject([
      {
        name: "count",
        description: "Counts what is in stock.",
        inputSchema: {
          properties: {
            region: { type: "string", description: "Where to look", "x-mcp-header": "Region" },
            level: { type: "integer", description: "The shelf", "x-mcp-header": "Level" },
            place: { properties: { zone: { description: "The zone.", "x-mcp-header": "Zone" } } },
          },
        },
      },
      { name: "find" },
    ]);
    expect(JSON.stringify(tools[1])).not.toContain("x-mcp-header");
    // Headers belong to calls of tools. Elsewhere, the tag leaves no text behind.
    const { prompts } = await client.listPrompts();
    expect(prompts).toMatchObject([{ arguments: [{ name: "region", description: "Where to look" }] }]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ description: "A shelf." }]);
    expect(JSON.stringify([prompts, resourceTemplates])).not.toContain("mcp-header");
    const { content } = await client.callTool({ name: "count", arguments: args });
    expect(content).toEqual([{ type: "text", text: "eu,3,south" }]);
    expect(sent).toEqual(era === "modern" ? ["eu", "3", "south"] : []);
    await client.close();
  });

  it("makes the server refuse a header that differs from the argument", async () => {
    const client = await connect("modern", (headers) => {
      if (headers.has("mcp-param-region")) headers.set("mcp-param-region", "us");
    });
    await client.listTools();
    await expect(client.callTool({ name: "count", arguments: args })).rejects.toMatchObject({ code: -32020 });
    await client.close();
  });
});

describe("An invalid @x-mcp-header", () => {
  it.each([
    [
      "a: string[]",
      "a",
      "Region",
      "invalid @x-mcp-header of 'a': the property must have the type string, integer or boolean",
    ],
    [
      "a: number",
      "a",
      "Region",
      "invalid @x-mcp-header of 'a': the property must have the type string, integer or boolean",
    ],
    ["a: string | null", "a", "Region", "invalid @x-mcp-header of 'a'"],
    ["a: { b: string }[]", "a.b", "Region", "must be on a property of the input, not inside another keyword"],
    ["a: string", "a", "(Region)", "invalid value of the JSDoc tag @x-mcp-header: '(Region)'."],
    ["a: string", "a", "", "invalid value of the JSDoc tag @x-mcp-header: ''."],
  ])("is a problem: %s, @param %s, %s", (...row) => {
    const [parameter, name, header, message] = row;
    using project = createStubProject({
      "a.ts": `import { tool } from "methodic";
export class Store {
  /** @param ${name} The text @x-mcp-header ${header} */
  @tool() find(${parameter}): void {}
}
`,
    });
    const { diagnostics } = compileProject({ root: project.root });
    expect(diagnostics.map((each) => each.message).join()).toContain(message);
    expect(diagnostics).toHaveLength(1);
  });

  it("is a problem if two parameters have the same header, whatever the case", () => {
    using project = createStubProject({
      "a.ts": `import { tool } from "methodic";
export class Store {
  /** @param a First @x-mcp-header Region @param b Second @x-mcp-header REGION */
  @tool() find(a: string, b: string): void {}
}
`,
    });
    const { diagnostics } = compileProject({ root: project.root });
    expect(diagnostics).toMatchObject([
      {
        code: "MTD126",
        line: 4,
        message: expect.stringContaining("'REGION' is the header of two parameters") as unknown,
      },
    ]);
  });
});
