import { DECORATOR_OPTIONS, type DecoratorName } from "methodic/manifest";
import ts from "typescript";
import type { Disk } from "../project/disk.ts";
import { DeclaringPackage } from "../schema/read/declaring-package.ts";

const PACKAGE = "methodic";

/** Types of the package that represent MCP content. */
const CONTENT_TYPES: ReadonlySet<string> = new Set([
  "TextContent",
  "ImageContent",
  "AudioContent",
  "EmbeddedResource",
  "ResourceLink",
  "ContentBlock",
  "PromptMessage",
  "ToolResult",
]);

/** The official SDK, whose input-required result is not data: see `methodic/sdk`. */
const SDK_PACKAGE = "@modelcontextprotocol/server";
const INPUT_REQUIRED = "InputRequiredResult";

/**
 * Recognizes declarations of the package `methodic` by symbol, through aliases, namespaces and
 * re-exports, and without confusing them with declarations of the same name in other packages.
 */
export class MethodicSymbols {
  readonly #checker: ts.TypeChecker;
  readonly #package: DeclaringPackage;
  readonly #sdk: DeclaringPackage;

  constructor(checker: ts.TypeChecker, disk: Disk) {
    this.#checker = checker;
    this.#package = new DeclaringPackage(PACKAGE, disk.readFile);
    this.#sdk = new DeclaringPackage(SDK_PACKAGE, disk.readFile);
  }

  /** Returns the name of the decorator that a symbol declares; undefined for other symbols. */
  decoratorName(symbol: ts.Symbol): DecoratorName | undefined {
    // Declaration bundlers may add a number to a name that is taken: `tool$1`.
    const name = symbol.name.replace(/\$\d+$/, "");
    return isDecoratorName(name) && this.declares(symbol) ? name : undefined;
  }

  /** Checks whether a type is the Context of this package, or a union of it with undefined. */
  isContext(type: ts.Type): boolean {
    const members = type.isUnion() ? type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined)) : [type];
    const [only] = members;
    return members.length === 1 && only?.symbol?.name === "Context" && this.declares(only.symbol);
  }

  /** Returns the name of a content type; undefined for other types. */
  contentTypeName(type: ts.Type): string | undefined {
    if (this.isInputRequired(type)) return INPUT_REQUIRED;
    const symbol = [type.aliasSymbol, type.symbol].find((candidate) => candidate && CONTENT_TYPES.has(candidate.name));
    return symbol && this.declares(symbol) ? symbol.name : undefined;
  }

  /** Checks whether a type is the result of the official SDK's `inputRequired`. */
  isInputRequired({ symbol }: ts.Type): boolean {
    return symbol?.name === INPUT_REQUIRED && this.#sdk.declares(symbol);
  }

  /** Checks whether a symbol is declared in the package `methodic`, wherever it is installed. */
  declares(symbol: ts.Symbol): boolean {
    return this.#package.declares(symbol);
  }

  /** Resolves the symbol that an expression names, through imports. */
  resolve(expression: ts.Expression): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(expression);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /**
   * Checks whether an expression names an import from `methodic`, while that package does not
   * resolve.
   */
  isUnresolvedImport(expression: ts.Expression): boolean {
    const root = ts.isPropertyAccessExpression(expression) ? expression.expression : expression;
    const declaration = this.#checker.getSymbolAtLocation(root)?.declarations?.[0];
    const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
    if (!statement || !ts.isStringLiteral(statement.moduleSpecifier) || statement.moduleSpecifier.text !== PACKAGE)
      return false;
    return this.#checker.getSymbolAtLocation(statement.moduleSpecifier) === undefined;
  }
}

function isDecoratorName(name: string): name is DecoratorName {
  return Object.hasOwn(DECORATOR_OPTIONS, name);
}
