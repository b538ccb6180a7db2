import { inClass, type DiagnosticDescription, type ProjectCode } from "./description.ts";

const GOOD = inClass("@tool() add(name: string): void {}").source;

/** Projects that cannot be read. */
export const PROJECT_DIAGNOSTICS: Readonly<Record<ProjectCode, DiagnosticDescription>> = {
  MCP170: {
    title: "File not found",
    severity: "error",
    cause: "A file that was named does not exist.",
    fix: "Check the path. It is relative to the project's folder.",
    example: { source: GOOD, options: { files: ["nots.ts"] } },
  },
  MCP171: {
    title: "tsconfig not found",
    severity: "error",
    cause: "The tsconfig that was named does not exist.",
    fix: "Check the path, or leave it out: then `tsconfig.json` in the project's folder is read, or the defaults are used.",
    example: { source: GOOD, options: { tsconfig: "tsconfig.build.json" } },
  },
  MCP172: {
    title: "No files",
    severity: "error",
    cause: "The tsconfig includes no TypeScript files, or the folder has none.",
    fix: "Check `files` and `include` in the tsconfig.",
    example: { source: '{ "include": ["src"] }\n', file: "tsconfig.json" },
  },
  MCP173: {
    title: "Package methodic not found",
    severity: "error",
    cause:
      "The file imports its decorators from `methodic`, which is not installed where the file can see it, so nothing is known of them.",
    fix: "Run `npm install methodic` in the project.",
    example: { source: GOOD, withoutPackage: true },
  },
  MCP174: {
    title: "File outside the project",
    severity: "error",
    cause:
      "The file that was named exists but is no TypeScript source: a declaration file, for example, has no methods to compile.",
    fix: "Name a `.ts`, `.tsx`, `.mts` or `.cts` file.",
    example: { source: "export declare class Notes {}\n", file: "notes.d.ts", options: { files: ["notes.d.ts"] } },
  },
  MCP199: {
    title: "Failure of the compiler",
    severity: "error",
    cause: "Something happened that the compiler was not made for. The other methods are compiled all the same.",
    fix: "Please report it, with the types of the method that the message names.",
  },
};
