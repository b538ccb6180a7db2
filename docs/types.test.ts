import { describe, expect, it } from "vitest";
import { compileTypeRows, readTypeRows, writeTypeRows } from "./type-tables.ts";

describe("the tables of docs/types.md", () => {
  let rows = readTypeRows();
  const made = compileTypeRows(rows);
  if (process.env["UPDATE_DOCS"]) {
    writeTypeRows(rows, made);
    rows = readTypeRows();
  }

  it("have more than 50 rows", () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  it.each(rows.map((row, index) => ({ ...row, actual: made[index] })))(
    "show what the compiler generates for $type ($section)",
    ({ claimed, actual }) => {
      expect(claimed).toBe(actual);
    },
  );
});
