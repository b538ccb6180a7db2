import { shareSchema, type InputSchema, type JsonSchema, type MemberData } from "methodic/manifest";
import ts from "typescript";
import { DescriptionWriter } from "../jsdoc/descriptions.ts";
import { fullDescription, readMethodDocs, type Docs } from "../jsdoc/docs.ts";
import type { CompiledMember } from "../manifest.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { ParameterReader, type MethodSignature, type MethodParameters } from "../scan/parameters.ts";
import { PatternDefaults } from "../scan/pattern-defaults.ts";
import { EffectChecker } from "../effects/check-effects.ts";
import { HintChecker } from "../effects/check-hints.ts";
import { checkDocs } from "./check-docs.ts";
import { checkDecoratorSchemas, checkResource, SchemaChecks } from "./check-method.ts";
import { describeParams, finishWholeInput, isDiscriminated } from "./compile-whole-input.ts";
import { failureOf } from "../diagnostics/failures.ts";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Project } from "../project/project.ts";
import { ResultReader, type MethodResult } from "../scan/result-kind.ts";
import type { ScannedMethod } from "../scan/scan.ts";
import { dropInvalidDefaults, nameEnumValues } from "../schema/finished-schema.ts";
import { SchemaGenerator, type SchemaResult } from "../schema/generator.ts";
import type { TypeSource } from "../schema/schema-builder.ts";
import { Library } from "../schema/read/library-types.ts";
import { checkHeaderTags, withoutHeaders } from "./header-tags.ts";
import { suggestPart } from "./suggest-part.ts";

/** A generator whose schemas quote JSDoc in one way. */
interface DescribedGenerator {
  readonly texts: DescriptionWriter;
  readonly schemas: SchemaGenerator;
}

/** The result of a method. */
interface MethodOutput {
  readonly kind: MemberData["result"];
  readonly generator?: MemberData["generator"];
  /** Absent if the decorator gives it, and for results without structure. */
  readonly schema?: JsonSchema;
  readonly warnings?: readonly LocatedProblem[];
}

/** A compiled method, unless it has errors, and its problems. */
export interface MethodCompilation {
  readonly member?: CompiledMember;
  readonly problems: readonly LocatedProblem[];
}

/**
 * Compiles the decorated methods of one project. The schemas of all methods share definitions.
 */
export class MethodCompiler {
  readonly #checker: ts.TypeChecker;
  readonly #parameters: ParameterReader;
  readonly #defaults: PatternDefaults;
  readonly #results: ResultReader;
  readonly #effects: EffectChecker;
  readonly #hints: HintChecker;
  readonly #project: Project;
  readonly #generators = new Map<string, DescribedGenerator>();

  constructor(project: Project, symbols: MethodicSymbols) {
    const { program, checker } = project;
    this.#checker = checker;
    const library = new Library(program);
    this.#parameters = new ParameterReader(checker, library, symbols);
    this.#defaults = new PatternDefaults(checker, library);
    this.#results = new ResultReader(checker, library, symbols);
    this.#effects = new EffectChecker({ checker, library, symbols, root: project.root });
    this.#hints = new HintChecker({ checker, library, symbols });
    this.#project = project;
  }

  /**
   * Compiles a method.
   * @param instantiated The method as a subclass that fills in type parameters sees it
   */
  compile(method: ScannedMethod, instantiated?: MethodSignature["instantiated"]): MethodCompilation {
    try {
      return this.#compile(method, instantiated);
    } catch (error) {
      // A failure in one method must not affect the others.
      return { problems: [{ problem: failureOf(error), node: method.node.name }] };
    }
  }

