import type { JsonSchema, ParameterPlan } from "methodic/manifest";
import ts from "typescript";
import { readConstant } from "./constants.ts";
import { Scope } from "./scope.ts";
import { readDefault } from "./default-values.ts";
import type { Docs } from "../jsdoc/docs.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
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
  /** The only parameter, if it is destructured: its type is the input. */
  readonly whole?: WholeInput;
  readonly problems: readonly LocatedProblem[];
}

/** A destructured parameter. */
export interface WholeInput {
  readonly source: TypeSource;
  readonly pattern: ts.ObjectBindingPattern;
}

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

  read(method: MethodSignature, docs: Docs): MethodParameters {
    const { inputs, position, found } = this.#split(method);
    const [first] = inputs;
    if (first && inputs.length === 1 && ts.isObjectBindingPattern(first.name) && !first.dotDotDotToken) {
      const source = this.#sourceOf(first, method);
      if ("problem" in source)
        return { plan: { names: [], ...position }, properties: [], problems: [...found, source] };
      return {
        plan: { names: ["input"], ...position, wholeInput: true },
        properties: [],
        whole: { source, pattern: first.name },
        problems: found,
      };
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

  /**
   * Adds the default values and optional properties of a destructuring pattern to its type's
   * schema.
   */
  applyPattern(schema: JsonSchema, pattern: ts.ObjectBindingPattern): JsonSchema {
    const properties: Record<string, JsonSchema> = {
      ...(schema["properties"] as Record<string, JsonSchema> | undefined),
    };
    let required = (schema["required"] as readonly string[] | undefined) ?? [];
    for (const { name, propertyName, initializer } of pattern.elements) {
      const key = this.#nameOf(propertyName ?? name);
      const property = key === undefined || !Object.hasOwn(properties, key) ? undefined : properties[key];
      if (key === undefined || !property) continue;
      if (ts.isObjectBindingPattern(name) && property["properties"])
        properties[key] = this.applyPattern(property, name);
      if (!initializer) continue;
      const value = readDefault(initializer, this.#checker, this.#library);
      required = required.filter((other) => other !== key);
      if (value !== undefined) properties[key] = { ...properties[key], default: value };
    }
    const { required: _, ...rest } = schema;
    return Object.fromEntries(
      Object.entries({ ...rest, properties, ...(required.length > 0 && { required }) }).sort(
        ([a], [b]) => rankOf(a) - rankOf(b),
      ),
    );
  }

  #nameOf(name: ts.PropertyName | ts.BindingName): string | undefined {
    if (ts.isIdentifier(name)) return name.text;
    if (ts.isBindingName(name)) return undefined;
    if (!ts.isComputedPropertyName(name)) return name.text;
    const value = readConstant(name.expression, new Scope(this.#checker))?.value;
    return value === undefined ? undefined : String(value);
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

/** The position of a keyword in an input schema. */
function rankOf(keyword: string): number {
  const rank = ["title", "description", "type", "properties", "required", "additionalProperties"].indexOf(keyword);
  return rank === -1 ? Number.MAX_SAFE_INTEGER : rank;
}
