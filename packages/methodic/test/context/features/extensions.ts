import { expect } from "vitest";
import { z } from "zod";
import { extension, tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

/** The client of each path declares it. */
const ID = "com.example/feature";

const feature = extension({
  id: ID,
  settings: { size: 1 },
  methods: {
    "feature/repeat": {
      params: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      handle: ({ text }: { text: string }) => ({ text }),
    },
  },
  async onToolCall({ name, clientExtensions }, next) {
    const result = await next();
    return name === "observed" ? { ...result, _meta: { [ID]: clientExtensions[ID] ?? null } } : result;
  },
});

class Observed {
  observed(): string {
    return "observed";
  }
}
defineService(Observed, { observed: { as: tool() } });

/** Methods and behavior beyond MCP. */
export const extensions: FeatureGroup = {
  service: Observed,
  options: { extensions: [feature] },
  features: [
    {
      name: "[extensions](extensions.md): methods, and `onToolCall`",
      async check({ client }) {
        expect(client.getServerCapabilities()?.extensions).toEqual({ [ID]: { size: 1 } });
        const send = (params: { readonly text?: string }): Promise<object> =>
          client.request({ method: "feature/repeat", params }, z.looseObject({}));
        await expect(send({})).rejects.toMatchObject({ code: -32602 });
        expect(await send({ text: "hi" })).toMatchObject({ text: "hi" });
        const { _meta } = await client.callTool({ name: "observed" });
        expect(_meta).toHaveProperty([ID]);
        return "works";
      },
    },
    {
      name: "`clientExtensions` of extensions",
      async check({ client }) {
        const { _meta } = await client.callTool({ name: "observed" });
        const declared = _meta?.[ID];
        if (declared === null) return "noHandshake";
        expect(declared).toEqual({ loud: true });
        return "works";
      },
    },
  ],
};