  #compile(method: ScannedMethod, instantiated: MethodSignature["instantiated"]): MethodCompilation {
    const { texts } = this.#generatorOf(method);
    const docs = texts.describeMethod(readMethodDocs(method.node, this.#checker), method.node);
    const signature: MethodSignature = { node: method.node, ...(instantiated && { instantiated }) };
    const own = method.decorator.schemas ?? {};
    const parameters = own.input
      ? this.#parameters.readWhole(signature)
      : this.#readParameters(method, signature, docs);
    const input = own.input ? undefined : this.#inputOf(parameters, method, docs);
    const output = own.output ? this.#decoratorOutputOf(method, signature) : this.#outputOf(method, signature, docs);
    const found = [
      ...method.decorator.problems,
      ...checkDecoratorSchemas(method),
      ...parameters.problems,
      ...this.#problemsOfInput(method, input),
      ...("problems" in output ? output.problems.map((located) => this.#withPart(located, method, "output")) : []),
      ...(("warnings" in output && output.warnings) || []),
      ...this.#effects.check(method.node),
      ...this.#checkHints(method),
      ...checkDocs(method, { parameters, docs, checker: this.#checker, isForeign: (node) => texts.isForeign(node) }),
    ];
    if (input?.ok === false || "problems" in output || found.some(({ problem }) => problem.severity === "error"))
      return { problems: found };
    const description = fullDescription(docs, output.schema !== undefined);
    const checks = new SchemaChecks(method.node, this.#checker);
    for (const side of [input, output]) if (side?.schema) checks.checkFormats(side.schema);
    const { kind, options } = method.decorator;
    const { refs = "auto" } = options;
    const whole = {
      ...(input && { input: dropInvalidDefaults(nameEnumValues(input.schema), checks.reportDefault) as InputSchema }),
      ...(output.schema && { output: dropInvalidDefaults(nameEnumValues(withoutHeaders(output.schema))) }),
    };
    const exact = mapSides(whole, (schema) => shareSchema(schema, refs));
    const published = kind === "tool" ? mapSides(whole, (schema, side) => checks.publish(schema, side, refs)) : {};
    if (checks.problems.some(({ problem }) => problem.severity === "error"))
      return { problems: [...found, ...checks.problems] };
    const differing = mapSides(published, (schema, side) =>
      JSON.stringify(schema) === JSON.stringify(exact[side]) ? undefined : schema,
    );
    // The server publishes the schemas of decorators; here, they are only checked.
    if (options.inputSchema) checks.publish(options.inputSchema, "input", refs);
    if (options.outputSchema) checks.publish(options.outputSchema, "output", refs);
    const data: MemberData = {
      kind,
      ...(docs.title && { title: docs.title }),
      ...(description && { description }),
      ...(docs.deprecated && { deprecated: docs.deprecated }),
      parameters: parameters.plan,
      ...((own.input || own.output) && {
        decoratorSchemas: (["input", "output"] as const).filter((side) => own[side] !== undefined),
      }),
      ...(exact.input && { inputSchema: exact.input }),
      ...(input?.revival && { revival: input.revival }),
      ...(exact.output && { outputSchema: exact.output }),
      ...(Object.keys(differing).length > 0 && { publishedSchemas: differing }),
      ...(kind === "tool" && refs !== "auto" && { refs }),
      result: output.kind,
      ...(output.generator && { generator: output.generator }),
    };
    return { member: { data, options }, problems: [...found, ...checks.problems] };
  }

  #checkHints(method: ScannedMethod): readonly LocatedProblem[] {
    const isRequired = this.#project.schemaOptions.requireHints === true;
    return method.decorator.kind === "tool" ? this.#hints.check(method, { isRequired }) : [];
  }

  #readParameters(method: ScannedMethod, signature: MethodSignature, docs: Docs): MethodParameters {
    const isUnion = (source: TypeSource): boolean =>
      isDiscriminated(this.#generatorOf(method).schemas.createWholeInput(source));
    return this.#parameters.read(signature, docs, method.decorator.kind === "tool" ? isUnion : undefined);
  }

  #problemsOfInput(method: ScannedMethod, input: SchemaResult | undefined): readonly LocatedProblem[] {
    if (input?.ok) {
      const { schema, warnings } = input;
      return [...warnings, ...checkHeaderTags(method, schema), ...checkResource(method, schema, this.#checker)];
    }
    return (input?.problems ?? []).map((located) => this.#withPart(located, method, "input"));
  }

  /** Returns the generator of all tools with the same option `descriptions`. */
  #generatorOf({ decorator }: ScannedMethod): DescribedGenerator {
    const { root, disk, schemaOptions } = this.#project;
    const { descriptions = schemaOptions.descriptions ?? "own" } = decorator;
    const key = JSON.stringify(descriptions);
    const known = this.#generators.get(key);
    if (known) return known;
    const texts = new DescriptionWriter({ root, descriptions, realpath: disk.realpath });
    const generator = { texts, schemas: new SchemaGenerator({ ...this.#project, descriptions: texts }) };
    this.#generators.set(key, generator);
    return generator;
  }

  /** Suggests a part of a type whose schema is too large. */
  #withPart(located: LocatedProblem, { node }: ScannedMethod, side: "input" | "output"): LocatedProblem {
    const { problem } = located;
    const hint = problem.code === "MTD109" ? suggestPart(node, side, this.#checker) : undefined;
    return hint === undefined ? located : { ...located, problem: { ...problem, hint } };
  }

  #inputOf(parameters: MethodParameters, method: ScannedMethod, docs: Docs): SchemaResult {
    const { whole } = parameters;
    const { schemas } = this.#generatorOf(method);
    if (whole) {
      const { kind } = method.decorator;
      return finishWholeInput(schemas.createWholeInput(whole.source), { whole, kind, docs, defaults: this.#defaults });
    }
    const made = schemas.createInput(parameters.properties, method.node.name);
    return made.ok ? describeParams(made, docs, false) : made;
  }

  #outputOf(
    method: ScannedMethod,
    signature: MethodSignature,
    docs: Docs,
  ): MethodOutput | { readonly problems: readonly LocatedProblem[] } {
    const { node } = method;
    const own = signature.instantiated?.signature ?? this.#checker.getSignatureFromDeclaration(node);
    if (!own) return { kind: "dynamic" };
    const result = this.#results.read(this.#checker.getReturnTypeOfSignature(own), method.decorator.kind, node.type);
    if ("code" in result) return { problems: [this.#locateResult(result, node)] };
    const { kind } = method.decorator;
    const generator = result.generator && { generator: result.generator };
    const hidden = result.kind === "dynamic" ? this.#results.findHiddenEnvelope(node, kind) : undefined;
    if (hidden)
      return { problems: [{ problem: problems.hiddenContent(this.#checker.typeToString(result.type)), node: hidden }] };
    const sources = kind === "tool" ? this.#outputSources(result, signature) : [];
    if (sources.length === 0) return { kind: result.kind, ...generator };
    const made = this.#generatorOf(method).schemas.createOutput(
      sources,
      result.nullable && result.kind === "structured",
    );
    if (!made.ok) return { problems: made.problems.map((located) => inResult(located)) };
    const { schema, warnings } = made;
    if (!docs.returns) return { kind: result.kind, schema, warnings, ...generator };
    const description = { description: docs.returns };
    // The order of keywords is part of the artifact.
    const isDescribed = schema["description"] !== undefined;
    const described = isDescribed ? { ...schema, ...description } : { ...description, ...schema };
    return { kind: result.kind, schema: described, warnings, ...generator };
  }

  #locateResult(problem: Problem, node: ts.MethodDeclaration): LocatedProblem {
    const place = this.#results.findInvalidYield(problem, node);
    return place ? { problem, node: place } : inResult({ problem, node: node.type ?? node.name });
  }

  /** Returns the output that the decorator describes. The type only decides its kind. */
  #decoratorOutputOf(
    { decorator }: ScannedMethod,
    { node, instantiated }: MethodSignature,
  ): MethodOutput | { readonly problems: readonly LocatedProblem[] } {
    const own = instantiated?.signature ?? this.#checker.getSignatureFromDeclaration(node);
    const result = own && this.#results.read(this.#checker.getReturnTypeOfSignature(own), decorator.kind);
    const isStream = result && "code" in result && ["MTD159", "MTD160"].includes(result.code);
    if (isStream) return { problems: [this.#locateResult(result, node)] };
    const { kind, generator } = result && "kind" in result ? result : { kind: "structured" as const };
    const more = generator && { generator };
    if (decorator.options.outputSchema === false) return { kind: kind === "structured" ? "dynamic" : kind, ...more };
    return { kind: kind === "content" ? "content" : "structured", ...more };
  }

  #outputSources(result: MethodResult, { node, instantiated }: MethodSignature): TypeSource[] {
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

/** The schemas of a tool. */
interface Schemas {
  readonly input?: InputSchema;
  readonly output?: JsonSchema;
}

/** Replaces the schemas of a tool; those without a replacement are left out. */
function mapSides(
  schemas: Schemas,
  change: (schema: JsonSchema, side: "input" | "output") => JsonSchema | undefined,
): Schemas {
  const sides = (["input", "output"] as const).flatMap((side) => {
    const schema = schemas[side];
    const changed = schema && change(schema, side);
    return changed ? [[side, changed] as const] : [];
  });
  return Object.fromEntries(sides);
}

function inResult(located: LocatedProblem): LocatedProblem {
  const { problem } = located;
  return { ...located, problem: { ...problem, text: `in the result: ${problem.text}` } };
}
