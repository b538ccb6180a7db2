import ts from "typescript";
import { DescriptionWriter } from "../jsdoc/descriptions.ts";
import { failureOf } from "../diagnostics/failures.ts";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { SiteCall } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { findSiteCalls, type FoundCall } from "../scan/site-calls.ts";
import { SchemaGenerator } from "../schema/generator.ts";
import { compileConfig } from "./compile-config.ts";
import { compileForm } from "./compile-form.ts";
import { compileWiring } from "./compile-wiring.ts";
import type { CompositionProblem } from "./compose.ts";

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
    readonly problems: readonly CompositionProblem[];
  } {
    const calls: SiteCall[] = [];
    const found: CompositionProblem[] = [];
    for (const call of findSiteCalls(sourceFile, this.#project.checker, this.#symbols)) {
      const { data, problems: own } = this.#compileCall(call);
      if (data && !own.some(({ problem }) => problem.severity === "error")) calls.push({ ...call, sourceFile, data });
      const subject = subjectOf(call);
      for (const located of own) found.push({ ...(subject !== undefined && { subject }), located });
    }
    return { calls, problems: found };
  }

  #compileCall(call: FoundCall): SiteCompilation {
    try {
      if (call.callee === "config") return this.#compileTyped(call, compileConfig);
      if (call.callee === "createServer") return compileWiring(call.node, this.#project, this.#symbols);
      // With a second argument, the call brings its own schema.
      return call.node.arguments.length > 1 ? { problems: [] } : this.#compileTyped(call, compileForm);
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

/** Names a call in messages: `config<AppConfig>`. Those about servers name classes. */
function subjectOf({ callee, node }: FoundCall): string | undefined {
  if (callee === "createServer") return undefined;
  const [type] = node.typeArguments ?? [];
  const text = type?.getText() ?? "";
  return type && text.length <= 40 && !text.includes("\n") ? `${callee}<${text}>` : callee;
}
