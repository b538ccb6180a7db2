import ts from "typescript";
import { DescriptionWriter } from "../jsdoc/descriptions.ts";
import { failureOf } from "../diagnostics/failures.ts";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { SiteCall } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import type { SubjectProblem } from "../scan/scan.ts";
import { findSiteCalls, type FoundCall } from "../scan/site-calls.ts";
import { SchemaGenerator } from "../schema/generator.ts";
import { compileConfig } from "./compile-config.ts";

/** The data of a call, unless the call has errors, and its problems. */
export interface SiteCompilation {
  readonly data?: SiteCall["data"];
  readonly problems: readonly LocatedProblem[];
}

/** Dependencies of the compilers of calls. */
export interface SiteDeps {
  readonly project: Project;
  readonly schemas: SchemaGenerator;
}

/** Compiles the calls that get data: of `config`, for example. */
export class SiteCompiler {
  readonly #project: Project;
  readonly #symbols: MethodicSymbols;
  #deps: SiteDeps | undefined;

  constructor(project: Project, symbols: MethodicSymbols) {
    this.#project = project;
    this.#symbols = symbols;
  }

  /** Compiles the calls of a file, in source order. */
  compile(sourceFile: ts.SourceFile): {
    readonly calls: readonly SiteCall[];
    readonly problems: readonly SubjectProblem[];
  } {
    const calls: SiteCall[] = [];
    const found: SubjectProblem[] = [];
    for (const call of findSiteCalls(sourceFile, this.#project.checker, this.#symbols)) {
      const { data, problems: own } = this.#compileCall(call);
      if (data && !own.some(({ problem }) => problem.severity === "error")) calls.push({ ...call, sourceFile, data });
      for (const located of own) found.push({ subject: subjectOf(call), located });
    }
    return { calls, problems: found };
  }

  #compileCall(call: FoundCall): SiteCompilation {
    try {
      return call.callee === "config" ? this.#compileTyped(call, compileConfig) : { problems: [] };
    } catch (error) {
      // A failure in one call must not affect the others.
      return { problems: [{ problem: failureOf(error), node: call.node }] };
    }
  }

  /** Compiles a call whose type argument is its schema. */
  #compileTyped(
    { callee, node }: FoundCall,
    compile: (type: ts.TypeNode, deps: SiteDeps) => SiteCompilation,
  ): SiteCompilation {
    const report = (problem: Problem): SiteCompilation => ({ problems: [{ problem, node: node.expression }] });
    if (node.arguments.some((argument) => ts.isSpreadElement(argument)))
      return report(problems.spreadArguments(callee));
    const [type] = node.typeArguments ?? [];
    return type ? compile(type, this.#sharedDeps()) : report(problems.untypedCall(callee));
  }

  #sharedDeps(): SiteDeps {
    const project = this.#project;
    const { root, disk, schemaOptions } = project;
    const { descriptions = "own" } = schemaOptions;
    this.#deps ??= {
      project,
      schemas: new SchemaGenerator({
        ...project,
        descriptions: new DescriptionWriter({ root, descriptions, realpath: disk.realpath }),
      }),
    };
    return this.#deps;
  }
}

/** Names a call in messages: `config<AppConfig>`. */
function subjectOf({ callee, node }: FoundCall): string {
  const [type] = node.typeArguments ?? [];
  const text = type?.getText() ?? "";
  return type && text.length <= 40 && !text.includes("\n") ? `${callee}<${text}>` : callee;
}
