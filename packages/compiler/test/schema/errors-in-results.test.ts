import { expect, it } from "vitest";
import { compileFiles } from "./compile-files.ts";

const SOURCE = `
import { tool } from "methodic";
class Plain extends Error { code = 1 }
class Sent extends Error { code = 1; toJSON(): { code: number } { return { code: this.code }; } }
export class S {
  @tool() plain(): Plain { return new Plain(); }
  @tool() sent(): Sent[] { return [new Sent()]; }
  @tool() given(x: Sent): void {}
}`;

it("sends errors that have a toJSON, and no others", () => {
  const { members, diagnostics } = compileFiles({ "s.ts": SOURCE });
  expect(members.get("S.sent")?.data.outputSchema).toEqual({
    type: "array",
    items: { type: "object", properties: { code: { type: "number" } }, required: ["code"] },
  });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "MTD102 S.plain: in the result: type 'Plain' has no JSON form.",
    "MTD102 S.given: at x: type 'Sent' has no JSON form.",
  ]);
});
