import { describe, expect, it } from "vitest";
import { compareSpecificity, compileTemplate } from "./uri-template.ts";

const match = (template: string, uri: string) => compileTemplate(template, "S.m").match(uri);

describe("UriTemplate.match", () => {
  it.each([
    ["notes://{name}", "notes://a", { name: "a" }],
    ["notes://{name}", "notes://a%20b%2Fc", { name: "a b/c" }],
    ["notes://{name}", "notes://%C3%BC", { name: "ü" }],
    ["notes://{name}/meta", "notes://a/meta", { name: "a" }],
    ["x://{a,b}", "x://1,2", { a: "1", b: "2" }],
    ["x://{a}-{b}", "x://1-2", { a: "1", b: "2" }],
    ["file://{+path}", "file://a/b?c#d", { path: "a/b?c#d" }],
    ["file:///{path*}", "file:///a/b%2Fc", { path: { text: "a/b/c", items: ["a", "b/c"] } }],
    ["file:///{path*}", "file:///a,b", { path: { text: "a,b", items: ["a", "b"] } }],
    ["file:///{path*}/raw", "file:///a/b/raw", { path: { text: "a/b", items: ["a", "b"] } }],
    ["x://s{?a,b}", "x://s?b=2&a=1", { a: "1", b: "2" }],
    ["x://s{?a,b}", "x://s?b=two%20words", { b: "two words" }],
    ["x://s{?a,b}", "x://s?b=two+words", { b: "two words" }],
    ["x://s{?a,b}", "x://s", {}],
    ["x://s{?tags*}", "x://s?tags=a&tags=b", { tags: { text: "a,b", items: ["a", "b"] } }],
    ["x://s?fixed=1{&a}", "x://s?a=2&fixed=1", { a: "2" }],
    ["x://s?q={query}", "x://s?q=1", { query: "1" }],
    ["x://a.b+c/{x}", "x://a.b+c/1", { x: "1" }],
  ])("reads the values of %s from %s", (template, uri, values) => {
    expect(match(template, uri)).toEqual({ values });
  });

  it.each([
    ["notes://{name}", "notes://"],
    ["notes://{name}", "notes://a/b"],
    ["notes://{name}", "notes://a?b=1"],
    ["notes://{name}", "other://a"],
    ["x://a.b/{x}", "x://aXb/1"],
    ["x://s?fixed=1{&a}", "x://s?a=2"],
    ["x://s?q={query}", "x://s"],
    ["x://s{?a}", "x://s?a=1#fragment"],
    ["notes://{name}", `notes://${"a".repeat(70_000)}`],
  ])("does not match %s with %s", (template, uri) => {
    expect(match(template, uri)).toBeUndefined();
  });

  it.each([
    ["notes://{name}", "notes://%", "the value of 'name' is not valid percent-encoded UTF-8"],
    ["notes://{name}", "notes://%C3", "the value of 'name' is not valid percent-encoded UTF-8"],
    ["x://s{?a}", "x://s?a=%ZZ", "the query 'a=%ZZ' is not valid percent-encoded UTF-8"],
    ["x://s{?a}", "x://s?a=1&a=2", "the query parameter 'a' is given 2 times"],
    ["x://s{?a}", "x://s?c=1", "the query parameter 'c' is unknown; allowed: a"],
  ])("explains why %s rejects %s", (template, uri, problem) => {
    expect(match(template, uri)).toEqual({ problem });
  });

  it("reads a long list in the query without copying it for every item", () => {
    const items = Array.from({ length: 200_000 }, () => "a");
    expect(match("x://s{?tags*}", `x://s?${items.map((item) => `tags=${item}`).join("&")}`)).toEqual({
      values: { tags: { text: items.join(","), items } },
    });
  });

  it("keeps the value of a variable named like an inherited property", () => {
    expect(match("x://{constructor}", "x://a")).toEqual({ values: { constructor: "a" } });
  });
});

describe("compileTemplate", () => {
  it.each([
    ["x://{", "unmatched brace"],
    ["x://{a}}", "unmatched brace"],
    ["x://{#a}", "'{#a}' is not supported"],
    ["x://{/a}", "'{/a}' is not supported"],
    ["x://{a:3}", "'{a:3}' is not supported"],
    ["x://{}", "'{}' is not supported"],
    ["x://{a}{b}", "two adjacent variables"],
    ["x://{a}/{a}", "the variable 'a' occurs twice"],
    ["x://a?b=x{c}", "must be the whole value of a parameter"],
    ["x://a?b={c,d}", "must be the whole value of a parameter"],
    ["x://a?{b}", "must be the whole value of a parameter"],
    ["x://a?b={+c}", "'{+x}' is not allowed in the query"],
  ])("rejects %s", (template, problem) => {
    expect(() => compileTemplate(template, "S.m")).toThrowError(
      expect.objectContaining({ code: "INVALID_URI", message: expect.stringContaining(problem) as string }),
    );
    expect(() => compileTemplate(template, "S.m")).toThrowError(/^S\.m: invalid URI template/);
  });
});

describe("UriTemplate.expand", () => {
  it.each([
    ["notes://{name}", { name: "a b/c" }, "notes://a%20b%2Fc"],
    ["file:///{path*}", { path: ["a", "b c"] }, "file:///a/b%20c"],
    ["file:///{path*}", { path: "a/b" }, "file:///a/b"],
    ["file://{+path}", { path: "a/b c" }, "file://a/b%20c"],
    ["x://s{?a,b}", { b: "1&2" }, "x://s?b=1%262"],
    ["x://s?f=1{&a}", { a: "2" }, "x://s?f=1&a=2"],
    ["x://s{?a}", {}, "x://s"],
  ])("writes %s with %j", (template, values, uri) => {
    expect(compileTemplate(template, "S.m").expand(values)).toBe(uri);
  });

  it("requires a value for each variable of the path", () => {
    expect(() => compileTemplate("notes://{name}", "S.m").expand({})).toThrow("no value for the variable 'name'");
  });
});

describe("compareSpecificity", () => {
  it("sorts the more specific template first", () => {
    const sources = ["a://{x*}", "a://{x}", "a://{x}/{y}", "a://{x}/meta", "a://b/{x*}", "a://{+x}"];
    const order = sources
      .map((source) => compileTemplate(source, "S.m"))
      .sort(compareSpecificity)
      .map(({ source }) => source);
    expect(order).toEqual(["a://{x}/meta", "a://b/{x*}", "a://{x}/{y}", "a://{x}", "a://{x*}", "a://{+x}"]);
  });
});

describe("UriTemplate.shape", () => {
  it("is the same for templates that match the same URIs", () => {
    expect(compileTemplate("a://{x}", "S.m").shape).toBe(compileTemplate("a://{y}", "S.m").shape);
    expect(compileTemplate("a://{x}", "S.m").shape).not.toBe(compileTemplate("a://{x*}", "S.m").shape);
    expect(compileTemplate("a://s?q={x}", "S.m").shape).not.toBe(compileTemplate("a://s?r={x}", "S.m").shape);
  });
});
