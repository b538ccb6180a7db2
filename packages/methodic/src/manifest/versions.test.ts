import { describe, expect, it } from "vitest";
import {
  compareVersions,
  describeVersion,
  describeVersions,
  isVersion,
  sortByVersion,
  VERSION_KEY,
} from "./versions.ts";

describe("compareVersions", () => {
  it.each([
    [["0", "1", "1.0.1", "1.2", "1.10", "2", "10"]],
    [["1.0-alpha", "1.0-alpha.1", "1.0-alpha.beta", "1.0-beta", "1.0-beta.2", "1.0-beta.11", "1.0-rc.1", "1.0"]],
    [["2024-11-05", "2025-03-26", "2025-06-18-beta", "2025-06-18", "2025-11-25", "2026-07-28"]],
    [["20240101", "20240101123456789012345", "20240101123456789012346"]],
    [["v1", "v1.5", "v2"]],
  ])("sorts %j", (sorted) => {
    const versions = [...sorted].reverse().map((version) => ({ version }));
    expect(sortByVersion(versions).map(({ version }) => version)).toEqual([...sorted].reverse());
    expect(sortByVersion([...versions].reverse()).map(({ version }) => version)).toEqual([...sorted].reverse());
  });

  it.each([
    ["2", "2.0.0"],
    ["1.0", "v1"],
    ["1.0+build.5", "1.0"],
    ["1.01", "1.1"],
    ["2025.06.18", "2025-06-18"],
  ])("takes %s and %s for the same version", (a, b) => {
    expect([compareVersions(a, b), compareVersions(b, a)]).toEqual([0, 0]);
  });

  it("puts a component without a version before all others", () => {
    expect(sortByVersion([{}, { version: "0.1" }, { version: "0-alpha" }])).toEqual([
      { version: "0.1" },
      {},
      { version: "0-alpha" },
    ]);
  });
});

describe("isVersion", () => {
  it("accepts numbers, prereleases and dates", () => {
    for (const version of ["0", "2", "v2", "2.0", "1.0.0-beta.1", "1.0+abc", "2025-11-25"]) {
      expect([version, isVersion(version)]).toEqual([version, true]);
    }
  });

  it("refuses what cannot be compared, or written after a name", () => {
    for (const version of [
      "",
      "latest",
      "1.",
      ".1",
      "1..2",
      "1@2",
      "1 2",
      "1/2",
      "1\n",
      `1.${"0".repeat(63)}`,
      2,
      null,
    ]) {
      expect([version, isVersion(version)]).toEqual([version, false]);
    }
  });
});

describe("describeVersion", () => {
  it("keeps other metadata, and does not read what is computed", () => {
    const description = {
      _meta: { team: "a" },
      get inputSchema(): never {
        throw new Error("read");
      },
    };
    const described = describeVersion(description, { version: "2", others: ["1"] });
    expect(described._meta).toEqual({ team: "a", [VERSION_KEY]: { version: "2", others: ["1"] } });
    expect(description._meta).toEqual({ team: "a" });
    expect(Object.keys(described)).toContain("inputSchema");
  });
});

describe("describeVersions", () => {
  it("lists the newest version under its name, and the others with their versions", () => {
    const add = (version?: string) => ({ key: "add", version, description: { name: "add" } });
    const components = [add(), add("2.0"), { key: "sub", description: { name: "sub" } }, add("1.0")];
    const described = describeVersions<{ readonly name: string; readonly _meta?: object }>(components, "name");
    const metaOf = (version: string, ...others: readonly string[]) => ({
      _meta: { [VERSION_KEY]: { version, others } },
    });
    expect(described).toEqual([
      { name: "add", ...metaOf("2.0", "1.0", "0") },
      { name: "add@1.0", ...metaOf("1.0", "2.0", "0") },
      { name: "add@0", ...metaOf("0", "2.0", "1.0") },
      { name: "sub" },
    ]);
  });
});
