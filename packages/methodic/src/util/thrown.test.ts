import { describe, expect, it } from "vitest";
import { explainThrown, messageOf } from "./thrown.ts";

describe("explainThrown", () => {
  it("returns the stack trace of an error, and those of its causes", () => {
    const cause = new Error("refused");
    const error = new Error("broken", { cause });
    expect(explainThrown(error)).toBe(`${error.stack} caused by: ${cause.stack}`);
  });

  it("explains an AggregateError by its first error", () => {
    const first = new Error("refused");
    const error = new AggregateError([first, new Error("other")], "all failed");
    expect(explainThrown(error)).toBe(`${error.stack} caused by: ${first.stack}`);
  });

  it("ends for causes that form a cycle", () => {
    const error = new Error("broken");
    Object.assign(error, { cause: error, stack: "broken" });
    expect(explainThrown(error)).toBe(Array.from({ length: 6 }, () => "broken").join(" caused by: "));
  });

  it("returns the message of an error without a stack, and the text of any other value", () => {
    const error = Object.assign(new Error("broken"), { stack: undefined });
    expect([error, "text", 5, undefined, {}].map(explainThrown)).toEqual([
      "broken",
      "text",
      "5",
      "(undefined)",
      "(object)",
    ]);
  });

  it("never throws, whatever was thrown", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const get = (): never => {
      throw proxy;
    };
    const unreadable = [proxy, Object.create(null), Object.defineProperty(new Error("x"), "stack", { get })];
    expect(unreadable.map(explainThrown)).toEqual(["(object)", "(object)", "x"]);
    expect(explainThrown(Object.assign(new Error("x"), { stack: 5 }))).toBe("x");
  });
});

describe("messageOf", () => {
  it("returns the message of an error or of an object that has one, and nothing for other objects", () => {
    expect([new Error("x"), { message: "y" }, {}, "z", null].map(messageOf)).toEqual(["x", "y", "", "z", ""]);
  });
});
