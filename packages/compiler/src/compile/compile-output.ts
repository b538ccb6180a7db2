import type { JsonSchema, MemberData } from "methodic/manifest";
import ts from "typescript";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Docs } from "../jsdoc/docs.ts";
import type { MethodSignature } from "../scan/parameters.ts";
import type { MethodResult, ResultReader } from "../scan/result-kind.ts";
import type { ScannedMethod } from "../scan/scan.ts";
import type { SchemaGenerator } from "../schema/generator.ts";
import type { TypeSource } from "../schema/schema-builder.ts";

/** The result of a method. */
export interface MethodOutput {
  readonly kind: MemberData["result"];
  readonly generator?: MemberData["generator"];
  /** Absent if the decorator gives it, and for results without structure. */
  readonly schema?: JsonSchema;
  readonly warnings?: readonly LocatedProblem[];
}

/** The result of a method, or the problems that prevent it. */
type OutputCompilation = MethodOutput | { readonly problems: readonly LocatedProblem[] };

/** Compiles the results of methods. */
export class OutputCompiler {
  readonly #checker: ts.TypeChecker;
  readonly #results: ResultReader;

  constructor(checker: ts.TypeChecker, results: ResultReader) {
    this.#checker = checker;
    this.#results = results;
  }

  /** Compiles the type that a method returns. */
  compile(
    { node, decorator }: ScannedMethod,
    signature: MethodSignature,
    { docs, schemas }: { readonly docs: Docs; readonly schemas: SchemaGenerator },
  ): OutputCompilation {
    const returned = this.#returnTypeOf(signature);
    if (!returned) return { kind: "dynamic" };
    const { kind } = decorator;
    const result = this.#results.read(returned, kind, node.type);
    if ("code" in result) return { problems: [this.#locate(result, node)] };
    const generator = result.generator && { generator: result.generator };
    const hidden = result.kind === "dynamic" ? this.#results.findHiddenEnvelope(node, kind) : undefined;
    if (hidden)
      return { problems: [{ problem: problems.hiddenContent(this.#checker.typeToString(result.type)), node: hidden }] };
    const sources = kind === "tool" ? this.#listSources(result, signature) : [];
    if (sources.length === 0) return { kind: result.kind, ...generator };
    const made = schemas.createOutput(sources, result.nullable && result.kind === "structured");
    if (!made.ok) return { problems: made.problems.map((located) => inResult(located)) };
    return { kind: result.kind, schema: describe(made.schema, docs), warnings: made.warnings, ...generator };
  }

  /** Reads the kind of a result from its type, while the decorator gives the schema. */
  readKind({ decorator }: ScannedMethod, signature: MethodSignature): OutputCompilation {
    const returned = this.#returnTypeOf(signature);
    const result = returned && this.#results.read(returned, decorator.kind);
    const isStream = result && "code" in result && ["MTD159", "MTD160"].includes(result.code);
    if (isStream) return { problems: [this.#locate(result, signature.node)] };
    const { kind, generator } = result && "kind" in result ? result : { kind: "structured" as const };
    const more = generator && { generator };
    if (decorator.options.outputSchema === false) return { kind: kind === "structured" ? "dynamic" : kind, ...more };
    return { kind: kind === "content" ? "content" : "structured", ...more };
  }

  #returnTypeOf({ node, instantiated }: MethodSignature): ts.Type | undefined {
    const signature = instantiated?.signature ?? this.#checker.getSignatureFromDeclaration(node);
    return signature && this.#checker.getReturnTypeOfSignature(signature);
  }

  #locate(problem: Problem, node: ts.MethodDeclaration): LocatedProblem {
    const place = this.#results.findInvalidYield(problem, node);
    return place ? { problem, node: place } : inResult({ problem, node: node.type ?? node.name });
  }

  /** Lists the types that structured content may have, as written where that is the same. */
  #listSources(result: MethodResult, { node, instantiated }: MethodSignature): TypeSource[] {
    const site = instantiated?.site ?? node.type ?? node.name;
    if (result.kind === "content") return result.structured.map((type) => ({ kind: "type", type, site }));
    if (result.kind !== "structured") return [];
    const { generator } = result;
    const unwrapped = node.type && this.#unwrapPromise(node.type);
    const written = generator ? unwrapped && returnArgument(unwrapped) : unwrapped;
    const isCertain = !instantiated && !generator;
    const isWritten = written && (isCertain || this.#checker.getTypeFromTypeNode(written) === result.type);
    return [isWritten ? { kind: "node", node: written } : { kind: "type", type: result.type, site }];
  }

  /**
   * Returns the `T` of a written `Promise<T>`; nothing for types that only the checker can await.
   */
  #unwrapPromise(node: ts.TypeNode): ts.TypeNode | undefined {
    const type = this.#checker.getTypeFromTypeNode(node);
    if (this.#checker.getAwaitedType(type) === type) return node;
    if (!ts.isTypeReferenceNode(node) || node.typeName.getText() !== "Promise") return undefined;
    const [argument] = node.typeArguments ?? [];
    return argument && this.#unwrapPromise(argument);
  }
}

/** Returns the `R` of a written `AsyncGenerator<Y, R>`. */
function returnArgument(node: ts.TypeNode): ts.TypeNode | undefined {
  return ts.isTypeReferenceNode(node) ? node.typeArguments?.[1] : undefined;
}

/** Adds the text of `@returns` to the schema of a result. */
function describe(schema: JsonSchema, { returns }: Docs): JsonSchema {
  if (!returns) return schema;
  const description = { description: returns };
  // The order of keywords is part of the artifact.
  return schema["description"] === undefined ? { ...description, ...schema } : { ...schema, ...description };
}

function inResult(located: LocatedProblem): LocatedProblem {
  const { problem } = located;
  return { ...located, problem: { ...problem, text: `in the result: ${problem.text}` } };
}
