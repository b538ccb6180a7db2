import { describe, expect, it } from "vitest";
import { toArguments } from "./invoke.ts";

const context = { context: true };

describe("toArguments", () => {
  it("follows the order of the method, not of the input", () => {
    expect(toArguments({ names: ["a", "b"] }, { b: 2, a: 1 }, undefined)).toEqual([1, 2]);
  });

  it("passes undefined for absent properties, so that defaults apply", () => {
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

  it("passes the whole input to a destructured parameter", () => {
    expect(toArguments({ names: ["options"], wholeInput: true, contextIndex: 1 }, { a: 1 }, context)).toEqual([
      { a: 1 },
      context,
    ]);
  });

  it("does not read properties of the prototype", () => {
    expect(toArguments({ names: ["constructor", "toString"] }, {}, undefined)).toEqual([undefined, undefined]);
  });
});
