import { describe, expect, it, vi } from "vitest";
import { createServer, tool } from "../../src/index.ts";
import { defineManifest } from "../../src/manifest/define.ts";
import { MANIFEST_KEY, MANIFEST_VERSION, type MemberData, type MemberValidators } from "../../src/manifest/format.ts";
import { createTestClient } from "../../src/testing/test-client.ts";

const COUNT = 1000;
const names = Array.from({ length: COUNT }, (_, i) => `tool${i}`);

/** A class with a thousand tools, and how often its validators were made. */
function bigService(): {
  readonly Big: new () => object;
  readonly validators: ReturnType<typeof vi.fn<() => Record<string, MemberValidators>>>;
} {
  class Big {
    plain(): string {
      return "";
    }
  }
  for (const name of names) {
    Object.defineProperty(Big.prototype, name, { value: () => name });
    tool()(Big.prototype, name, Object.getOwnPropertyDescriptor(Big.prototype, name)!);
  }
  const member: MemberData = {
    kind: "tool",
    parameters: { names: [] },
    inputSchema: { type: "object" },
    result: "text",
  };
  const validators = vi.fn<() => Record<string, MemberValidators>>(() =>
    Object.fromEntries(names.map((name) => [name, { input: () => true }])),
  );
  const members = JSON.stringify(Object.fromEntries(names.map((name) => [name, member])));
  Object.defineProperty(Big, MANIFEST_KEY, {
    value: defineManifest({ version: MANIFEST_VERSION, members, validators }),
  });
  return { Big, validators };
}

describe("a server with a thousand tools", () => {
  it("parses its manifest once and creates validators at the first tool call", async () => {
    const { Big, validators } = bigService();
    const parse = vi.spyOn(JSON, "parse");
    const server = createServer({ name: "big", version: "1", services: [Big] });
    expect(parse).toHaveBeenCalledOnce();
    parse.mockRestore();
    await using client = await createTestClient(server);
    expect(await client.listTools()).toHaveLength(COUNT);
    expect(validators).not.toHaveBeenCalled();
    expect((await client.callTool("tool999")).text).toBe("tool999");
    expect((await client.callTool("tool0")).text).toBe("tool0");
    expect(validators).toHaveBeenCalledOnce();
  });

  it("gives every connection the same list", async () => {
    const server = createServer({ name: "big", version: "1", services: [bigService().Big] });
    await using one = await createTestClient(server);
    await using two = await createTestClient(server, { era: "legacy" });
    expect(await one.listTools()).toEqual(await two.listTools());
  });
});
