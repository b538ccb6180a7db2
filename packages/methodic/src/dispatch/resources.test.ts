import { describe, expect, it } from "vitest";
import { compileTemplate } from "../uri-template/uri-template.ts";
import { findPathTraversal } from "./resources.ts";

function screen(template: string, uri: string, screened?: readonly string[]): string | undefined {
  const { variables, match } = compileTemplate(template, "S.m");
  const found = match(uri);
  if (!found || !("values" in found)) throw new Error(`${uri} does not match ${template}`);
  return findPathTraversal(found.values, screened ?? variables.map(({ name }) => name));
}

const SEGMENT = "the value of 'x' has a '..' segment";
const ABSOLUTE = "the value of 'x' is an absolute path";
const CONTROL = "the value of 'x' has a control character";

describe("findPathTraversal", () => {
  it.each([
    ["s://{x}", "s://..", SEGMENT],
    ["s://{x}", "s://%2e%2e", SEGMENT],
    ["s://{x}", "s://%2E.", SEGMENT],
    ["s://{x}", "s://..%2Fetc%2Fpasswd", SEGMENT],
    ["s://{x}", "s://a%2F..%2F..%2Fb", SEGMENT],
    ["s://{x}", "s://a%5C..%5Cb", SEGMENT],
    ["s://{x}", "s://a\\..\\b", SEGMENT],
    ["s://{x}", "s://%252e%252e%252fetc", SEGMENT],
    ["s://{x}", "s://..%255c..%255cwindows", SEGMENT],
    ["s://{x}", "s://a%2F..%20", SEGMENT],
    ["s:///{+x}", "s:///../../etc/passwd", SEGMENT],
    ["s:///{+x}", "s:///a/../../b", SEGMENT],
    ["s:///{+x}", "s:///a/%2e%2e/b", SEGMENT],
    ["s:///{+x}", "s:///a/..", SEGMENT],
    ["s:///{x*}", "s:///a/../b", SEGMENT],
    ["s:///{x*}", "s:///a/%2e%2e%2fb", SEGMENT],
    ["s:///{x*}", "s:///..,b", SEGMENT],
    ["s://q{?x}", "s://q?x=../a", SEGMENT],
    ["s://q{?x*}", "s://q?x=a&x=..", SEGMENT],
    ["s://q?f={x}", "s://q?f=..%2Fa", SEGMENT],
    ["s://{x}.json", "s://..%2Fa.json", SEGMENT],
    ["s://{x}", "s://%2Fetc%2Fpasswd", ABSOLUTE],
    ["s://{x}", "s://%252Fetc", ABSOLUTE],
    ["s://{x}", "s://%5Cserver%5Cshare", ABSOLUTE],
    ["s://{x}", "s://C%3A%5CWindows", ABSOLUTE],
    ["s://{x}", "s://c:secret.txt", ABSOLUTE],
    ["s:///{+x}", "s:////etc/passwd", ABSOLUTE],
    ["s:///{+x}", "s:///C:/Windows", ABSOLUTE],
    ["s:///{x*}", "s:////etc/passwd", ABSOLUTE],
    ["s:///{x*}", "s:///a/%2Fetc", ABSOLUTE],
    ["s://{x}", "s://a%00.png", CONTROL],
    ["s://{x}", "s://a%2500.png", CONTROL],
    ["s://{x}", "s://a%0D%0AX-Header:%201", CONTROL],
    ["s://{x}", "s://a%7F", CONTROL],
    ["s:///{+x}", "s:///a%09b", CONTROL],
  ])("refuses for the template %s the URI %s", (template, uri, problem) => {
    expect(screen(template, uri)).toBe(problem);
  });

  it.each([
    ["s://{x}", "s://a..b"],
    ["s://{x}", "s://..."],
    ["s://{x}", "s://..a"],
    ["s://{x}", "s://a.."],
    ["s://{x}", "s://."],
    ["s://{x}", "s://.env"],
    ["s://{x}", "s://v1...v2"],
    ["s://{x}", "s://main..feature%2Fx"],
    ["s://{x}", "s://2026-11-23T10:00:00Z"],
    ["s://{x}", "s://10:30"],
    ["s://{x}", "s://user:42"],
    ["s://{x}", "s://%C3%BC%20%F0%9F%98%80"],
    ["s://{x}", "s://100%25"],
    ["s://{x}", "s://50%25%20off%2541"],
    ["s://{x}", "s://a%2Fb"],
    ["s://{x}", "s://a%5Cb"],
    ["s://{x}", "s://a%2F"],
    ["s:///{+x}", "s:///src/index.ts"],
    ["s:///{+x}", "s:///a/b/c.tar.gz?raw=1#top"],
    ["s://{+x}", "s://https://example.com/a/b?next=..&y=/z"],
    ["s:///{x*}", "s:///a/b/.../c"],
    ["s://q{?x}", "s://q?x=https%3A%2F%2Fexample.com%2Fa"],
    ["s://q{?x}", "s://q"],
    ["s://q{?x*}", "s://q?x=a&x=b"],
  ])("allows for the template %s the URI %s", (template, uri) => {
    expect(screen(template, uri)).toBeUndefined();
  });

  it("checks only the variables that it is told to check", () => {
    expect(screen("s://{a}/{x}", "s://..%2F/..", [])).toBeUndefined();
    expect(screen("s://{a}/{x}", "s://..%2F/b", ["x"])).toBeUndefined();
    expect(screen("s://{a}/{x}", "s://b/..", ["a", "x"])).toBe(SEGMENT);
  });
});
