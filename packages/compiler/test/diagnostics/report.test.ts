import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { reportDiagnostics, type Diagnostic } from "../../src/index.ts";

const root = path.resolve("some/project");
const error: Diagnostic = {
  code: "MTD121",
  severity: "error",
  file: "src/a,b.ts",
  line: 2,
  column: 4,
  endLine: 2,
  endColumn: 9,
  message: "S.m: 100% wrong:\nsecond line.",
  hint: "Fix it.",
  related: [{ file: "src/c.ts", line: 1, column: 1, message: "Here." }],
};
const unlocated: Diagnostic = {
  code: "MTD170",
  severity: "warning",
  file: "",
  line: 1,
  column: 1,
  message: "No files.",
};

it("is lines and a count as text, with paths from the working directory", () => {
  expect(reportDiagnostics([error, unlocated], root, { format: "text" })).toBe(
    "some/project/src/a,b.ts:2:4 - error MTD121: S.m: 100% wrong:\nsecond line. Fix it.\nwarning MTD170: No files.\n\nFound 1 error and 1 warning.\n",
  );
  expect(reportDiagnostics([], root, { format: "text" })).toBe("");
});

it("shows the source where it is pretty", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "report-"));
  try {
    writeFileSync(path.join(folder, "a.ts"), "one\n   twelve\n");
    const text = reportDiagnostics([{ ...error, file: "a.ts" }], folder, { format: "pretty" });
    expect(text).not.toBe(stripVTControlCharacters(text));
    expect(stripVTControlCharacters(text)).toMatch(/\n\n2 \|    twelve\n  \|    \^{5}\n\nFound 1 error\.\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("is one JSON document, also without problems", () => {
  const report = JSON.parse(reportDiagnostics([error, unlocated], root, { format: "json" })) as unknown;
  const related = [{ file: "some/project/src/c.ts", line: 1, column: 1, message: "Here." }];
  expect(report).toEqual({
    version: 1,
    errors: 1,
    warnings: 1,
    diagnostics: [{ ...error, file: "some/project/src/a,b.ts", related }, unlocated],
  });
  expect(reportDiagnostics([], root, { format: "json" })).toBe(
    '{"version":1,"errors":0,"warnings":0,"diagnostics":[]}\n',
  );
});

it("is workflow commands for GitHub Actions, with what means something there escaped", () => {
  expect(reportDiagnostics([error, unlocated], root, { format: "github" }).split("\n")).toEqual([
    "::error file=some/project/src/a%2Cb.ts,line=2,col=4,endColumn=9,title=MTD121::S.m: 100%25 wrong:%0Asecond line. Fix it.",
    "::warning title=MTD170::No files.",
    "",
    "Found 1 error and 1 warning.",
    "",
  ]);
});
