import { NAMING_STYLES, type NamingStyle, REFS_MODES, type RefsMode } from "methodic/manifest";
import ts from "typescript";
import { readConstant, unwrap } from "./constants.ts";
import { Scope } from "./scope.ts";
import { findOption, isWrittenOut } from "./decorator-options.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";

/** A call of `createServer`, as far as it can be read without running it. */
export interface ServerCall {
  readonly node: ts.CallExpression;
  readonly name?: string;
  readonly title?: string;
  readonly instructions?: string;
  /** Undefined if it is computed. */
  readonly naming: NamingStyle | undefined;
  readonly refs?: RefsMode;
  /** The entries of the option `services` that can be read. */
  readonly services: readonly ServiceEntry[];
  /** The published options that only the running program knows. */
  readonly computed: readonly string[];
}

/** A server that a module exports as default. */
export interface ExportedServer {
  /** The module; it may pass on the server of another module. */
  readonly file: ts.SourceFile;
  /** The declaration of the export. */
  readonly node: ts.Node;
  /** Undefined if the module gets the server from a function, for example. */
  readonly call?: ServerCall;
}

/** An entry of the option `services`. */
export interface ServiceEntry {
  readonly node: ts.Expression;
  readonly service: ts.ClassLikeDeclaration;
  readonly isInstance: boolean;
}

/** An option of a call that is a list. */
interface ListedOption {
  readonly isGiven: boolean;
  /** The value of the option. */
  readonly place: ts.Node | undefined;
  readonly elements: readonly ts.Expression[];
  /** False if only the running program knows all entries. */
  readonly isComplete: boolean;
}

/** Maximum number of constants to follow to a value. */
const MAX_DEPTH = 8;

