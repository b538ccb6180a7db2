import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { createServer, defineTool, type DefinedTool, type Server } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";

const toolOf = (name: string, version?: string): DefinedTool =>
  defineTool({ name, description: "Runs.", ...(version !== undefined && { version }), run: () => name });

/** Returns numbers from 0 to `below`, the same sequence for each seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** Reads all pages of the tools, and changes the server after each. */
async function readTools(client: Client, change: () => void): Promise<readonly string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const page = await client.request({ method: "tools/list", params });
    seen.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
    change();
  } while (cursor !== undefined && seen.length < 1000);
  return seen;
}

/** Adds, removes, enables and disables tools that come and go, and versions of those that stay. */
function changeAtRandom({ tools }: Server, random: (below: number) => number): void {
  for (let i = 0; i < 5; i++) {
    const fleeting = `fleeting${random(20)}`;
    const version = `stays${random(10)}@${1 + random(3)}`;
    const [name = "", number] = version.split("@");
    const actions = [
      () => tools.remove(fleeting) || tools.add(toolOf(fleeting)),
      () => tools.disable(fleeting),
      () => tools.enable(fleeting),
      () => tools.remove(version) || tools.add(toolOf(name, number)),
    ];
    try {
      actions[random(actions.length)]?.();
    } catch {
      // A tool that has been removed cannot be enabled.
    }
  }
}

describe("Pages of a list that changes", () => {
  it.each(names("", 20).map(Number))("have every tool that stays exactly once (seed %i)", async (seed) => {
    const random = randomFrom(seed);
    const server = createServer({ name: "changing", version: "1", services: [], pageSize: 1 + random(5) });
    const added = [...names("stays", 10), ...names("fleeting", 20)];
    for (const name of [...added].sort(() => random(3) - 1)) server.tools.add(toolOf(name));
    await using client = await createTestClient(server, { era: seed % 2 === 0 ? "modern" : "legacy" });
    const seen = await readTools(client.client, () => changeAtRandom(server, random));
    for (const name of names("stays", 10)) expect(seen.filter((other) => other === name)).toEqual([name]);
  });

  it("continue after a tool that has been removed, or disabled, or replaced", async () => {
    for (const change of ["remove", "disable", "replace"] as const) {
      const server = createServer({ name: "changing", version: "1", services: [], pageSize: 2 });
      server.tools.add(...names("t", 5).map((name) => toolOf(name)));
      await using client = await createTestClient(server);
      let isDone = false;
      const seen = await readTools(client.client, () => {
        if (isDone) return;
        isDone = true;
        if (change === "disable") server.tools.disable("t1");
        else server.tools.remove("t1");
        if (change === "replace") server.tools.add(toolOf("t1"));
      });
      expect(seen).toEqual([...names("t", 5), ...(change === "replace" ? ["t1"] : [])]);
    }
  });
});
