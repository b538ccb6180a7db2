import { describe, expect, it } from "vitest";
import { type Diagnostic, sortDiagnostics } from "./diagnostic.ts";

describe("sortDiagnostics", () => {
  const options = { line: 3, column: 5 };
  const ofType = (file: string, declaredIn?: string): Diagnostic => ({
    code: "MTD210",
    severity: "warning",
    file,
    ...options,
    message: "type 'Options' has parts that JSON cannot carry",
    ...(declaredIn !== undefined && { related: [{ file: declaredIn, ...options, message: "It is declared here." }] }),
  });

  it("keeps one problem of a type that several files use", () => {
    const first = ofType("a.ts");
    expect(sortDiagnostics([ofType("c.ts", "a.ts"), first, ofType("b.ts", "a.ts")])).toEqual([first]);
  });

  it("keeps the problems of two types with one name", () => {
    const both = [ofType("c.ts", "a.ts"), ofType("c.ts", "b.ts")];
    expect(sortDiagnostics([...both, ...both])).toEqual(both);
  });
});
