import { shareSchema, type InputSchema, type JsonSchema, type MemberData } from "methodic/manifest";
import type ts from "typescript";
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
import { type MethodOutput, OutputCompiler } from "./compile-output.ts";
import { describeParams, finishWholeInput, isDiscriminated } from "./compile-whole-input.ts";
import { failureOf } from "../diagnostics/failures.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Project } from "../project/project.ts";
import { ResultReader } from "../scan/result-kind.ts";
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

/** The parts of a method without errors. */
interface MethodParts {
  readonly docs: Docs;
  readonly parameters: MethodParameters;
  /** Absent if the decorator gives it. */
  readonly input: (SchemaResult & { readonly ok: true }) | undefined;
  readonly output: MethodOutput;
  /** Warnings. */
  readonly found: readonly LocatedProblem[];
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
  readonly #outputs: OutputCompiler;
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
    this.#outputs = new OutputCompiler(checker, new ResultReader(checker, library, symbols));
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
    const { texts, schemas } = this.#generatorOf(method);
    const docs = texts.describeMethod(readMethodDocs(method.node, this.#checker), method.node);
    const signature: MethodSignature = { node: method.node, ...(instantiated && { instantiated }) };
    const own = method.decorator.schemas ?? {};
    const parameters = own.input
      ? this.#parameters.readWhole(signature)
      : this.#readParameters(method, signature, docs);
    const input = own.input ? undefined : this.#inputOf(parameters, method, docs);
    const output = own.output
      ? this.#outputs.readKind(method, signature)
      : this.#outputs.compile(method, signature, { docs, schemas });
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
    return this.#finish(method, { docs, parameters, input, output, found });
  }

  /** Checks and publishes the schemas of a method that has no errors so far. */
  #finish(method: ScannedMethod, { docs, parameters, input, output, found }: MethodParts): MethodCompilation {
    const description = fullDescription(docs, output.schema !== undefined);
    const checks = new SchemaChecks(method.node, this.#checker);
    for (const side of [input, output]) if (side?.schema) checks.checkFormats(side.schema);
    const { kind, options, schemas: own = {} } = method.decorator;
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
    const { schemas } = this.#generatorOf(method);
    const buildUnion = (source: TypeSource): SchemaResult | undefined => {
      const made = schemas.createWholeInput(source);
      return isDiscriminated(made) ? made : undefined;
    };
    return this.#parameters.read(signature, docs, method.decorator.kind === "tool" ? buildUnion : undefined);
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
      const made = whole.made ?? schemas.createWholeInput(whole.source);
      return finishWholeInput(made, { whole, kind, docs, defaults: this.#defaults });
    }
    const made = schemas.createInput(parameters.properties, method.node.name);
    return made.ok ? describeParams(made, docs, false) : made;
  }
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
