import {
  DECORATOR_OPTIONS,
  didYouMean,
  NESTED_OPTIONS,
  type DecoratorName,
  type JsonValue,
  type MemberKind,
} from "methodic/manifest";
import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { StaticOptions } from "../manifest.ts";
import { readConstant } from "./constants.ts";
import { findUnknownNested, findUnknownOptions } from "./decorator-options.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { readOptions, readToolOptions } from "./static-options.ts";

/** A decorator that makes a method a component, as written in the source. */
export interface DecoratorUse {
  readonly kind: MemberKind;
  readonly node: ts.Decorator;
  readonly options: StaticOptions;
  /** The expression of a resource's URI. */
  readonly uriNode?: ts.Expression;
  /** The expressions of the schemas that a tool's decorator gives in place of the types. */
  readonly schemas?: { readonly input?: ts.Node; readonly output?: ts.Node };
  /** The option `list` of a resource template: the name of a method. */
  readonly list?: string;
  /** The option `allowUnsafeVariables` of a resource template. */
  readonly allowUnsafeVariables?: readonly string[];
  /** Problems of its options. */
  readonly problems: readonly LocatedProblem[];
}

/** The parts of {@link DecoratorUse} that its arguments decide. */
type DecoratorArguments = Omit<DecoratorUse, "kind" | "node" | "problems">;

/** A decorator function, and its call; `@tool` has none. */
interface DecoratorCall {
  readonly name: DecoratorName;
  readonly call: ts.CallExpression | undefined;
}

/** Maximum number of constants to follow to a decorator. */
const MAX_DEPTH = 8;

/** Finds the decorators of this package and reads their arguments without running them. */
export class DecoratorReader {
  readonly #checker: ts.TypeChecker;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#symbols = symbols;
  }

  /** Reads the decorators of this package on a node, and ignores others. */
  read(node: ts.Node): DecoratorUse[] {
    return decoratorsOf(node).flatMap((decorator) => this.#readDecorator(decorator) ?? []);
  }

  /** Finds the decorators that are imported from a `methodic` that cannot be resolved. */
  findUnresolved(node: ts.Node): ts.Decorator[] {
    return decoratorsOf(node).filter(({ expression }) =>
      this.#symbols.isUnresolvedImport(ts.isCallExpression(expression) ? expression.expression : expression),
    );
  }

  /** Finds the problems in the options of a class's `@service` decorators. */
  checkService(node: ts.ClassLikeDeclaration): LocatedProblem[] {
    const calls = decoratorsOf(node).map(({ expression }) => this.#findCall(expression, 0));
    return calls.flatMap((found) => (found?.name === "service" ? this.#checkOptions("service", found.call) : []));
  }

  #readDecorator(node: ts.Decorator): DecoratorUse | undefined {
    const found = this.#findCall(node.expression, 0);
    if (!found || found.name === "service") return undefined;
    const { name: kind, call } = found;
    const args = call?.arguments ?? [];
    const own =
      kind === "resource"
        ? this.#readResource(args)
        : kind === "tool"
          ? readToolOptions(args[0], this.#checker)
          : { options: readOptions(args[0], this.#checker).options };
    return { kind, node, ...own, problems: this.#checkOptions(kind, call) };
  }

  #readResource([uriNode, argument]: readonly ts.Expression[]): DecoratorArguments {
    const uri = uriNode && readConstant(uriNode, this.#checker)?.value;
    const { options, values } = readOptions(argument, this.#checker);
    const { list, allowUnsafeVariables } = values;
    const isComputed = uriNode !== undefined && typeof uri !== "string";
    return {
      options: {
        ...(typeof uri === "string" && { uri }),
        ...options,
        ...(isComputed && { computed: ["uri", ...(options.computed ?? [])] }),
      },
      ...(uriNode && { uriNode }),
      ...(typeof list === "string" && { list }),
      ...(isTextList(allowUnsafeVariables) && { allowUnsafeVariables }),
    };
  }

  /** Finds unknown options: a misspelled `auth` would leave the component open to every caller. */
  #checkOptions(decorator: DecoratorName, call: ts.CallExpression | undefined): LocatedProblem[] {
    const argument = call?.arguments[decorator === "resource" ? 1 : 0];
    if (!argument) return [];
    const known = DECORATOR_OPTIONS[decorator];
    const unknown = [
      ...findUnknownOptions(argument, known, this.#checker).map((option) => ({ ...option, known })),
      ...findUnknownNested(argument, NESTED_OPTIONS[decorator], this.#checker),
    ];
    return unknown.map(({ name, node, known: names }) => {
      const suggestion = didYouMean(name.slice(name.indexOf(".") + 1), names);
      const problem = problems.unknownOption(decorator, name, { suggestion, known: names });
      return node.getSourceFile() === argument.getSourceFile()
        ? { problem, node }
        : { problem, node: argument, declaredAt: node };
    });
  }

  /**
   * Finds the decorator function behind an expression: `tool`, `tool(…)`, `m.tool(…)`, or a
   * constant that holds one of these.
   */
  #findCall(expression: ts.Expression, depth: number): DecoratorCall | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const call = ts.isCallExpression(expression) ? expression : undefined;
    const symbol = this.#symbols.resolve(call ? call.expression : expression);
    const name = symbol && this.#symbols.decoratorName(symbol);
    if (name) return { name, call };
    const declaration = symbol?.valueDeclaration;
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
    const inner = this.#findCall(declaration.initializer, depth + 1);
    return inner && call ? { name: inner.name, call } : inner;
  }
}

function decoratorsOf(node: ts.Node): readonly ts.Decorator[] {
  return ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
}

function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
