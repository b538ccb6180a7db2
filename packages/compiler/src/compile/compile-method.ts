import { parseTemplate, type InputSchema, type JsonSchema, type MemberData } from "methodic/manifest";
import ts from "typescript";
import { findDetachedComments, fullDescription, readMethodDocs, type Docs } from "../jsdoc/docs.ts";
import type { CompiledMember } from "../manifest.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { applyParamDocs, ParameterReader, type MethodSignature, type ParameterFacts } from "../scan/parameters.ts";
import { failureOf } from "../diagnostics/failures.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Project } from "../project/project.ts";
import { ResultReader, type ResultFacts } from "../scan/result-kind.ts";
import type { ScannedMethod } from "../scan/scan.ts";
import {
  dropInvalidDefaults,
  findUnknownFormats,
  knownFormats,
  type DroppedDefault,
} from "../schema/finished-schema.ts";
import { SchemaGenerator, type SchemaResult, type TypeSource } from "../schema/generator.ts";
import { Library } from "../schema/read/library-types.ts";
import { formatPath } from "../schema/read/unsupported-type.ts";

/** What a method returns. */
interface OutputFacts {
  readonly kind: MemberData["result"];
  /** Absent where the decorator gives it, and for results without structure. */
  readonly schema?: JsonSchema;
}

/** A compiled method, unless it has errors, and what is to be said about it. */
export interface MethodOutcome {
  readonly member?: CompiledMember;
  readonly problems: readonly LocatedProblem[];
}

/** Compiles the decorated methods of one project; the schemas of all its methods share what they have in common. */
export class MethodCompiler {
  readonly #checker: ts.TypeChecker;
  readonly #parameters: ParameterReader;
  readonly #results: ResultReader;
  readonly #schemas: SchemaGenerator;

  constructor(project: Project, symbols: MethodicSymbols) {
    const { program, checker } = project;
    this.#checker = checker;
    const library = new Library(program);
    this.#parameters = new ParameterReader(checker, library, symbols);
    this.#results = new ResultReader(checker, library, symbols);
    this.#schemas = new SchemaGenerator(project);
  }

  /**
   * Compiles a method.
   * @param instantiated How a subclass that fills in type parameters sees the method
   */
  compile(method: ScannedMethod, instantiated?: MethodSignature["instantiated"]): MethodOutcome {
    try {
      return this.#compile(method, instantiated);
    } catch (error) {
      // One method that the compiler was not made for must not take the others with it.
      return { problems: [{ problem: failureOf(error), node: method.node.name }] };
    }
  }

  #compile(method: ScannedMethod, instantiated: MethodSignature["instantiated"]): MethodOutcome {
    const docs = readMethodDocs(method.node, this.#checker);
    const signature: MethodSignature = { node: method.node, ...(instantiated && { instantiated }) };
    const given = method.decorator.schemas ?? {};
    const parameters = given.input ? this.#parameters.readWhole(signature) : this.#parameters.read(signature, docs);
    const input = given.input ? undefined : this.#inputOf(parameters, method, docs);
    const output = given.output ? this.#givenOutputOf(method, signature) : this.#outputOf(method, signature, docs);
    const inputProblems = input?.ok ? checkResource(method, input.schema) : (input?.problems ?? []);
    const found = [
      ...method.decorator.problems,
      ...parameters.problems,
      ...inputProblems,
      ...("problems" in output ? output.problems : []),
      ...checkDocs(method, parameters, docs),
    ];
    if (input?.ok === false || "problems" in output || found.some(({ problem }) => problem.severity === "error"))
      return { problems: found };
    const description = fullDescription(docs);
    const remarks = new SchemaRemarks(method.node);
    for (const made of [input, output]) if (made?.schema) remarks.checkFormats(made.schema);
    const data: MemberData = {
      kind: method.decorator.kind,
      ...(docs.title && { title: docs.title }),
      ...(description && { description }),
      ...(docs.deprecated && { deprecated: docs.deprecated }),
      parameters: parameters.plan,
      ...((given.input || given.output) && {
        decoratorSchemas: (["input", "output"] as const).filter((side) => given[side] !== undefined),
      }),
      ...(input && { inputSchema: dropInvalidDefaults(input.schema, remarks.ofDefault) as InputSchema }),
      ...(input?.revival && { revival: input.revival }),
      ...(output.schema && { outputSchema: dropInvalidDefaults(output.schema) }),
      result: output.kind,
    };
    return { member: { data, options: method.decorator.options }, problems: [...found, ...remarks.problems] };
  }

