import { expect } from "vitest";
import { tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

class Lists {
  listed(): string {
    return "listed";
  }
}
defineService(Lists, { listed: { as: tool() } });

/** The lists of a server, and what a caller finds in them. */
export const lists: FeatureGroup = {
  service: Lists,
  options: { pageSize: 10 },
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
  ],
};
