import { expect } from "vitest";
import { defineTool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";

const measure = defineTool({
  name: "measure",
  inputSchema: {
    oneOf: [
      { type: "object", properties: { kind: { const: "circle" }, r: { type: "number" } }, required: ["kind", "r"] },
      { type: "object", properties: { kind: { const: "square" }, a: { type: "number" } }, required: ["kind", "a"] },
    ],
  },
  run: (input) => JSON.stringify(input),
});

/** Forms of inputs. */
export const inputs: FeatureGroup = {
  service: measure,
  features: [
    {
      name: "a [discriminated union](tools.md#offer-several-actions) as the whole input",
      async check({ client, call }) {
        const { tools } = await client.listTools();
        expect(tools.find(({ name }) => name === "measure")?.inputSchema).toMatchObject({
          type: "object",
          properties: { kind: { enum: ["circle", "square"] }, r: {}, a: {} },
          required: ["kind"],
        });
        expect(await call("measure", { arguments: { kind: "square", a: "2" } })).toBe('{"kind":"square","a":2}');
        const wrong = await client.callTool({ name: "measure", arguments: { kind: "circle", a: 2 } });
        expect(wrong).toMatchObject({ isError: true });
        return "works";
      },
    },
  ],
};
