import { createRequire } from "node:module";
import ts from "typescript";
import * as methodic from "../src/index.ts";

/** The two decorator dialects of TypeScript. */
export type Dialect = "legacy" | "standard";

/** The dialects, for tests that run in both. */
export const DIALECTS: readonly Dialect[] = ["legacy", "standard"];

/** Compiles source text the way an author's TypeScript does, and runs it. Its imports of `methodic` get the sources under test. */
export function runSource(source: string, dialect: Dialect): Record<string, never> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: dialect === "legacy",
    },
  });
  const exports = {};
  const require = (name: string): unknown => (name === "methodic" ? methodic : createRequire(import.meta.url)(name));
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
  new Function("exports", "require", outputText)(exports, require);
  return exports;
}

/** The errors that TypeScript reports for a file that imports the built package, its declarations included. */
export function typeErrors(file: string, dialect: Dialect): readonly string[] {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    experimentalDecorators: dialect === "legacy",
  });
  // Our own declarations are checked and not those of others, which would take most of the time.
  const own = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.includes("/methodic/dist/"));
  const found = [...program.getOptionsDiagnostics(), ...own.flatMap((one) => program.getSemanticDiagnostics(one))];
  return found.map(
    ({ file: where, messageText }) => `${where?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}
