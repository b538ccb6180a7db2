import type { ParameterPlan } from "methodic/manifest";
import ts from "typescript";
import { readDefault } from "./default-values.ts";
import type { Docs } from "../jsdoc/docs.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { SchemaResult } from "../schema/generator.ts";
import type { InputProperty, TypeSource } from "../schema/schema-builder.ts";
import type { Library } from "../schema/read/library-types.ts";

/**
 * A method's signature, as its class declares it or as a subclass that fills in type parameters
 * sees it.
 */
export interface MethodSignature {
  readonly node: ts.MethodDeclaration;
  /**
   * The signature with the type arguments of a subclass. Absent for a method of the class itself.
   */
  readonly instantiated?: { readonly signature: ts.Signature; readonly site: ts.Node };
}

/** The parameters of a method, and the problems found in them. */
export interface MethodParameters {
  readonly plan: ParameterPlan;
  readonly properties: readonly InputProperty[];
  /** The only parameter, if its type is the input. */
  readonly whole?: WholeInput;
  readonly problems: readonly LocatedProblem[];
}

/** A parameter that is destructured, or whose type is a discriminated union. */
export interface WholeInput {
  readonly source: TypeSource;
  readonly name: ts.ObjectBindingPattern | ts.Identifier;
  /** Present for a union, which was built to recognize it. */
  readonly made?: SchemaResult;
}

/** Builds the schema of a discriminated union; returns undefined for other types. */
type UnionBuilder = (source: TypeSource) => SchemaResult | undefined;

/** A method's parameters, split into inputs and the Context. */
interface SplitParameters {
  readonly inputs: readonly ts.ParameterDeclaration[];
  readonly position?: Pick<ParameterPlan, "contextIndex">;
  /** Problems of the Context parameters after the first. */
  readonly found: LocatedProblem[];
}

