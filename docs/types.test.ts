import { describe, expect, test } from "vitest";
import { compileTypeRows, readTypeRows, writeTypeRows } from "./type-tables.ts";

describe("docs/types.md", () => {
  let rows = readTypeRows();
  const made = compileTypeRows(rows);
  if (process.env["UPDATE_DOCS"]) {
    writeTypeRows(rows, made);
    rows = readTypeRows();
  }

  test("has tables", () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  test.each(rows.map((row, index) => ({ ...row, actual: made[index] })))("$section: $type", ({ claimed, actual }) => {
    expect(claimed).toBe(actual);
  });
});
