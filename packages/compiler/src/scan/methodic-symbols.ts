import ts from "typescript";
import type { MemberKind } from "methodic/manifest";

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

const DECORATORS: ReadonlySet<string> = new Set<MemberKind>(["tool", "resource", "prompt"]);

/**
 * Recognises what the package `methodic` declares by symbol, so that aliases, namespaces and re-exports are seen through and
 * namesakes of other packages are not taken for ours.
 */
export class MethodicSymbols {
  readonly #checker: ts.TypeChecker;
  readonly #packageNames = new Map<string, string | undefined>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** The kind of component that a decorator function makes, if it is one of ours. */
  decoratorKind(symbol: ts.Symbol): MemberKind | undefined {
    // Bundlers of declarations may number a name that is taken: `tool$1`.
    const name = symbol.name.replace(/\$\d+$/, "");
    return isMemberKind(name) && this.declares(symbol) ? name : undefined;
  }

  /** Whether a type is the Context that the framework supplies, or that or undefined. */
  isContext(type: ts.Type): boolean {
    const members = type.isUnion() ? type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined)) : [type];
    const [only] = members;
    return members.length === 1 && only?.symbol?.name === "Context" && this.declares(only.symbol);
  }

  /** The name of the content type that a type is, if it is one. */
  contentTypeName(type: ts.Type): string | undefined {
    const symbol = [type.aliasSymbol, type.symbol].find((candidate) => candidate && CONTENT_TYPES.has(candidate.name));
    return symbol && this.declares(symbol) ? symbol.name : undefined;
  }

  /** Whether a symbol is declared in the package `methodic`, wherever that is installed. */
  declares(symbol: ts.Symbol): boolean {
    return (
      symbol.declarations?.some((declaration) => this.#packageOf(declaration.getSourceFile().fileName) === PACKAGE) ??
      false
    );
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

  #packageOf(fileName: string): string | undefined {
    return this.#packageName(fileName.slice(0, fileName.lastIndexOf("/")));
  }

  /** The name in the nearest package.json, which also holds for workspaces and linked packages. */
  #packageName(folder: string): string | undefined {
    if (this.#packageNames.has(folder)) return this.#packageNames.get(folder);
    const text = ts.sys.readFile(`${folder}/package.json`);
    const parent = folder.slice(0, folder.lastIndexOf("/"));
    const own = text === undefined ? undefined : readName(text);
    const name = own ?? (parent && parent !== folder ? this.#packageName(parent) : undefined);
    this.#packageNames.set(folder, name);
    return name;
  }
}

function isMemberKind(name: string): name is MemberKind {
  return DECORATORS.has(name);
}

/** A package.json without a name only says how the files of its folder are to be read. */
function readName(text: string): string | undefined {
  const { config } = ts.parseConfigFileTextToJson("package.json", text) as {
    readonly config?: { readonly name?: unknown };
  };
  return typeof config?.name === "string" ? config.name : undefined;
}
