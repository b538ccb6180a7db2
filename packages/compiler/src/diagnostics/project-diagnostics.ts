import type { Message } from "./diagnostic-table.ts";

/**
 * Unreadable projects (MTD170 to MTD174), JavaScript to be patched (MTD180 to MTD183), failures of
 * the compiler (MTD199), and options of the project (MTD250).
 */
export const PROJECT_DIAGNOSTICS = {
  MTD170: {
    title: "File not found",
    severity: "error" as const,
    cause: "A file passed to the compiler does not exist.",
    fix: "Check the path. It is relative to the project's folder.",
    example: { member: "@tool() add(name: string): void {}", options: { files: ["nots.ts"] as const } },
    messages: {
      fileNotFound: (file: string): Message => [
        `'${file}' does not exist.`,
        "Check the path; it is relative to the project's folder.",
      ],
    },
  },
  MTD171: {
    title: "tsconfig not found",
    severity: "error" as const,
    cause: "The tsconfig passed to the compiler does not exist.",
    fix: "Check the path, or omit it: then the compiler reads `tsconfig.json` in the project's folder, or uses the defaults.",
    example: { member: "@tool() add(name: string): void {}", options: { tsconfig: "tsconfig.build.json" } },
    messages: {
      tsconfigNotFound: (file: string): Message => [
        `the tsconfig '${file}' does not exist.`,
        "Check the path, or omit it to use the defaults.",
      ],
    },
  },
  MTD172: {
    title: "No files",
    severity: "error" as const,
    cause: "The tsconfig includes no TypeScript files, or the folder has none.",
    fix: "Check `files` and `include` in the tsconfig.",
    example: { source: '{ "include": ["src"] }\n', file: "tsconfig.json" },
    messages: {
      noFiles: (where: string): Message => [
        `no TypeScript files were found through '${where}'.`,
        "Check the tsconfig's files and include, or name the files.",
      ],
    },
  },
  MTD173: {
    title: "Package methodic not found",
    severity: "error" as const,
    cause:
      "The file imports its decorators from `methodic`, which does not resolve from that file, so the compiler cannot recognize them.",
    fix: "Run `npm install methodic` in the project.",
    example: { member: "@tool() add(name: string): void {}", withoutPackage: true as const },
    messages: {
      unresolvedPackage: (): Message => [
        "the package 'methodic' cannot be resolved, so its decorators are not recognized.",
        "Install it: npm install methodic.",
      ],
    },
  },
  MTD174: {
    title: "File outside the project",
    severity: "error" as const,
    cause:
      "The file that was named exists but is not a TypeScript source: a declaration file, for example, has no methods to compile.",
    fix: "Name a `.ts`, `.tsx`, `.mts` or `.cts` file.",
    example: {
      source: "export declare class Notes {}\n",
      file: "notes.d.ts",
      options: { files: ["notes.d.ts"] as const },
    },
    messages: {
      fileNotInProject: (file: string): Message => [
        `'${file}' is not part of the project.`,
        "Name a TypeScript source file of the project.",
      ],
    },
  },
  MTD180: {
    title: "No JavaScript to patch",
    severity: "error" as const,
    cause:
      "`methodic patch` found no JavaScript that another compiler emitted for a file with services, or it found several candidates.",
    fix: "Compile the project first. Name the folder of the JavaScript with `--out-dir`, and empty that folder if it holds the output of several builds.",
    messages: {
      notEmitted: (source: string, looked: string): Message => [
        `no JavaScript was found for '${source}' (looked for ${looked}).`,
        "Compile the project first, or name the folder of the JavaScript with --out-dir.",
      ],
    },
  },
  MTD181: {
    title: "JavaScript of another source",
    severity: "error" as const,
    cause:
      "The JavaScript's class differs from the source's: a class, a method or a parameter is missing, renamed or elsewhere. It was compiled from an older source, for a target older than ES2015, or minified.",
    fix: "Compile the project again and patch before any other tool touches the output.",
    messages: {
      staleOutput: (output: string, difference: string): Message => [
        `'${output}' ${difference}.`,
        "Compile the project again, for ES2015 or later and without minifying.",
      ],
    },
  },
  MTD182: {
    title: "JavaScript with manifests",
    severity: "error" as const,
    cause:
      "The JavaScript contains manifests that `methodic patch` did not write: it comes from `methodic build` or from a bundler with Methodic's plugin, and is complete.",
    fix: "Choose one way: patch only the output of tsc or swc.",
    messages: {
      foreignManifest: (output: string): Message => [
        `'${output}' already contains manifests, which 'methodic patch' did not write.`,
        "Patch the output of tsc or swc; the output of 'methodic build' and of the bundler plugins is complete.",
      ],
    },
  },
  MTD183: {
    title: "JavaScript with decorators",
    severity: "warning" as const,
    cause:
      "The JavaScript still has its standard decorators, as tsc leaves them for the target ESNext, which `tsc --init` writes. No engine runs them yet: the program ends with a SyntaxError.",
    fix: "Set `target` to `ES2024` or lower and compile again. If a bundler lowers them afterwards, ignore the warning.",
    messages: {
      unloweredDecorators: (output: string): Message => [
        `'${output}' still has its decorators, which no engine runs yet.`,
        'Set "target": "ES2024" or lower in the tsconfig and compile again, unless a bundler lowers them afterwards.',
      ],
    },
  },
  MTD199: {
    title: "Failure of the compiler",
    severity: "error" as const,
    cause: "The compiler met a case that it does not handle. It still compiles the other methods.",
    fix: "Please report it, with the types of the method that the message names.",
    messages: {
      compilerFailed: (reason: string): Message => [
        `the compiler failed: ${reason}.`,
        "This is a bug in Methodic; please report it with the method's types.",
      ],
    },
  },
  MTD250: {
    title: "Invalid project option",
    severity: "error" as const,
    cause:
      'The key `"methodic"` of a tsconfig has an option that does not exist, or a value that the option does not take.',
    fix: "Correct it: the [project options](command-line.md#set-project-options) are `descriptions`, `strictTypes` and `requireHints`.",
    example: { source: '{ "methodic": { "strictType": true } }\n', file: "tsconfig.json" },
    messages: {
      projectOptionsNotObject: (): Message => [
        '"methodic" in the tsconfig must be an object.',
        'Write, for example: "methodic": { "descriptions": "all" }.',
      ],
      misspelledProjectOptions: (name: string): Message => [
        `unknown key '${name}' in the tsconfig.`,
        'The options of Methodic are under "methodic".',
      ],
      unknownProjectOption: (name: string, suggestion: string, known: string): Message => [
        `unknown option '${name}' of "methodic".`,
        suggestion.trim() || `Options: ${known}.`,
      ],
      invalidProjectOption: (name: string, expected: string, value: string): Message => [
        `the option '${name}' of "methodic" cannot be ${value}.`,
        `Write ${expected}.`,
      ],
    },
  },
};
