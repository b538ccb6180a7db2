import { expect } from "vitest";
import { completion, type Context, prompt, resource } from "../../../src/index.ts";
import type { FeatureGroup, FeaturePath } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

class Completions {
  pack(_size: string, _city: string): string {
    return "";
  }

  label(city: string): string {
    return city;
  }

  labels(): string[] {
    return ["Lagos", "Lima"];
  }

  cities(typed: string, chosen: { size?: string }, { auth }: Context): string[] {
    return ["Lima", "Lisbon", "Oslo", `${typed} ${chosen.size} ${auth?.subject ?? "local"}`];
  }
}
defineService(Completions, {
  pack: {
    as: prompt(),
    kind: "prompt",
    properties: { size: { enum: ["small", "large"] }, city: { type: "string" } },
  },
  label: {
    as: resource("labels://{city}", { list: "labels" }),
    kind: "resource",
    properties: { city: { type: "string" } },
  },
});
const descriptor: TypedPropertyDescriptor<Completions["cities"]> = { value: Completions.prototype.cities };
completion("pack", "city")(Completions.prototype, "cities", descriptor);

type Reference = Parameters<FeaturePath["client"]["complete"]>[0]["ref"];

async function complete(
  { client }: FeaturePath,
  ref: Reference,
  [name, value]: readonly [name: string, value: string],
): Promise<string[]> {
  const context = { arguments: { size: "small" } };
  return (await client.complete({ ref, argument: { name, value }, context })).completion.values;
}

/** Values that are offered while the user types. */
export const completions: FeatureGroup = {
  service: Completions,
  features: [
    {
      name: "[completions](completions.md) from types and `list`",
      async check(path) {
        expect(await complete(path, { type: "ref/prompt", name: "pack" }, ["size", "s"])).toEqual(["small"]);
        expect(await complete(path, { type: "ref/resource", uri: "labels://{city}" }, ["city", "la"])).toEqual([
          "Lagos",
        ]);
        return "works";
      },
    },
    {
      name: "`@completion`",
      async check(path) {
        const ref = { type: "ref/prompt", name: "pack" } as const;
        expect(await complete(path, ref, ["city", "LI"])).toEqual([
          "Lima",
          "Lisbon",
          expect.stringMatching(/^LI small (?:ada|local)$/),
        ]);
        return "works";
      },
    },
  ],
};