  #inputOf(parameters: ParameterFacts, method: ScannedMethod, docs: Docs): SchemaResult {
    const { whole } = parameters;
    if (!whole) {
      const made = this.#schemas.createInput(parameters.properties, method.node.name);
      return made.ok ? { ...made, schema: applyParamDocs(made.schema, docs, false) } : made;
    }
    const made = this.#schemas.createWholeInput(whole.source);
    if (!made.ok) return made;
    if (made.schema["type"] !== "object" || made.schema["anyOf"]) {
      const node = whole.source.kind === "node" ? whole.source.node : whole.source.site;
      return { ok: false, problems: [{ problem: problems.inputNotObject(node.getText()), node }] };
    }
    return { ...made, schema: applyParamDocs(this.#parameters.applyPattern(made.schema, whole.pattern), docs, true) };
  }

  #outputOf(
    method: ScannedMethod,
    signature: MethodSignature,
    docs: Docs,
  ): OutputFacts | { readonly problems: readonly LocatedProblem[] } {
    const { node } = method;
    const own = signature.instantiated?.signature ?? this.#checker.getSignatureFromDeclaration(node);
    if (!own) return { kind: "dynamic" };
    const facts = this.#results.read(
      this.#checker.getReturnTypeOfSignature(own),
      method.decorator.kind,
      node.type?.getText(),
    );
    if ("code" in facts)
      return {
        problems: [{ problem: { ...facts, text: `in the result: ${facts.text}` }, node: node.type ?? node.name }],
      };
    const sources = method.decorator.kind === "tool" ? this.#outputSources(facts, signature) : [];
    if (sources.length === 0) return { kind: facts.kind };
    const made = this.#schemas.createOutput(sources, facts.nullable && facts.kind === "structured");
    if (!made.ok)
      return {
        problems: made.problems.map((located) => ({
          ...located,
          problem: { ...located.problem, text: `in the result: ${located.problem.text}` },
        })),
      };
    const schema =
      docs.returns && made.schema["description"] === undefined
        ? { description: docs.returns, ...made.schema }
        : made.schema;
    return { kind: facts.kind, schema: docs.returns ? { ...schema, description: docs.returns } : schema };
  }

  /** The decorator says what the result looks like; the type only, whether it is made of content blocks. */
  #givenOutputOf({ decorator }: ScannedMethod, { node, instantiated }: MethodSignature): OutputFacts {
    const own = instantiated?.signature ?? this.#checker.getSignatureFromDeclaration(node);
    const facts = own && this.#results.read(this.#checker.getReturnTypeOfSignature(own), decorator.kind);
    return { kind: facts && "kind" in facts && facts.kind === "content" ? "content" : "structured" };
  }

  #outputSources(facts: ResultFacts, { node, instantiated }: MethodSignature): TypeSource[] {
    const site = instantiated?.site ?? node.type ?? node.name;
    if (facts.kind === "content") return facts.structured.map((type) => ({ kind: "type", type, site }));
    if (facts.kind !== "structured") return [];
    const written = node.type && this.#unwrapPromise(node.type);
    const isWritten = written && (!instantiated || this.#checker.getTypeFromTypeNode(written) === facts.type);
    return [isWritten ? { kind: "node", node: written } : { kind: "type", type: facts.type, site }];
  }

  /** The `T` of `Promise<T>`, where it is written that way; nothing for types that only the checker can await. */
  #unwrapPromise(node: ts.TypeNode): ts.TypeNode | undefined {
    const type = this.#checker.getTypeFromTypeNode(node);
    if (this.#checker.getAwaitedType(type) === type) return node;
    if (!ts.isTypeReferenceNode(node) || node.typeName.getText() !== "Promise") return undefined;
    const [argument] = node.typeArguments ?? [];
    return argument && this.#unwrapPromise(argument);
  }
}

