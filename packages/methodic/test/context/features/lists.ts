import { expect } from "vitest";
import { tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

class Lists {
  listed(): string {
    return "listed";
  }
  hidden(): string {
    return "hidden";
  }
  oldest(): string {
    return "oldest";
  }
  newer(): string {
    return "newer";
  }
}
defineService(Lists, {
  oldest: { as: tool("versioned") },
  newer: { as: tool({ name: "versioned", version: "2.0" }) },
  listed: { as: tool() },
  hidden: { as: tool({ tags: ["lists:hidden"] }) },
});

let isShown = false;

/** The lists of a server, and what a caller finds in them. */
export const lists: FeatureGroup = {
  service: Lists,
  options: { pageSize: 10, filter: ({ tags }) => isShown || !tags.includes("lists:hidden") },
  features: [
    {
      name: "lists in pages (`pageSize`)",
      async check({ client }) {
        const { tools, nextCursor } = await client.request({ method: "tools/list" });
        expect([tools.length, typeof nextCursor]).toEqual([10, "string"]);
        const all = await client.listTools();
        expect(all.tools.slice(0, 10)).toEqual(tools);
        expect(all.tools.map(({ name }) => name)).toContain("listed");
        return "works";
      },
    },
    {
      name: "components chosen for each request (`filter`)",
      async check({ client, call }) {
        const listNames = async () => (await client.listTools()).tools.map(({ name }) => name);
        expect(await listNames()).not.toContain("hidden");
        await expect(call("hidden")).rejects.toThrow('Unknown tool: "hidden".');
        isShown = true;
        expect([await listNames(), await call("hidden")]).toEqual([expect.arrayContaining(["hidden"]), "hidden"]);
        isShown = false;
        return "works";
      },
    },
    {
      name: "several [versions](versions.md) of a component",
      async check({ client, call }) {
        const key = "dev.methodic/version";
        const { tools } = await client.listTools();
        const [entry, ...others] = tools.filter(({ name }) => name === "versioned");
        expect([entry?._meta, others]).toEqual([{ [key]: { version: "2.0", others: ["0"] } }, []]);
        const results = [
          await call("versioned"),
          await call("versioned@0"),
          await call("versioned", { meta: { [key]: { version: "0" } } }),
        ];
        expect(results).toEqual(["newer", "oldest", "oldest"]);
        return "works";
      },
    },
  ],
};
