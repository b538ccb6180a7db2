import {
  DECORATOR_OPTIONS,
  type Descriptions,
  didYouMean,
  NESTED_OPTIONS,
  type JsonValue,
  type MemberKind,
} from "methodic/manifest";
import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { StaticOptions } from "../manifest.ts";
import { type CompletionUse, readCompletion } from "./completions.ts";
import { readConstant } from "./constants.ts";
import { DecoratorCallFinder, type DecoratorCall } from "./decorator-calls.ts";
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
  /** The option `descriptions` of a tool. */
  readonly descriptions?: Descriptions;
  /** The option of a tool whose value the compiler needs and cannot read. */
  readonly unread?: ts.Node;
  /** The option `list` of a resource template: the name of a method. */
  readonly list?: string;
  /** The option `allowUnsafeVariables` of a resource template. */
  readonly allowUnsafeVariables?: readonly string[];
  /** Problems of its options. */
  readonly problems: readonly LocatedProblem[];
}

/** The parts of {@link DecoratorUse} that its arguments decide. */
type DecoratorArguments = Omit<DecoratorUse, "kind" | "node" | "problems">;

/** Finds the decorators of this package and reads their arguments without running them. */
export class DecoratorReader {
  readonly #symbols: MethodicSymbols;
  readonly #calls: DecoratorCallFinder;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#symbols = symbols;
    this.#calls = new DecoratorCallFinder(checker, symbols);
  }

  /** Reads the decorators of this package on a node, and ignores others. */
  read(node: ts.Node): DecoratorUse[] {
    return decoratorsOf(node).flatMap((decorator) => this.#readDecorator(decorator) ?? []);
  }

  /** Reads the `@completion` decorators on a method. */
  readCompletions(node: ts.Node): CompletionUse[] {
    return decoratorsOf(node).flatMap((decorator) =>
      this.#calls
        .find(decorator.expression)
        .flatMap((found) => (found.name === "completion" ? [readCompletion(decorator, found)] : [])),
    );
  }

  /** Finds the decorators that are imported from a `methodic` that cannot be resolved. */
  findUnresolved(node: ts.Node): ts.Decorator[] {
    return decoratorsOf(node).filter(({ expression }) =>
      this.#symbols.isUnresolvedImport(ts.isCallExpression(expression) ? expression.expression : expression),
    );
  }

  /**
   * Finds the decorators whose type shows that they make a component, but not of which kind, and
   * those that may make one of several kinds.
   */
  findOpaque(node: ts.Node): ts.Decorator[] {
    return decoratorsOf(node).filter(({ expression }) => {
      const kinds = new Set(this.#calls.find(expression).map(({ name }) => name));
      return kinds.size === 0 ? this.#calls.isComponentDecorator(expression) : kinds.size > 1;
    });
  }

  /** Checks for a decorator of this package on a node, or one that may be. */
  recognizes(node: ts.Node): boolean {
    const found = [this.read(node), this.readCompletions(node), this.findUnresolved(node), this.findOpaque(node)];
    return found.some((each) => each.length > 0);
  }

  /** Finds the problems in the options of a class's `@service` decorators. */
  checkService(node: ts.ClassLikeDeclaration): LocatedProblem[] {
    return decoratorsOf(node).flatMap((decorator) =>
      this.#calls
        .find(decorator.expression)
        .flatMap((found) => (found.name === "service" ? this.#checkOptions(decorator, found) : [])),
    );
  }

  #readDecorator(node: ts.Decorator): DecoratorUse | undefined {
    const calls = this.#calls.find(node.expression);
    const [found, ...others] = calls;
    if (
      !found ||
      found.name === "service" ||
      found.name === "completion" ||
      others.some(({ name }) => name !== found.name)
    )
      return undefined;
    const { name: kind } = found;
    const own = others.length > 0 ? { options: { computed: ["options"] } } : readArguments(node, found);
    return { kind, node, ...own, problems: calls.flatMap((call) => this.#checkOptions(node, call)) };
  }

  /** Finds unknown options: a misspelled `auth` would leave the component open to every caller. */
  #checkOptions(decorator: ts.Decorator, { name: kind, call, scope }: DecoratorCall): LocatedProblem[] {
    const argument = call?.arguments[kind === "resource" ? 1 : 0];
    if (!argument) return [];
    const known = DECORATOR_OPTIONS[kind];
    const unknown = [
      ...findUnknownOptions(argument, known, scope).map((option) => ({ ...option, known })),
      ...findUnknownNested(argument, NESTED_OPTIONS[kind], scope),
    ];
    const file = decorator.getSourceFile();
    const site = argument.getSourceFile() === file ? argument : decorator;
    return unknown.map(({ name, node, known: names }) => {
      const suggestion = didYouMean(name.slice(name.indexOf(".") + 1), names);
      const problem = problems.unknownOption(kind, name, { suggestion, known: names });
      return node.getSourceFile() === file ? { problem, node } : { problem, node: site, declaredAt: node };
    });
  }
}

function readArguments(decorator: ts.Decorator, found: DecoratorCall): DecoratorArguments {
  const { name, call, scope } = found;
  const argument = call?.arguments[0];
  if (name === "resource") return readResource(decorator.getSourceFile(), found);
  return name === "tool" ? readToolOptions(argument, scope) : { options: readOptions(argument, scope).options };
}

function readResource(file: ts.SourceFile, { call, scope }: DecoratorCall): DecoratorArguments {
  const [uriNode, argument] = call?.arguments ?? [];
  const uri = uriNode && readConstant(uriNode, scope)?.value;
  const { options, values } = readOptions(argument, scope);
  const { list, allowUnsafeVariables } = values;
  const isComputed = uriNode !== undefined && typeof uri !== "string";
  return {
    options: {
      ...(typeof uri === "string" && { uri }),
      ...options,
      ...(isComputed && { computed: ["uri", ...(options.computed ?? [])] }),
    },
    // Problems refer to the URI, unless it is the text of a function in another file.
    ...(uriNode?.getSourceFile() === file && { uriNode }),
    ...(typeof list === "string" && { list }),
    ...(isTextList(allowUnsafeVariables) && { allowUnsafeVariables }),
  };
}

function decoratorsOf(node: ts.Node): readonly ts.Decorator[] {
  return ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
}

function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
