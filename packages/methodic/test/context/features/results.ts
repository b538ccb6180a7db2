import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { file, image, resource, tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const part = { uri: "parts://one", text: "# One", mimeType: "text/markdown" };
const other = { uri: "parts://two", blob: "AAE=", mimeType: "application/zip" };
const own = fileURLToPath(new URL("../../../package.json", import.meta.url));

class Results {
  summary(): { readonly city: string } {
    return { city: "Oslo" };
  }
  refuse(): object {
    return { content: [{ type: "text", text: "no such city" }], isError: true, _meta: { "a.b/c": 1 } };
  }
  async media(): Promise<object[]> {
    return [await image({ data: PNG }), await file({ path: own, uri: "parts://package" })];
  }
  json(): object {
    return { n: 1 };
  }
  text(): string {
    return "text";
  }
  bytes(): Uint8Array {
    return new Uint8Array([0, 1]);
  }
  several(): object[] {
    return [part, other];
  }
}
const outputSchema = { type: "object", properties: { city: { type: "string" } } };
const data = { kind: "resource", result: "dynamic" } as const;
defineService(Results, {
  summary: { as: tool({ render: ({ city }: { city: string }) => `It is ${city}.` }), outputSchema },
  refuse: { as: tool(), result: "content" },
  media: { as: tool(), result: "content" },
  json: { as: resource("parts://json"), ...data },
  text: { as: resource("parts://text"), ...data },
  bytes: { as: resource("parts://bytes"), ...data },
  several: { as: resource("parts://several"), kind: "resource", result: "content" },
});

/** Forms of results. */
export const results: FeatureGroup = {
  service: Results,
  features: [
    {
      name: "`render`",
      async check({ client }) {
        const { tools } = await client.listTools();
        expect(tools.find(({ name }) => name === "summary")?.outputSchema).toMatchObject({ type: "object" });
        expect(await client.callTool({ name: "summary" })).toMatchObject({
          content: [{ type: "text", text: "It is Oslo." }],
          structuredContent: { city: "Oslo" },
        });
        return "works";
      },
    },
    {
      name: "results as handlers of the SDK return them (`content`, `isError`, `_meta`)",
      async check({ client }) {
        const result = await client.callTool({ name: "refuse" });
        expect(result).toMatchObject({ content: [{ text: "no such city" }], isError: true, _meta: { "a.b/c": 1 } });
        expect(result.structuredContent).toBeUndefined();
        return "works";
      },
    },
    {
      name: "`image` and `file` from data and paths",
      async check({ client }) {
        expect((await client.callTool({ name: "media" })).content).toMatchObject([
          { type: "image", mimeType: "image/png", data: Buffer.from(PNG).toString("base64") },
          { type: "resource", resource: { uri: "parts://package", mimeType: "application/json" } },
        ]);
        return "works";
      },
    },
    {
      name: "resources as JSON, as text, as bytes, and with several contents",
      async check({ client }) {
        const read = async (uri: string) => (await client.readResource({ uri })).contents;
        const own = async (uri: string, contents: object) => expect(await read(uri)).toEqual([{ uri, ...contents }]);
        await own("parts://json", { mimeType: "application/json", text: '{"n":1}' });
        await own("parts://text", { mimeType: "text/plain", text: "text" });
        await own("parts://bytes", { mimeType: "application/octet-stream", blob: "AAE=" });
        // Schemes are compared without case.
        expect(await read("PARTS://several")).toEqual([part, other]);
        return "works";
      },
    },
  ],
};
