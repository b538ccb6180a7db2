import type { Client } from "@modelcontextprotocol/client";
import { expect } from "vitest";
import { prompt, resource, tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

const icons = [{ src: "https://example.org/a.png", mimeType: "image/png", sizes: ["48x48"] }];
const meta = { "example.org/a": { b: 1 } };
const shown = { icons, meta };
const published = { icons, _meta: meta };
const cacheHint = { ttlMs: 3000, cacheScope: "public" } as const;

class Publishing {
  show_card(): string {
    return "card";
  }
  first_card(): string {
    return "first";
  }
  any_card(id: string): string {
    return id;
  }
  ask_card(count?: number): string {
    return String(count);
  }
}
defineService(Publishing, {
  show_card: { as: tool({ ...shown, annotations: { readOnlyHint: true } }) },
  first_card: { as: resource("cards://first", { ...shown, size: 5, cacheHint }), kind: "resource" },
  any_card: {
    as: resource("cards://any/{id}", { ...shown, cacheHint }),
    kind: "resource",
    properties: { id: { type: "string" } },
  },
  ask_card: { as: prompt(shown), kind: "prompt", properties: { count: { type: "integer" } }, required: [] },
});

/** Lists the components of all kinds that this service publishes. */
async function listCards(client: Client): Promise<readonly object[]> {
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  const { prompts } = await client.listPrompts();
  return [...tools, ...resources, ...resourceTemplates, ...prompts].filter(({ name }) => name.endsWith("_card"));
}

/** Descriptions of components in lists, and what depends on them. */
export const publishing: FeatureGroup = {
  service: Publishing,
  features: [
    {
      name: "titles from names, `icons`, `meta` and `annotations`",
      async check({ client }) {
        expect(await listCards(client)).toMatchObject([
          { title: "Show card", annotations: { title: "Show card", readOnlyHint: true }, ...published },
          { title: "First card", size: 5, ...published },
          { title: "Any card", ...published },
          { title: "Ask card", ...published },
        ]);
        return "works";
      },
    },
    {
      name: "`cacheHint`",
      async check({ client, era }) {
        const results = [
          await client.readResource({ uri: "cards://first" }),
          await client.readResource({ uri: "cards://any/1" }),
        ] as readonly { readonly ttlMs?: number }[];
        expect(results.map(({ ttlMs }) => ttlMs)).toEqual(era === "modern" ? [3000, 3000] : [undefined, undefined]);
        return era === "modern" ? "works" : "noCacheHints";
      },
    },
    {
      name: "typed arguments of prompts, of which empty ones are absent",
      async check({ client }) {
        const texts: string[] = [];
        for (const args of [{ count: "7" }, { count: "" }, {}]) {
          const { messages } = await client.getPrompt({ name: "ask_card", arguments: args });
          texts.push(...messages.map(({ content }) => ("text" in content ? content.text : content.type)));
        }
        expect(texts).toEqual(["7", "undefined", "undefined"]);
        return "works";
      },
    },
  ],
};
