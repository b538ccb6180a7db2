import type { ConfigData, JsonSchema, MemberData, PublishedResourceOptions, RefsMode, Wiring } from "methodic/manifest";
import type ts from "typescript";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";

/** The constant arguments of a decorator, which can be read without running the program. */
export interface StaticOptions {
  /** Resources: the URI or URI template. */
  readonly uri?: string;
  readonly name?: string;
  readonly version?: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly icons?: NonNullable<PublishedResourceOptions["icons"]>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly size?: number;
  /** Tools: schemas that are written out in the decorator, or in a constant that it names. */
  readonly inputSchema?: JsonSchema;
  readonly outputSchema?: JsonSchema | false;
  /** Tools: the use of references in the schemas. */
  readonly refs?: RefsMode;
  /** The published arguments that the decorator gives and only the running program knows. */
  readonly computed?: readonly string[];
}

/** A decorated method, compiled. */
export interface CompiledMember {
  readonly data: MemberData;
  readonly options: StaticOptions;
}

/** A compiled class with decorated methods. It has no members if all of them are completions. */
export interface CompiledService {
  /** The declared name, or `default` / `(anonymous)` for classes without one. */
  readonly className: string;
  readonly sourceFile: ts.SourceFile;
  readonly node: ts.ClassLikeDeclaration;
  /** By method name, in source order. */
  readonly members: ReadonlyMap<string, CompiledMember>;
  /** The positions of contexts in completion methods that do not take it last. */
  readonly contextIndexes?: Readonly<Record<string, number>>;
}

/** The functions and methods of `methodic` that take data of the compiler as second argument. */
export const SITE_FUNCTIONS = ["config", "createServer", "elicit"] as const;

/** One of {@link SITE_FUNCTIONS}. */
export type SiteFunction = (typeof SITE_FUNCTIONS)[number];

/** A call that gets data as its second argument. */
export interface SiteCall {
  readonly callee: SiteFunction;
  readonly sourceFile: ts.SourceFile;
  /** The call as written, with at most one argument. */
  readonly node: ts.CallExpression;
  /** Plain JSON. */
  readonly data: ConfigData | Wiring | JsonSchema;
}

/** The outcome of compiling a project's services. Services hold only members free of errors. */
export interface Compilation {
  readonly services: readonly CompiledService[];
  /** The calls that get data, in the order of their files and positions. */
  readonly calls: readonly SiteCall[];
  readonly diagnostics: readonly Diagnostic[];
}
