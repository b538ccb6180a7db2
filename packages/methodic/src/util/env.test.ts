import { afterEach, describe, expect, it, vi } from "vitest";
import { getEnvironment, readVariable } from "./env.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe("readVariable", () => {
  it("reads a variable of the process without surrounding spaces", () => {
    vi.stubEnv("METHODIC_TEST", " x ");
    expect(readVariable("METHODIC_TEST")).toBe("x");
  });

  it.each([undefined, "", "  "])("returns undefined for %j", (value) => {
    expect(readVariable("X", { X: value })).toBeUndefined();
  });

  it("returns undefined in a runtime without process", () => {
    vi.stubGlobal("process", undefined);
    expect([getEnvironment(), readVariable("PATH")]).toEqual([undefined, undefined]);
  });
});