/** Reads the parameters of methods. */
export class ParameterReader {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, library: Library, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#library = library;
    this.#symbols = symbols;
  }

  /**
   * Reads the parameters of a method.
   * @param buildUnion Absent where a discriminated union cannot be the whole input
   */
  read(method: MethodSignature, docs: Docs, buildUnion?: UnionBuilder): MethodParameters {
    const { inputs, position, found } = this.#split(method);
    const [first, second] = inputs;
    const whole = first && !second ? this.#findWhole(first, method, buildUnion) : undefined;
    if (whole && "problem" in whole)
      return { plan: { names: [], ...position }, properties: [], problems: [...found, whole] };
    if (whole) {
      const plan: ParameterPlan = { names: ["input"], ...position, wholeInput: true };
      return { plan, properties: [], whole, problems: found };
    }
    const properties = inputs.flatMap((parameter) => this.#readProperty(parameter, { method, docs, found }) ?? []);
    return { plan: { names: properties.map(({ name }) => name), ...position }, properties, problems: found };
  }

  /**
   * Reads the parameters of a method whose decorator gives the input's schema. Their types are
   * ignored.
   */
  readWhole(method: MethodSignature): MethodParameters {
    const { inputs, position, found } = this.#split(method);
    const [first, second] = inputs;
    if (second) found.push({ problem: problems.parameterNextToInput(second.name.getText()), node: second });
    if (first?.dotDotDotToken) found.push({ problem: problems.restParameter(first.name.getText()), node: first });
    const plan: ParameterPlan = {
      names: first ? ["input"] : [],
      ...position,
      ...(first && { wholeInput: true }),
    };
    return { plan, properties: [], problems: found };
  }

  /** Returns a parameter whose type is the whole input: a destructured one, or a union. */
  #findWhole(
    parameter: ts.ParameterDeclaration,
    method: MethodSignature,
    buildUnion: UnionBuilder | undefined,
  ): WholeInput | LocatedProblem | undefined {
    const { name, dotDotDotToken } = parameter;
    if (dotDotDotToken || ts.isArrayBindingPattern(name)) return undefined;
    const isPattern = ts.isObjectBindingPattern(name);
    if (!isPattern && !(buildUnion && this.#mayBeUnion(parameter, method))) return undefined;
    const source = this.#sourceOf(parameter, method);
    if ("problem" in source) return isPattern ? source : undefined;
    if (isPattern) return { source, name };
    const made = buildUnion?.(source);
    return made && { source, name, made };
  }

  /** Checks for a required parameter whose type is a union of objects. */
  #mayBeUnion(parameter: ts.ParameterDeclaration, method: MethodSignature): boolean {
    if (parameter.questionToken ?? parameter.initializer) return false;
    const type = this.#typeOf(parameter, method);
    return type.isUnion() && type.types.every(({ flags }) => flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
  }

  /** Separates the Context parameter from those that a client fills in. */
  #split(method: MethodSignature): SplitParameters {
    const all = method.node.parameters.filter((parameter) => !isThis(parameter));
    const contexts = all.filter((parameter) => this.#symbols.isContext(this.#typeOf(parameter, method)));
    const [context, ...others] = contexts;
    return {
      inputs: all.filter((parameter) => !contexts.includes(parameter)),
      ...(context && { position: { contextIndex: all.indexOf(context) } }),
      found: others.map((parameter) => ({
        problem: problems.secondContext(parameter.name.getText()),
        node: parameter,
      })),
    };
  }

  #readProperty(
    parameter: ts.ParameterDeclaration,
    context: { readonly method: MethodSignature; readonly docs: Docs; readonly found: LocatedProblem[] },
  ): InputProperty | undefined {
    const { method, docs, found } = context;
    const name = ts.isIdentifier(parameter.name) ? parameter.name.text : parameter.name.getText();
    if (parameter.dotDotDotToken) return void found.push({ problem: problems.restParameter(name), node: parameter });
    if (!ts.isIdentifier(parameter.name))
      return void found.push({ problem: problems.destructuringAmongOthers(), node: parameter });
    const source = this.#sourceOf(parameter, method);
    if ("problem" in source) return void found.push(source);
    const value = parameter.initializer && readDefault(parameter.initializer, this.#checker, this.#library);
    const { text: description, tags = [] } = docs.params.find((param) => param.name === name) ?? {};
    return {
      name,
      source,
      optional: parameter.questionToken !== undefined || parameter.initializer !== undefined,
      declaration: parameter,
      tags,
      annotations: { ...(description && { description }), ...(value !== undefined && { default: value }) },
    };
  }

  #sourceOf(parameter: ts.ParameterDeclaration, method: MethodSignature): TypeSource | LocatedProblem {
    const type = this.#typeOf(parameter, method);
    if (parameter.type) {
      const isWritten = !method.instantiated || this.#checker.getTypeFromTypeNode(parameter.type) === type;
      return isWritten
        ? { kind: "node", node: parameter.type }
        : { kind: "type", type, site: method.instantiated.site };
    }
    const name = parameter.name.getText();
    // `name = null` only shows that null is allowed.
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Null | ts.TypeFlags.Undefined))
      return { problem: problems.untypedParameter(name), node: parameter };
    if (this.#isEmptyArray(type)) return { problem: problems.unreadableElements(name), node: parameter };
    return { kind: "type", type, site: parameter.name };
  }

  /** `tags = []` is `never[]` when strict, and `any[]` otherwise. */
  #isEmptyArray(type: ts.Type): boolean {
    if (!this.#checker.isArrayType(type)) return false;
    const [element] = this.#checker.getTypeArguments(type as ts.TypeReference);
    return element !== undefined && (element.flags & (ts.TypeFlags.Never | ts.TypeFlags.Any)) !== 0;
  }

  #typeOf(parameter: ts.ParameterDeclaration, { node, instantiated }: MethodSignature): ts.Type {
    if (!instantiated) return this.#checker.getTypeAtLocation(parameter);
    // A signature does not list `this`.
    const index = node.parameters.filter((candidate) => !isThis(candidate)).indexOf(parameter);
    const symbol = instantiated.signature.parameters[index];
    return symbol ? this.#checker.getTypeOfSymbol(symbol) : this.#checker.getTypeAtLocation(parameter);
  }
}

function isThis(parameter: ts.ParameterDeclaration): boolean {
  return ts.isIdentifier(parameter.name) && parameter.name.text === "this";
}
