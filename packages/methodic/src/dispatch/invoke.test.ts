import { describe, expect, it } from "vitest";
import { toArguments } from "./invoke.ts";

const context = { context: true };

describe("arguments", () => {
  it("follow the method's order, not the input's", () => {
    expect(toArguments({ names: ["a", "b"] }, { b: 2, a: 1 }, undefined)).toEqual([1, 2]);
  });

  it("leave out what is absent, so that defaults apply", () => {
    const method = (a: number, b = 5): number[] => [a, b];
    expect(method(...(toArguments({ names: ["a", "b"] }, { a: 1 }, undefined) as [number]))).toEqual([1, 5]);
  });

  it.each([
    [0, [context, 1, 2]],
    [1, [1, context, 2]],
    [2, [1, 2, context]],
  ])("have the context at position %i", (contextIndex, expected) => {
    expect(toArguments({ names: ["a", "b"], contextIndex }, { a: 1, b: 2 }, context)).toEqual(expected);
  });

  it("are the whole input for a destructured parameter", () => {
    expect(toArguments({ names: ["options"], wholeInput: true, contextIndex: 1 }, { a: 1 }, context)).toEqual([
      { a: 1 },
      context,
    ]);
  });

  it("do not come from the prototype", () => {
    expect(toArguments({ names: ["constructor", "toString"] }, {}, undefined)).toEqual([undefined, undefined]);
  });
});
