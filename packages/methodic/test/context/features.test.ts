import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { FeatureTable, readTable, writeTable } from "../fixtures/feature-table.ts";
import { type FeaturePath, LIMITS, openFeatures } from "../fixtures/features.ts";
import { calls } from "./features/calls.ts";
import { FEATURES, GROUPS } from "./features/groups.ts";

const table = new FeatureTable();

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("Over %s", (_, path) => {
  let opened: FeaturePath;
  beforeAll(async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    opened = await openFeatures(path, GROUPS);
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    vi.restoreAllMocks();
  });

  it.each(FEATURES.map((feature) => [feature.name, feature] as const))(
    "a client sees that it works, or a known limit: %s",
    async (_name, feature) => {
      const outcome = await feature.check(opened);
      expect(["works", ...Object.keys(LIMITS)]).toContain(outcome);
      table.record(feature, path, outcome);
    },
  );
});

it("The features name every member of Context", async () => {
  await using opened = await openFeatures(CONTEXT_PATHS[0]!, [calls]);
  const names = FEATURES.map(({ name }) => name).join();
  const members = (await opened.call("members")).split(" ");
  expect(members).toContain("log");
  expect(members.filter((member) => !names.includes(`ctx.${member}`))).toEqual([]);
});

// Runs last. A feature whose test failed or did not run makes the page differ.
it("The table of docs/protocol.md shows what the tests have seen", () => {
  const seen = table.render(FEATURES, CONTEXT_PATHS);
  expect(seen).not.toContain("not tested");
  if (process.env["UPDATE_DOCS"]) writeTable(seen);
  expect(readTable()).toBe(seen);
});
