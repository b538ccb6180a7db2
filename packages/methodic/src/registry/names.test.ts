import { describe, expect, it } from "vitest";
import { assertPublicName, convertName } from "./names.ts";

describe("convertName", () => {
  it.each([
    ["addNote", "add_note", "add-note"],
    ["getHTTPServer", "get_http_server", "get-http-server"],
    ["getV2Data", "get_v2_data", "get-v2-data"],
    ["already_snake", "already_snake", "already-snake"],
    ["$private_", "private", "private"],
    ["URL", "url", "url"],
    ["x", "x", "x"],
  ])("converts %s by every style", (method, snake, kebab) => {
    expect(convertName(method, "as-is")).toBe(method);
    expect(convertName(method, "snake_case")).toBe(snake);
    expect(convertName(method, "kebab-case")).toBe(kebab);
    expect(convertName(method, (name) => `x.${name}`)).toBe(`x.${method}`);
  });
});

describe("assertPublicName", () => {
  it.each(["a", "add_note", "a-b.c/d", "A".repeat(128)])("accepts %s", (name) => {
    expect(() => assertPublicName(name, "S.m")).not.toThrow();
  });

  it.each(["", "a b", "größe", "a,b", "A".repeat(129), undefined, 5])("refuses %s", (name) => {
    expect(() => assertPublicName(name, "S.m")).toThrowError(expect.objectContaining({ code: "INVALID_NAME" }));
  });
});