/** Reads the calls of `createServer` in a project without running them. */
export class ServerCallReader {
  readonly #checker: ts.TypeChecker;
  readonly #scope: Scope;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#scope = new Scope(checker);
    this.#symbols = symbols;
  }

  /** Finds the calls in a file, at any level of nesting. */
  findCalls(file: ts.SourceFile): ServerCall[] {
    if (!file.text.includes("createServer")) return [];
    const found: ServerCall[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && this.#isCreateServer(node)) found.push(this.#readCall(node));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  }

  /** Finds the server that a module exports as default; undefined if the export is not a server. */
  findDefaultExport(file: ts.SourceFile): ExportedServer | undefined {
    // The types of exports are read only where they may be a server.
    if (!/\bdefault\b/.test(file.text)) return undefined;
    const module = this.#checker.getSymbolAtLocation(file);
    const exported = module && this.#checker.tryGetMemberInModuleExports("default", module);
    if (!exported) return undefined;
    const symbol = exported.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(exported) : exported;
    const node = symbol.declarations?.[0];
    if (!node) return undefined;
    const expression = ts.isExportAssignment(node) ? node.expression : undefined;
    const initializer = ts.isVariableDeclaration(node) ? node.initializer : undefined;
    const value = this.#follow(expression ?? initializer);
    if (value && ts.isCallExpression(value) && this.#isCreateServer(value))
      return { file, node, call: this.#readCall(value) };
    const type = this.#checker.getTypeOfSymbol(symbol);
    return type.symbol?.name === "Server" && this.#symbols.declares(type.symbol) ? { file, node } : undefined;
  }

  /** Lists the entries of an option that is a list, after spreads of constants. */
  listOption(call: ts.CallExpression, name: "services" | "providers" | "resolve"): ListedOption {
    const [argument] = call.arguments;
    const place = argument && findOption(argument, name, this.#scope);
    if (!place) {
      // What is spread into the options may have it.
      const type = argument && this.#checker.getTypeAtLocation(argument);
      const isAbsent = !argument || isWrittenOut(argument, this.#scope) || type?.getProperty(name) === undefined;
      return { isGiven: !isAbsent, place, elements: [], isComplete: isAbsent };
    }
    return { isGiven: true, place, ...this.#listElements(place, 0) };
  }

  #listElements(found: ts.Node, depth: number): Pick<ListedOption, "elements" | "isComplete"> {
    const list = this.#follow(this.#valueOf(found));
    if (!list || !ts.isArrayLiteralExpression(list) || depth > MAX_DEPTH) return { elements: [], isComplete: false };
    const parts = list.elements.map((element) =>
      ts.isSpreadElement(element)
        ? this.#listElements(element.expression, depth + 1)
        : { elements: [element], isComplete: true },
    );
    return {
      elements: parts.flatMap(({ elements }) => elements),
      isComplete: parts.every(({ isComplete }) => isComplete),
    };
  }

  #isCreateServer({ expression }: ts.CallExpression): boolean {
    const symbol = this.#symbols.resolve(expression);
    return symbol?.name === "createServer" && this.#symbols.declares(symbol);
  }

  #readCall(node: ts.CallExpression): ServerCall {
    const [argument] = node.arguments;
    const computed: string[] = [];
    if (!argument || !isWrittenOut(argument, this.#scope)) computed.push("its options");
    const given = (option: "name" | "title" | "instructions" | "refs"): string | undefined => {
      const found = argument && findOption(argument, option, this.#scope);
      const value = found && this.#constantOf(found);
      if (found && typeof value !== "string") computed.push(`its ${option}`);
      return typeof value === "string" ? value : undefined;
    };
    const text = (option: "name" | "title" | "instructions"): Record<string, string> => {
      const value = given(option);
      return value === undefined ? {} : { [option]: value };
    };
    const texts = { ...text("name"), ...text("title"), ...text("instructions") };
    const services = argument && findOption(argument, "services", this.#scope);
    const list = services && this.#listServices(services);
    if (!list?.isComplete) computed.push("its services");
    const naming = this.#readNaming(argument);
    if (!naming) computed.push("its naming");
    const refs = REFS_MODES.find((mode) => mode === given("refs"));
    return { node, ...texts, naming, ...(refs && { refs }), services: list?.entries ?? [], computed };
  }

  #readNaming(argument: ts.Expression | undefined): NamingStyle | undefined {
    const found = argument && findOption(argument, "naming", this.#scope);
    if (!found) return "as-is";
    const value = this.#constantOf(found);
    return NAMING_STYLES.find((style) => style === value);
  }

  #constantOf(found: ts.Node): unknown {
    const value = this.#valueOf(found);
    return value && readConstant(value, this.#scope)?.value;
  }

  /** Returns the value of an option's place, which may be a shorthand: `{ services }`. */
  #valueOf(found: ts.Node): ts.Expression | undefined {
    if (!ts.isShorthandPropertyAssignment(found)) return ts.isExpression(found) ? found : undefined;
    return fixedValue(this.#scope.valueOfName(found.name)?.expression);
  }

  #listServices(found: ts.Node): { readonly entries: readonly ServiceEntry[]; readonly isComplete: boolean } {
    const { elements, isComplete } = this.#listElements(found, 0);
    const entries = elements.flatMap((element) => this.#readService(element) ?? []);
    return { entries, isComplete: isComplete && entries.length === elements.length };
  }

  /** Reads a class, `new` of a class, or a constant that holds one of these. */
  #readService(node: ts.Expression): ServiceEntry | undefined {
    const value = this.#follow(node);
    const isInstance = value !== undefined && ts.isNewExpression(value);
    const service = isInstance ? this.#follow(value.expression) : value;
    return service && ts.isClassLike(service) ? { node, service, isInstance } : undefined;
  }

  /** Follows constants and imports to the expression or class that they stand for. */
  #follow(node: ts.Expression | undefined, depth = 0): ts.Expression | ts.ClassDeclaration | undefined {
    if (!node || depth > MAX_DEPTH) return undefined;
    const inner = unwrap(ts.isAwaitExpression(node) ? node.expression : node);
    if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner)) return inner;
    const symbol = this.#symbols.resolve(inner);
    const declaration = symbol?.valueDeclaration;
    if (declaration && ts.isClassDeclaration(declaration)) return declaration;
    return this.#follow(fixedValue(this.#scope.valueOf(symbol)?.expression), depth + 1);
  }
}

/** Returns a constant's value, unless its file adds items to it: `services.push(Notes)`. */
function fixedValue(value: ts.Expression | undefined): ts.Expression | undefined {
  if (!value || !ts.isArrayLiteralExpression(unwrap(value))) return value;
  const { name } = value.parent as ts.VariableDeclaration;
  if (!ts.isIdentifier(name)) return value;
  const change = new RegExp(`\\b${name.text.replaceAll("$", "\\$")}\\.(?:push|unshift|splice)\\b`);
  return change.test(name.getSourceFile().text) ? undefined : value;
}
