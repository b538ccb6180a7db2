import { DECORATOR_OPTIONS, type DecoratorName } from "methodic/manifest";
import ts from "typescript";
import type { Disk } from "../project/disk.ts";
import { DeclaringPackage } from "../schema/read/declaring-package.ts";

const PACKAGE = "methodic";

/** Types of the package that make a result of MCP content blocks. */
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

/** The official SDK, whose type for "ask for input" is no data either: see `methodic/sdk`. */
const SDK_PACKAGE = "@modelcontextprotocol/server";
const INPUT_REQUIRED = "InputRequiredResult";

/**
 * Recognises what the package `methodic` declares by symbol, so that aliases, namespaces and re-exports are seen through and
 * namesakes of other packages are not taken for ours.
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

  /** The name of the decorator that a symbol declares, if it is one of ours. */
  decoratorName(symbol: ts.Symbol): DecoratorName | undefined {
    // Bundlers of declarations may number a name that is taken: `tool$1`.
    const name = symbol.name.replace(/\$\d+$/, "");
    return isDecoratorName(name) && this.declares(symbol) ? name : undefined;
  }

  /** Whether a type is the Context that the framework supplies, or that or undefined. */
  isContext(type: ts.Type): boolean {
    const members = type.isUnion() ? type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined)) : [type];
    const [only] = members;
    return members.length === 1 && only?.symbol?.name === "Context" && this.declares(only.symbol);
  }

  /** The name of the content type that a type is, if it is one. */
  contentTypeName(type: ts.Type): string | undefined {
    if (this.isInputRequired(type)) return INPUT_REQUIRED;
    const symbol = [type.aliasSymbol, type.symbol].find((candidate) => candidate && CONTENT_TYPES.has(candidate.name));
    return symbol && this.declares(symbol) ? symbol.name : undefined;
  }

  /** Whether a type is what the official SDK's `inputRequired` makes. */
  isInputRequired({ symbol }: ts.Type): boolean {
    return symbol?.name === INPUT_REQUIRED && this.#sdk.declares(symbol);
  }

  /** Whether a symbol is declared in the package `methodic`, wherever that is installed. */
  declares(symbol: ts.Symbol): boolean {
    return this.#package.declares(symbol);
  }

  /** The symbol an expression names, seen through imports. */
  resolve(expression: ts.Expression): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(expression);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Whether an expression names something imported from `methodic` while that package cannot be found. */
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
