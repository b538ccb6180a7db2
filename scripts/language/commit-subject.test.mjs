import { describe, expect, it } from "vitest";
import { findSubjectProblem } from "./commit-subject.mjs";

describe("the check of commit subjects", () => {
  it.each([
    ["fix(server): explain a missing nodeHandler() call"],
    ["refactor(compiler)!: give diagnostic codes their own prefix"],
    ["docs: rewrite the guide to tools"],
    [`feat: ${"a".repeat(66)}`],
  ])("takes %j", (subject) => {
    expect(findSubjectProblem(subject)).toBeUndefined();
  });

  it.each([
    ["Explain a missing call", "not 'type(scope): summary'"],
    ["fix:explain a missing call", "not 'type(scope): summary'"],
    ["fix(Server): explain", "not 'type(scope): summary'"],
    [`feat: ${"a".repeat(67)}`, "73 characters"],
    ["fix: explain a missing call.", "punctuation"],
  ])("refuses %j", (subject, problem) => {
    expect(findSubjectProblem(subject)).toContain(problem);
  });
});
