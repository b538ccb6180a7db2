import { inClass, type DiagnosticDescription, type ProjectCode } from "./description.ts";

const GOOD = inClass("@tool() add(name: string): void {}").source;

/** Projects that cannot be read. */
export const PROJECT_DIAGNOSTICS: Readonly<Record<ProjectCode, DiagnosticDescription>> = {
  MTD170: {
    title: "File not found",
    severity: "error",
    cause: "A file that was named does not exist.",
    fix: "Check the path. It is relative to the project's folder.",
    example: { source: GOOD, options: { files: ["nots.ts"] } },
  },
  MTD171: {
    title: "tsconfig not found",
    severity: "error",
    cause: "The tsconfig that was named does not exist.",
    fix: "Check the path, or leave it out: then `tsconfig.json` in the project's folder is read, or the defaults are used.",
    example: { source: GOOD, options: { tsconfig: "tsconfig.build.json" } },
  },
  MTD172: {
    title: "No files",
    severity: "error",
    cause: "The tsconfig includes no TypeScript files, or the folder has none.",
    fix: "Check `files` and `include` in the tsconfig.",
    example: { source: '{ "include": ["src"] }\n', file: "tsconfig.json" },
  },
  MTD173: {
    title: "Package methodic not found",
    severity: "error",
    cause:
      "The file imports its decorators from `methodic`, which is not installed where the file can see it, so nothing is known of them.",
    fix: "Run `npm install methodic` in the project.",
    example: { source: GOOD, withoutPackage: true },
  },
  MTD174: {
    title: "File outside the project",
    severity: "error",
    cause:
      "The file that was named exists but is no TypeScript source: a declaration file, for example, has no methods to compile.",
    fix: "Name a `.ts`, `.tsx`, `.mts` or `.cts` file.",
    example: { source: "export declare class Notes {}\n", file: "notes.d.ts", options: { files: ["notes.d.ts"] } },
  },
  MTD180: {
    title: "No JavaScript to patch",
    severity: "error",
    cause:
      "`methodic patch` found no JavaScript file that another compiler made of a file with services, or it found several and cannot tell which.",
    fix: "Compile the project first. Name the folder of the JavaScript with `--out-dir`, and empty that folder if it holds the output of several builds.",
  },
  MTD181: {
    title: "JavaScript of another source",
    severity: "error",
    cause:
      "The JavaScript does not have a service's class as its source does: a class, a method or a parameter is missing, renamed or in another place. It was compiled from an older source, for a target older than ES2015, or minified.",
    fix: "Compile the project again and patch before anything else touches the output.",
  },
  MTD182: {
    title: "JavaScript with manifests",
    severity: "error",
    cause:
      "The JavaScript carries manifests that `methodic patch` has not put there: it comes from `methodic build` or from a bundler with Methodic's plugin, and is complete.",
    fix: "Use one way or the other: patch only what tsc or swc has written.",
  },
  MTD183: {
    title: "JavaScript with decorators",
    severity: "warning",
    cause:
      "The JavaScript still has its standard decorators, as tsc leaves them for the target ESNext, which is the one that `tsc --init` writes. No engine runs them yet: it ends with a SyntaxError.",
    fix: "Set `target` to `ES2024` or lower and compile again. If a bundler lowers them afterwards, nothing is wrong.",
  },
  MTD199: {
    title: "Failure of the compiler",
    severity: "error",
    cause: "Something happened that the compiler was not made for. The other methods are compiled all the same.",
    fix: "Please report it, with the types of the method that the message names.",
  },
};
