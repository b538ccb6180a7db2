import type { JsonValue, MemberKind } from "methodic/manifest";
import ts from "typescript";
import { readConstant, readPropertyConstant, unwrap } from "./constants.ts";
import { findOption } from "./decorator-options.ts";
import type { StaticOptions } from "../manifest.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";

/** One of our decorators as it stands in the source. */
export interface ComponentDecorator {
  readonly kind: MemberKind;
  readonly node: ts.Decorator;
  readonly options: StaticOptions;
  /** Where the URI of a resource is written. */
  readonly uriNode?: ts.Expression;
  /** Where a tool's decorator gives its schemas, which then are not read from the types. */
  readonly schemas?: { readonly input?: ts.Node; readonly output?: ts.Node };
  /** The option `list` of a resource template: the name of a method. */
  readonly list?: string;
}

/** References between constants that hold a decorator are followed this far. */
const MAX_DEPTH = 8;

/** Finds our decorators on a class member and reads their arguments without running them. */
export class DecoratorReader {
  readonly #checker: ts.TypeChecker;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#symbols = symbols;
  }

  /** Our decorators on a node; other decorators are none of our business. */
  read(node: ts.Node): ComponentDecorator[] {
    const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
    return decorators.flatMap((decorator) => this.#readDecorator(decorator) ?? []);
  }

  /** The decorators of a node that come from a `methodic` that cannot be found. */
  findUnresolved(node: ts.Node): ts.Decorator[] {
    const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
    return decorators.filter(({ expression }) =>
      this.#symbols.isUnresolvedImport(ts.isCallExpression(expression) ? expression.expression : expression),
    );
  }

  #readDecorator(node: ts.Decorator): ComponentDecorator | undefined {
    const found = this.#findCall(node.expression, 0);
    if (!found) return undefined;
    const args = found.call?.arguments ?? [];
    if (found.kind === "prompt") return { kind: "prompt", node, options: this.#readOptions(args[0]) };
    if (found.kind === "tool") return this.#readTool(node, args[0]);
    const [uriNode, second] = args;
    const uri = uriNode && readConstant(uriNode, this.#checker)?.value;
    const { list, ...options } = this.#readOptions(second);
    return {
      kind: "resource",
      node,
      options: { ...(typeof uri === "string" && { uri }), ...options },
      ...(uriNode && { uriNode }),
      ...(list !== undefined && { list }),
    };
  }

  /** Our decorator function behind an expression: `tool`, `tool(…)`, `m.tool(…)`, or a constant made of one of these. */
  #findCall(
    expression: ts.Expression,
    depth: number,
  ): { kind: MemberKind; call: ts.CallExpression | undefined } | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const call = ts.isCallExpression(expression) ? expression : undefined;
    const callee = call ? call.expression : expression;
    const symbol = this.#symbols.resolve(callee);
    const kind = symbol && this.#symbols.decoratorKind(symbol);
    if (kind) return { kind, call };
    const declaration = symbol?.valueDeclaration;
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
    const inner = this.#findCall(declaration.initializer, depth + 1);
    return inner && call ? { kind: inner.kind, call } : inner;
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

  #readTool(node: ts.Decorator, argument: ts.Expression | undefined): ComponentDecorator {
    const options = this.#readOptions(argument);
    if (!argument) return { kind: "tool", node, options };
    const input = findOption(argument, "inputSchema", this.#checker);
    const output = findOption(argument, "outputSchema", this.#checker);
    return {
      kind: "tool",
      node,
      options: {
        ...options,
        ...(input && this.#readSchema("inputSchema", argument, input)),
        ...(output && this.#readSchema("outputSchema", argument, output)),
      },
      schemas: { ...(input && { input }), ...(output && { output }) },
    };
  }

  /** A JSON Schema that is written out, for the artifact. What a library makes is only known when the program runs. */
  #readSchema(
    option: "inputSchema" | "outputSchema",
    argument: ts.Expression,
    found: ts.Node,
  ): Pick<StaticOptions, typeof option> {
    const whole = readConstant(argument, this.#checker)?.value;
    if (isRecord(whole)) return isRecord(whole[option]) ? { [option]: whole[option] } : {};
    // Where it is no property, it is the whole of the options, of which only the type says that the schema is there.
    const property = ts.isShorthandPropertyAssignment(found) ? found : found.parent;
    const isProperty = ts.isShorthandPropertyAssignment(property) || ts.isPropertyAssignment(property);
    const value = isProperty ? readPropertyConstant(property, this.#checker)?.value : undefined;
    return isRecord(value) ? { [option]: value } : {};
  }

  /** Where one property is computed, the others can still be read. */
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

function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