/** What is odd about the finished schemas of a method. */
class SchemaRemarks {
  readonly problems: LocatedProblem[] = [];
  readonly #method: ts.MethodDeclaration;

  constructor(method: ts.MethodDeclaration) {
    this.#method = method;
  }

  checkFormats(schema: JsonSchema): void {
    for (const format of findUnknownFormats(schema))
      this.problems.push({ problem: problems.unknownFormat(format, knownFormats()), node: this.#method.name });
  }

  readonly ofDefault: DroppedDefault = (path, value) => {
    const node = parameterNode(this.#method, path[0] ?? "");
    this.problems.push({ problem: problems.rejectedDefault(formatPath(path), JSON.stringify(value)), node });
  };
}

/** Finds at build time what a server would refuse when it starts. */
function checkResource({ decorator, node }: ScannedMethod, input: JsonSchema): LocatedProblem[] {
  if (decorator.kind !== "resource") return [];
  const { uriNode, options, list } = decorator;
  const at = uriNode ?? decorator.node;
  if (options.uri === undefined) return [{ problem: problems.computedUri(), node: at }];
  const parsed = parseTemplate(options.uri);
  if ("problem" in parsed) return [{ problem: problems.invalidTemplate(options.uri, parsed.problem), node: at }];
  const properties = (input["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const names = Object.keys(properties);
  const required = (input["required"] ?? []) as readonly string[];
  const variables = parsed.variables.map(({ name }) => name);
  const found: LocatedProblem[] = [];
  for (const name of variables) {
    if (!names.includes(name)) found.push({ problem: problems.unknownVariable(name, names), node: at });
  }
  for (const name of required) {
    if (!variables.includes(name))
      found.push({ problem: problems.missingVariable(name, options.uri), node: parameterNode(node, name) });
  }
  for (const [name, schema] of Object.entries(properties)) {
    if (variables.includes(name) && isStructured(schema))
      found.push({ problem: problems.structuredVariable(name), node: parameterNode(node, name) });
  }
  if (list !== undefined && !hasMethod(node.parent, list))
    found.push({ problem: problems.unknownListMethod(list), node: decorator.node });
  return found;
}

function parameterNode(method: ts.MethodDeclaration, name: string): ts.Node {
  return method.parameters.find((parameter) => parameter.name.getText() === name) ?? method.name;
}

function isStructured(schema: JsonSchema): boolean {
  if (schema["type"] === "object" || schema["$ref"] !== undefined) return true;
  const branches = (schema["anyOf"] ?? []) as readonly JsonSchema[];
  const items = schema["items"];
  return (
    branches.some((branch) => isStructured(branch)) || (typeof items === "object" && isStructured(items as JsonSchema))
  );
}

function hasMethod(owner: ts.Node, name: string): boolean {
  if (!ts.isClassLike(owner)) return false;
  // A base class may have it; that is for the runtime to see.
  return owner.heritageClauses !== undefined || owner.members.some((member) => member.name?.getText() === name);
}

/** Comments that nobody would ever read, and `@param` tags without a parameter. */
function checkDocs({ node }: ScannedMethod, parameters: ParameterFacts, docs: Docs): LocatedProblem[] {
  const found: LocatedProblem[] = [];
  for (const shape of [node, ...inlineTypes(node)]) {
    for (const { start, reason } of findDetachedComments(shape))
      found.push({ problem: problems.detachedDoc(reason), node: shape, start });
  }
  if (parameters.whole) return found;
  const known = node.parameters.map((parameter) => parameter.name.getText());
  for (const param of docs.params) {
    const root = param.name.split(/[.[]/, 1)[0] ?? "";
    if (!known.includes(root) && ts.findAncestor(param.node, (ancestor) => ancestor === node)) {
      found.push({ problem: problems.unknownParam(param.name, parameters.plan.names), node: param.node });
    }
  }
  return found;
}

/** The object types written out in a signature, and the interfaces of its file are checked with the file. */
function inlineTypes(method: ts.MethodDeclaration): ts.TypeLiteralNode[] {
  const found: ts.TypeLiteralNode[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeLiteralNode(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  for (const type of [...method.parameters.map((parameter) => parameter.type), method.type]) if (type) visit(type);
  return found;
}
