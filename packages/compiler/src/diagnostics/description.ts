/** Every code a diagnostic of this compiler can have. TypeScript's own have theirs (`TSnnnn`). */
export type DiagnosticCode = TypeCode | ParameterCode | MethodCode | DocumentationCode | ComponentCode | ProjectCode;

/** Codes of types that cannot become a schema. */
export type TypeCode =
  | "MCP101"
  | "MCP102"
  | "MCP103"
  | "MCP104"
  | "MCP105"
  | "MCP106"
  | "MCP107"
  | "MCP108"
  | "MCP109"
  | "MCP110"
  | "MCP111"
  | "MCP112"
  | "MCP116"
  | "MCP117"
  | "MCP118";

/** Codes of parameters. */
export type ParameterCode = "MCP120" | "MCP121" | "MCP122" | "MCP123" | "MCP124" | "MCP125";

/** Codes of what a decorator stands on. */
export type MethodCode =
  | "MCP130"
  | "MCP131"
  | "MCP132"
  | "MCP133"
  | "MCP134"
  | "MCP135"
  | "MCP136"
  | "MCP137"
  | "MCP138"
  | "MCP139";

/** Codes of JSDoc. */
export type DocumentationCode = "MCP140" | "MCP141" | "MCP142" | "MCP143" | "MCP144" | "MCP145";

/** Codes of resources and of results. */
export type ComponentCode = "MCP150" | "MCP151" | "MCP152" | "MCP153" | "MCP154" | "MCP155" | "MCP160";

/** Codes of projects, of JavaScript to be patched, and of the compiler itself. */
export type ProjectCode =
  | "MCP170"
  | "MCP171"
  | "MCP172"
  | "MCP173"
  | "MCP174"
  | "MCP180"
  | "MCP181"
  | "MCP182"
  | "MCP183"
  | "MCP199";

/** What a code means: an entry of `docs/diagnostics.md`. */
export interface DiagnosticDescription {
  readonly title: string;
  readonly severity: "error" | "warning";
  /** Why it is a problem. */
  readonly cause: string;
  /** What to do about it. */
  readonly fix: string;
  /** A program that has it and nothing else; absent for bugs of the compiler and for what lies in JavaScript. */
  readonly example?: DiagnosticExample;
}

/** A project that has a problem. */
export interface DiagnosticExample {
  /** The text of `notes.ts`, or of `file`. */
  readonly source: string;
  readonly file?: string;
  /** How `compileProject` is called, besides `root`. */
  readonly options?: { readonly tsconfig?: string; readonly files?: readonly string[] };
  /** The package `methodic` is not installed. */
  readonly withoutPackage?: true;
}

/** A class with one tool around a member's text: what most examples are. */
export function inClass(member: string, before = ""): DiagnosticExample {
  const indented = member.replaceAll(/^(?=.)/gm, "  ");
  return {
    source: `import { tool } from "methodic";\n\n${before && `${before}\n\n`}export class Notes {\n${indented}\n}\n`,
  };
}
