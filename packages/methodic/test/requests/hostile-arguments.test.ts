import { describe, expect, it } from "vitest";
import { prompt, resource, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";
import { type Answer, HUGE, type Wire, WIRES, withEnvelope } from "../fixtures/wires.ts";

const tree = {
  properties: { root: { $ref: "#/$defs/Tree" } },
  $defs: {
    Tree: {
      type: "object",
      properties: { name: { type: "string" }, kids: { type: "array", items: { $ref: "#/$defs/Tree" } } },
      required: ["name"],
      additionalProperties: false,
    },
  },
} as const;

class Service {
  tree(root: unknown): string {
    return typeof root;
  }
  forest(root: unknown): string {
    return typeof root;
  }
  branch(root: unknown): string {
    return typeof root;
  }
  half(value: number): string {
    return String(value / 2);
  }
}
defineService(Service, {
  tree: { as: prompt(), kind: "prompt", ...tree },
  forest: { as: tool(), ...tree },
  branch: { as: resource("tree://x{?root}"), kind: "resource", ...tree, required: [] },
  half: { as: tool(), properties: { value: { type: "number" } } },
});

async function ask(wire: Wire, method: string, params: object): Promise<Answer> {
  const request = { jsonrpc: "2.0", id: 7, method, params };
  const [answer] = await wire.send(wire.era === "modern" ? withEnvelope(request) : request);
  return answer!;
}

const DEPTH = 20_000;
const deep = `${'{"name":"a","kids":['.repeat(DEPTH)}${"]}".repeat(DEPTH)}`;

describe.each(WIRES)("Hostile arguments over %s", (_, open) => {
  it("are refused if JSON in text is nested too deeply", async () => {
    const wire = await open({ services: [Service] });
    const got = await ask(wire, "prompts/get", { name: "tree", arguments: { root: deep } });
    expect(got.error).toMatchObject({ code: -32602, message: expect.stringContaining("root: ") as string });
    const called = await ask(wire, "tools/call", { name: "forest", arguments: { root: deep } });
    expect(called.result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("root: ") as string }],
    });
    const uri = `tree://x?root=${encodeURIComponent(deep)}`;
    expect((await ask(wire, "resources/read", { uri })).error?.message).toContain("root: ");
  });

  it("are refused if they have an unknown name, which may be __proto__", async () => {
    const wire = await open({ services: [Service] });
    const args: unknown = JSON.parse('{"value":1,"__proto__":{"polluted":true}}');
    const { result } = await ask(wire, "tools/call", { name: "half", arguments: args });
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("__proto__: unknown name") as string }],
    });
    const nested: unknown = JSON.parse('{"root":{"name":"a","__proto__":{"polluted":true}}}');
    const other = await ask(wire, "tools/call", { name: "forest", arguments: nested });
    expect(other.result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("__proto__: unknown name") as string }],
    });
    const texts: unknown = JSON.parse('{"root":"{\\"name\\":\\"a\\"}","__proto__":"x"}');
    const got = await ask(wire, "prompts/get", { name: "tree", arguments: texts });
    expect(got.error).toMatchObject({ code: -32602, message: expect.stringContaining("__proto__") as string });
  });

  it("are refused if a number is too large for JavaScript", async () => {
    const wire = await open({ services: [Service] });
    const { result } = await ask(wire, "tools/call", { name: "half", arguments: { value: HUGE } });
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("value: expected number, received number Infinity.") as string }],
    });
    const text = await ask(wire, "tools/call", { name: "half", arguments: { value: "1e400" } });
    expect(text.result).toMatchObject({ isError: true });
  });
});
