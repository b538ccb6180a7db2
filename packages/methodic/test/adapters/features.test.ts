import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FEATURES, GROUPS } from "../context/features/groups.ts";
import { ATTACHED_PATHS } from "../fixtures/attached-paths.ts";
import { type Feature, type FeaturePath, openFeatures } from "../fixtures/features.ts";

/** The transports of the SDK pass no caller without HTTP, so all clients are trusted ones. */
const needsCallers = ({ name }: Feature): boolean => name.startsWith("An answer counts for the caller");

describe.each(ATTACHED_PATHS.map((path) => [path.name, path] as const))("Attached over %s", (_, path) => {
  let attached: FeaturePath;
  let native: FeaturePath;
  beforeAll(async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    attached = await openFeatures(path, GROUPS);
    native = await openFeatures(path.like, GROUPS);
  });
  afterAll(async () => {
    await Promise.all([attached[Symbol.asyncDispose](), native[Symbol.asyncDispose]()]);
    vi.restoreAllMocks();
  });

  const features = FEATURES.filter((feature) => path.isHttp || !needsCallers(feature));
  it.each(features.map((feature) => [feature.name, feature] as const))(
    "a client sees what it sees of a server of this package: %s",
    async (_name, feature) => {
      expect(await feature.check(attached)).toBe(await feature.check(native));
    },
  );
});
