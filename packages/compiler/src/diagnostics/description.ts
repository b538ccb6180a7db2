/** Every code a diagnostic of this compiler can have. TypeScript's own have theirs (`TSnnnn`). */
export type DiagnosticCode = TypeCode | ParameterCode | MethodCode | DocumentationCode | ComponentCode | ProjectCode;

/** Codes of types that cannot become a schema. */
export type TypeCode =
  | "MTD101"
  | "MTD102"
  | "MTD103"
  | "MTD104"
  | "MTD105"
  | "MTD106"
  | "MTD107"
  | "MTD108"
  | "MTD109"
  | "MTD110"
  | "MTD111"
  | "MTD112"
  | "MTD116"
  | "MTD117"
  | "MTD118";

/** Codes of parameters. */
export type ParameterCode = "MTD120" | "MTD121" | "MTD122" | "MTD123" | "MTD124" | "MTD125";

/** Codes of what a decorator stands on. */
export type MethodCode =
  | "MTD130"
  | "MTD131"
  | "MTD132"
  | "MTD133"
  | "MTD134"
  | "MTD135"
  | "MTD136"
  | "MTD137"
  | "MTD138"
  | "MTD139";

/** Codes of JSDoc. */
export type DocumentationCode = "MTD140" | "MTD141" | "MTD142" | "MTD143" | "MTD144" | "MTD145";

/** Codes of resources and of results. */
export type ComponentCode = "MTD150" | "MTD151" | "MTD152" | "MTD153" | "MTD154" | "MTD155" | "MTD160";

/** Codes of projects, of JavaScript to be patched, and of the compiler itself. */
export type ProjectCode =
  | "MTD170"
  | "MTD171"
  | "MTD172"
  | "MTD173"
  | "MTD174"
  | "MTD180"
  | "MTD181"
  | "MTD182"
  | "MTD183"
  | "MTD199";

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
