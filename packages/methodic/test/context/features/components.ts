import type { Client } from "@modelcontextprotocol/client";
import { expect } from "vitest";
import { z } from "zod";
import { definePrompt, defineResource, defineTool, prompt, resource, tool } from "../../../src/index.ts";
import { whenStreaming } from "../../fixtures/context-paths.ts";
import type { FeatureGroup, FeaturePath } from "../../fixtures/features.ts";
import { Inbox } from "../../fixtures/inbox.ts";
import { defineService } from "../../fixtures/service.ts";

class Base {
  base(): string {
    return "base";
  }
}
defineService(Base, { base: { as: tool() } });

/** The components that come and go. */
class Extra {
  first(): string {
    return "first";
  }
  second(): string {
    return "second";
  }
  page(): string {
    return "page";
  }
  pages(n: string): string {
    return n;
  }
  ask(): string {
    return "ask";
  }
}
defineService(Extra, {
  first: { as: tool({ tags: ["extra"] }) },
  second: { as: tool({ tags: ["extra"] }) },
  page: { as: resource("extra://page", { tags: ["extra"] }), kind: "resource" },
  pages: {
    as: resource("extra://pages/{n}", { tags: ["extra"] }),
    kind: "resource",
    properties: { n: { type: "string" } },
  },
  ask: { as: prompt({ tags: ["extra"] }), kind: "prompt" },
});

type Kind = "tools" | "resources" | "prompts";

/** The list changes that a client hears; undefined if none can reach it. */
async function hear(client: Client, kind: Kind, { era, isLive }: FeaturePath): Promise<Inbox<string> | undefined> {
  const heard = new Inbox<string>();
  client.setNotificationHandler(`notifications/${kind}/list_changed`, ({ method }) => heard.add(method));
  if (era === "modern") await client.listen({ [`${kind}ListChanged`]: true });
  else if (!isLive) return undefined;
  else await whenStreaming(client);
  return heard;
}

/** Components that change while clients are connected. */
export const components: FeatureGroup = {
  service: Base,
  features: [
    {
      name: "`server.tools`: changes while clients are connected, announced once each",
      async check(path) {
        const { server } = path;
        // The first client may listen already.
        const client = await path.connectStranger();
        const names = async (): Promise<readonly string[]> => (await client.listTools()).tools.map(({ name }) => name);
        const before = await names();
        const heard = await hear(client, "tools", path);
        server.tools.add(new Extra());
        await heard?.count(1);
        expect(await names()).toEqual([...before, "first", "second"]);
        expect(await client.callTool({ name: "first" })).toMatchObject({ content: [{ text: "first" }] });
        expect(server.tools.disable({ tags: ["extra"] })).toBe(2);
        await heard?.count(2);
        expect(await names()).toEqual(before);
        await expect(client.callTool({ name: "first" })).rejects.toThrow('Unknown tool: "first".');
        expect(server.tools.enable("second")).toBe(1);
        expect([server.tools.remove("first"), server.tools.remove("second")]).toEqual([true, true]);
        await heard?.count(3);
        expect(heard?.items.length ?? 3).toBe(3);
        expect(await names()).toEqual(before);
        return heard ? "works" : "noStream";
      },
    },
    {
      name: "`server.resources` and `server.prompts`: the same",
      async check(path) {
        const { server } = path;
        const client = await path.connectStranger();
        const heard = await hear(client, "resources", path);
        const prompted = await hear(client, "prompts", path);
        const extra = new Extra();
        server.resources.add(extra);
        server.prompts.add(extra);
        await Promise.all([heard?.count(1), prompted?.count(1)]);
        const { contents } = await client.readResource({ uri: "EXTRA://pages/4" });
        expect(contents).toEqual([{ uri: "EXTRA://pages/4", mimeType: "text/plain", text: "4" }]);
        expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain("ask");
        const tagged = { tags: ["extra"] };
        expect([server.resources.disable(tagged), server.prompts.disable(tagged)]).toEqual([2, 1]);
        await Promise.all([heard?.count(2), prompted?.count(2)]);
        await expect(client.readResource({ uri: "extra://pages/4" })).rejects.toThrow("Resource not found");
        expect((await client.listPrompts()).prompts.map(({ name }) => name)).not.toContain("ask");
        expect([server.resources.enable(tagged), server.prompts.enable(tagged)]).toEqual([2, 1]);
        await Promise.all([heard?.count(3), prompted?.count(3)]);
        expect((await client.getPrompt({ name: "ask" })).messages).toMatchObject([{ content: { text: "ask" } }]);
        expect(server.resources.remove("extra://pages/{n}")).toBe(true);
        expect(server.remove(extra)).toBe(true);
        await Promise.all([heard?.count(4), prompted?.count(4)]);
        expect([heard?.items.length ?? 4, prompted?.items.length ?? 4]).toEqual([4, 4]);
        await expect(client.readResource({ uri: "extra://page" })).rejects.toThrow("Resource not found");
        await expect(client.getPrompt({ name: "ask" })).rejects.toThrow("Unknown prompt");
        return heard ? "works" : "noStream";
      },
    },
    {
      name: "`defineTool`, `defineResource` and `definePrompt`: components without a class",
      async check({ server, client, call }) {
        const defined = [
          defineTool({ name: "defined", inputSchema: z.object({ n: z.number() }), run: ({ n }) => n * 2 }),
          defineResource({ template: "defined://{id}", read: ({ id }) => id }),
          definePrompt({ name: "defined", arguments: z.object({ n: z.number() }), get: ({ n }) => `${n + 1}` }),
        ];
        server.add(...defined);
        expect(await call("defined", { arguments: { n: "4" } })).toBe("8");
        const { contents } = await client.readResource({ uri: "defined://x" });
        expect(contents).toMatchObject([{ text: "x" }]);
        const { messages } = await client.getPrompt({ name: "defined", arguments: { n: "1" } });
        expect(messages).toMatchObject([{ content: { text: "2" } }]);
        expect(defined.map((one) => server.remove(one))).toEqual([true, true, true]);
        return "works";
      },
    },
  ],
};
