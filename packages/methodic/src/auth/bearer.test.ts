import { describe, expect, it } from "vitest";
import { readBearerToken, readKeyHeader } from "./bearer.ts";

const read = (authorization: string): unknown => readBearerToken(new Headers({ authorization }));
const error = (name: string): unknown => expect.objectContaining({ kind: "rejected", error: name });

describe("readBearerToken", () => {
  it.each(["Bearer abc", "bearer abc", "BEARER   abc", "Bearer\tabc", "Bearer abc  "])(
    "reads the token of %j",
    (value) => {
      expect(read(value)).toEqual({ kind: "found", token: "abc" });
    },
  );

  it.each(["", "Bearer", "Bearer ", "Basic YTpi", "Bearerabc", "Token abc", "Basic a,b"])(
    "finds no credentials in %j",
    (value) => {
      expect(read(value)).toEqual({ kind: "missing" });
    },
  );

  it.each(["Bearer a b", "Bearer a\tb", "Bearer é", `Bearer ${"a".repeat(16_385)}`])(
    "rejects the malformed value %j",
    (value) => {
      expect(read(value)).toEqual(error("invalid_token"));
    },
  );

  it("accepts a token of 16 KiB", () => {
    expect(read(`Bearer ${"a".repeat(16_384)}`)).toMatchObject({ kind: "found" });
  });

  it.each([
    ["Bearer a", "Bearer b"],
    ["Basic YTpi", "Bearer a"],
    ["Bearer a", "Basic YTpi"],
  ])("rejects two Authorization headers: %s and %s", (first, second) => {
    const headers = new Headers();
    headers.append("authorization", first);
    headers.append("authorization", second);
    expect(readBearerToken(headers)).toEqual(error("invalid_request"));
  });

  it("reads a hostile header in linear time", () => {
    expect(read(`Bearer${" \t".repeat(50_000)},`)).toEqual(error("invalid_request"));
    expect(read(`${"a ".repeat(50_000)}`)).toEqual({ kind: "missing" });
  });
});

describe("readKeyHeader", () => {
  const readKey = (value: string): unknown => readKeyHeader(new Headers({ "x-api-key": value }), "x-api-key");

  it("trims the value", () => {
    expect(readKey("  abc ")).toEqual({ kind: "found", token: "abc" });
  });

  it("finds no credentials in an empty or absent header", () => {
    expect(readKey("")).toEqual({ kind: "missing" });
    expect(readKeyHeader(new Headers(), "x-api-key")).toEqual({ kind: "missing" });
  });

  it("rejects a repeated header", () => {
    expect(readKey("a, b")).toEqual(error("invalid_request"));
  });

  it("rejects a value with a space", () => {
    expect(readKey("a b")).toEqual(error("invalid_token"));
  });
});
