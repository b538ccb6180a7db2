import { describe, expect, it } from "vitest";
import { isRecord } from "./record.ts";

describe("isRecord", () => {
  it.each([[{}], [{ a: 1 }], [new Date()]])("accepts the object %j", (value) => {
    expect(isRecord(value)).toBe(true);
  });

  it.each([[null], [undefined], [[]], ["a"], [1], [() => 1]])("refuses %j", (value) => {
    expect(isRecord(value)).toBe(false);
  });
});
