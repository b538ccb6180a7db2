import { describe, expect, it } from "vitest";
import { createServer, prompt, resource, tool } from "../../src/index.ts";
import { DESCRIBE_SERVER, type ServerDescription } from "../../src/manifest/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

class Board {
  open(): string {
    return "open";
  }
  wipe(): string {
    return "wiped";
  }
  page(): string {
    return "page";
  }
  pages(n: string): string {
    return n;
  }
  review(tone: string): string {
    return tone;
  }
}
defineService(Board, {
  open: { as: tool({ tags: ["read"] }) },
  wipe: { as: tool({ enabled: false, tags: ["admin"] }) },
  page: { as: resource("board://page", { enabled: false }), kind: "resource" },
  pages: {
    as: resource("board://pages/{n}", { enabled: false }),
    kind: "resource",
    properties: { n: { type: "string" } },
  },
  review: {
    as: prompt({ enabled: false }),
    kind: "prompt",
    properties: { tone: { enum: ["kind", "strict"] } },
  },
});

class Hidden {
  wipe(): string {
    return "wiped";
  }
}
defineService(Hidden, { wipe: { as: tool({ enabled: false }) } });

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("disabled components over %s", (_, path) => {
  it("are not listed", async () => {
    await using opened = await path.open({ services: [Board] });
    const { tools } = await opened.client.listTools();
    const { resources } = await opened.client.listResources();
    const { resourceTemplates } = await opened.client.listResourceTemplates();
    const { prompts } = await opened.client.listPrompts();
    expect(tools.map(({ name }) => name)).toEqual(["open"]);
    expect([resources, resourceTemplates, prompts]).toEqual([[], [], []]);
  });

  it("fail as unknown ones do", async () => {
    await using opened = await path.open({ services: [Board] });
    const { client } = opened;
    await expect(client.callTool({ name: "wipe" })).rejects.toThrow('Unknown tool: "wipe".');
    await expect(client.readResource({ uri: "board://page" })).rejects.toThrow("Resource not found: board://page");
    await expect(client.readResource({ uri: "board://pages/1" })).rejects.toThrow(
      "Resource not found: board://pages/1",
    );
    await expect(client.getPrompt({ name: "review", arguments: {} })).rejects.toThrow('Unknown prompt: "review".');
    const ref = { type: "ref/prompt", name: "review" } as const;
    await expect(client.complete({ ref, argument: { name: "tone", value: "" } })).rejects.toThrow("Unknown prompt");
  });
});

describe("a server with disabled components", () => {
  it.each(["legacy", "modern"] as const)("declares the capabilities of all kinds (%s)", async (era) => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Hidden] }), { era });
    expect(client.client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
    expect(await client.listTools()).toEqual([]);
  });

  it("does not suggest them for a misspelled name", async () => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Hidden] }));
    await expect(client.callTool("wipee")).rejects.toThrow('Unknown tool: "wipee".');
  });

  it("describes them to the compiler, because they belong to its contract", () => {
    const server = createServer({ name: "s", version: "1", services: [Board] });
    const described = (server as unknown as { [DESCRIBE_SERVER](): ServerDescription })[DESCRIBE_SERVER]();
    expect(described.tools.map(({ name }) => name)).toEqual(["open", "wipe"]);
    expect(described.prompts.map(({ name }) => name)).toEqual(["review"]);
  });
});

describe("the options tags and enabled", () => {
  it.each([
    [{ tags: ["a", ""] }, "invalid option 'tags[1]'"],
    [{ tags: "a" }, "invalid option 'tags'"],
    [{ enabled: "no" }, "invalid option 'enabled'"],
  ])("refuse %j", (options, message) => {
    class Wrong {
      run(): void {}
    }
    expect(() => defineService(Wrong, { run: { as: tool(options as never) } })).toThrow(message);
  });
});
