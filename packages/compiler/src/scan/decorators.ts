import { DECORATOR_OPTIONS, didYouMean, type DecoratorName, type JsonValue, type MemberKind } from "methodic/manifest";
import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { StaticOptions } from "../manifest.ts";
import { isRecord, readConstant, readPropertyConstant, unwrap } from "./constants.ts";
import { findOption, findUnknownOptions } from "./decorator-options.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";

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
          ? this.#readTool(args[0])
          : { options: this.#readOptions(args[0]) };
    return { kind, node, ...own, problems: this.#checkOptions(kind, call) };
  }

  #readResource([uriNode, argument]: readonly ts.Expression[]): DecoratorArguments {
    const uri = uriNode && readConstant(uriNode, this.#checker)?.value;
    const { list, ...options } = this.#readOptions(argument);
    return {
      options: { ...(typeof uri === "string" && { uri }), ...options },
      ...(uriNode && { uriNode }),
      ...(list !== undefined && { list }),
    };
  }

  /** Finds unknown options: a misspelled `auth` would leave the component open to every caller. */
  #checkOptions(decorator: DecoratorName, call: ts.CallExpression | undefined): LocatedProblem[] {
    const argument = call?.arguments[decorator === "resource" ? 1 : 0];
    if (!argument) return [];
    const known = DECORATOR_OPTIONS[decorator];
    return findUnknownOptions(argument, known, this.#checker).map(({ name, node }) => {
      const problem = problems.unknownOption(decorator, name, { suggestion: didYouMean(name, known), known });
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

  #readOptions(argument: ts.Expression | undefined): Omit<StaticOptions, "uri"> & { readonly list?: string } {
    if (!argument) return {};
    const whole = readConstant(argument, this.#checker)?.value;
    if (typeof whole === "string") return { name: whole };
    const values = isRecord(whole) ? whole : this.#readKnownProperties(argument);
    const text = (key: string): string | undefined => (typeof values[key] === "string" ? values[key] : undefined);
    const annotations = values["annotations"];
    const texts = ["name", "title", "description", "mimeType", "list"].flatMap((key) =>
      text(key) === undefined ? [] : [[key, text(key)]],
    );
    return { ...Object.fromEntries(texts), ...(isRecord(annotations) && { annotations }) };
  }

  #readTool(argument: ts.Expression | undefined): DecoratorArguments {
    const options = this.#readOptions(argument);
    if (!argument) return { options };
    const input = findOption(argument, "inputSchema", this.#checker);
    const output = findOption(argument, "outputSchema", this.#checker);
    return {
      options: {
        ...options,
        ...(input && this.#readSchema("inputSchema", argument, input)),
        ...(output && this.#readSchema("outputSchema", argument, output)),
      },
      schemas: { ...(input && { input }), ...(output && { output }) },
    };
  }

  /**
   * Reads a JSON Schema that is written out, for the artifact. A library's schema is only known
   * when the program runs.
   */
  #readSchema(
    option: "inputSchema" | "outputSchema",
    argument: ts.Expression,
    found: ts.Node,
  ): Pick<StaticOptions, typeof option> {
    const whole = readConstant(argument, this.#checker)?.value;
    if (isRecord(whole)) return isRecord(whole[option]) ? { [option]: whole[option] } : {};
    // If only the type of the options has the schema, `found` is their expression, not a property.
    const property = ts.isShorthandPropertyAssignment(found) ? found : found.parent;
    const isProperty = ts.isShorthandPropertyAssignment(property) || ts.isPropertyAssignment(property);
    const value = isProperty ? readPropertyConstant(property, this.#checker)?.value : undefined;
    return isRecord(value) ? { [option]: value } : {};
  }

  /** Reads the constant properties of an object literal whose other properties are computed. */
  #readKnownProperties(argument: ts.Expression): { readonly [key: string]: JsonValue } {
    const literal = unwrap(argument);
    if (!ts.isObjectLiteralExpression(literal)) return {};
    const entries = literal.properties.flatMap((property): [string, JsonValue][] => {
      if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) return [];
      if (!ts.isIdentifier(property.name) && !ts.isStringLiteral(property.name)) return [];
      const value = readPropertyConstant(property, this.#checker)?.value;
      return value === undefined ? [] : [[property.name.text, value]];
    });
    return Object.fromEntries(entries);
  }
}

function decoratorsOf(node: ts.Node): readonly ts.Decorator[] {
  return ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
}
