import { describe, expect, it } from "vitest";
import { readBearerToken, readKeyHeader } from "./credentials.ts";

const bearer = (value: string): unknown => readBearerToken(new Headers({ authorization: value }));
const error = (name: string): unknown => expect.objectContaining({ kind: "rejected", error: name });

describe("readBearerToken", () => {
  it.each(["Bearer abc", "bearer abc", "BEARER   abc", "Bearer\tabc", "Bearer abc  "])("reads %j", (value) => {
    expect(bearer(value)).toEqual({ kind: "found", token: "abc" });
  });

  it.each(["", "Bearer", "Bearer ", "Basic YTpi", "Bearerabc", "Token abc", "Basic a,b"])(
    "finds nothing in %j",
    (value) => {
      expect(bearer(value)).toEqual({ kind: "missing" });
    },
  );

  it.each(["Bearer a b", "Bearer a\tb", "Bearer é", `Bearer ${"a".repeat(16_385)}`])("refuses %j", (value) => {
    expect(bearer(value)).toEqual(error("invalid_token"));
  });

  it("takes a token of 16 KiB", () => {
    expect(bearer(`Bearer ${"a".repeat(16_384)}`)).toMatchObject({ kind: "found" });
  });

  it.each([
    ["Bearer a", "Bearer b"],
    ["Basic YTpi", "Bearer a"],
    ["Bearer a", "Basic YTpi"],
  ])("refuses two headers: %s and %s", (first, second) => {
    const headers = new Headers();
    headers.append("authorization", first);
    headers.append("authorization", second);
    expect(readBearerToken(headers)).toEqual(error("invalid_request"));
  });

  it("takes its time from the length of a hostile header alone", () => {
    const value = `Bearer${" \t".repeat(50_000)},`;
    expect(bearer(value)).toEqual(error("invalid_request"));
    expect(bearer(`${"a ".repeat(50_000)}`)).toEqual({ kind: "missing" });
  });
});

describe("readKeyHeader", () => {
  const key = (value: string): unknown => readKeyHeader(new Headers({ "x-api-key": value }), "x-api-key");

  it("reads the value without the space around it", () => {
    expect(key("  abc ")).toEqual({ kind: "found", token: "abc" });
  });

  it("finds nothing where there is nothing", () => {
    expect(key("")).toEqual({ kind: "missing" });
    expect(readKeyHeader(new Headers(), "x-api-key")).toEqual({ kind: "missing" });
  });

  it("refuses a header that was sent twice, and one that cannot be a key", () => {
    expect(key("a, b")).toEqual(error("invalid_request"));
    expect(key("a b")).toEqual(error("invalid_token"));
  });
});
