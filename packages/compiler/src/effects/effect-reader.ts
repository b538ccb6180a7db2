import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import type { Library } from "../schema/read/library-types.ts";
import {
  isFactory,
  isFileWrite,
  isGraphqlQuery,
  isHttpMethod,
  isMutator,
  isReadingCommand,
  isWritingMethod,
  isWritingSql,
  readName,
} from "./effect-names.ts";
import { isRepeatable, isTakenBack } from "./repeatable-changes.ts";
import { originOf, type Origin } from "./value-origin.ts";

/** Standard types whose methods only change the value itself. */
const DATA_TYPES: ReadonlySet<string> = new Set(
  (
    "Array ReadonlyArray Map ReadonlyMap Set ReadonlySet WeakMap WeakSet String Number Boolean BigInt Symbol Date RegExp " +
    "Promise Object Function Error Math JSON Reflect ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray " +
    "Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array Buffer URL " +
    "URLSearchParams Headers FormData Blob File Request Response TextEncoder TextDecoder Console ObjectConstructor " +
    "ArrayConstructor DateConstructor PromiseConstructor Hash Hmac Cipher Decipher Cipheriv Decipheriv Sign Verify " +
    "AbortController Iterator IteratorObject Generator ArrayIterator MapIterator SetIterator Intl Process"
  ).split(" "),
);

/** Reads the effects of single expressions. */
export class EffectReader {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;

  constructor(checker: ts.TypeChecker, library: Library) {
    this.#checker = checker;
    this.#library = library;
  }

  /** Returns a verb for the effect of an expression, such as `charge`; undefined without effect. */
  read(node: ts.Node): string | undefined {
    if (ts.isCallExpression(node)) return this.#readCall(node);
    if (ts.isTaggedTemplateExpression(node)) return isWritingSql(templateText(node.template)) ? "query" : undefined;
    if (ts.isDeleteExpression(node)) return this.#changes(node.expression) ? "delete" : undefined;
    const isCounting =
      (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
      [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator);
    if (isCounting) return this.#changes(node.operand) ? "count" : undefined;
    return ts.isBinaryExpression(node) && isAssignment(node) && this.#changes(node.left) ? "set" : undefined;
  }

  /** Checks whether an assignment changes something that outlives the call. */
  #changes(target: ts.Expression): boolean {
    const node = unwrap(target);
    if (ts.isIdentifier(node)) {
      const declaration = this.#checker.getSymbolAtLocation(node)?.valueDeclaration;
      const isVariable = declaration !== undefined && ts.isVariableDeclaration(declaration);
      return isVariable && ts.findAncestor(declaration, (each) => ts.isFunctionLike(each)) === undefined;
    }
    const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    return isMember && originOf(node, this.#checker) === "shared" && !isRepeatable(node);
  }

  #readCall(node: ts.CallExpression): string | undefined {
    const callee = unwrap(node.expression);
    const imported = this.#readImported(callee);
    if (imported !== undefined) return imported && !this.#isTemporary(node) ? nameOf(callee) : undefined;
    const name = nameOf(callee);
    if (name === undefined) return undefined;
    const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
    const origin = receiver ? originOf(receiver, this.#checker) : "shared";
    const type = receiver && this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(receiver));
    // Printing twice does no harm.
    if (receiver && /^process\.std(?:out|err)$/.test(receiver.getText())) return undefined;
    if (receiver && type && this.#isData(type))
      return isMutator(name) && origin === "shared" && !isRepeatable(receiver) ? name : undefined;
    const request = requestMethod(node);
    if (request !== undefined)
      return isWritingMethod(request) && !isGraphqlQuery(node.getText()) ? request.toLowerCase() : undefined;
    const isStatement = name === "run" && /Statement/.test(type?.symbol?.name ?? "");
    // Preparing a statement does not run it.
    const isSql = name !== "prepare" && isWritingSql(firstText(node));
    return isStatement || isSql || this.#readsAsEffect(name, node, origin) ? name : undefined;
  }

  /** Decides about a call by its name, its result, and the lifetime of what it is called on. */
  #readsAsEffect(name: string, node: ts.CallExpression, origin: Origin): boolean {
    const kind = readName(name);
    const [first] = node.arguments;
    if (!kind || (first && ts.isNewExpression(first) && isReadingCommand(first.expression.getText()))) return false;
    const { declaration } = this.#checker.getResolvedSignature(node) ?? {};
    const type = this.#checker.getTypeAtLocation(node);
    const hasBody = declaration !== undefined && "body" in declaration && declaration.body !== undefined;
    const isAny = (type.flags & ts.TypeFlags.Any) !== 0;
    const isPromise = type.getProperty("then") !== undefined;
    if (hasBody) return kind === "verb" && isPromise;
    const isCreation = name.startsWith("create");
    if (isPromise && isCreation) {
      const made = this.#checker.getAwaitedType(type) ?? type;
      return name === "create" ? node.arguments.length > 0 : !isFactory(name) || !this.#hasMethods(made);
    }
    if (isPromise) return true;
    const outlives = origin === "shared" || origin === "parameter";
    if (!outlives || kind === "remote-verb") return false;
    const isVoid = (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0;
    const isForeign = declaration?.getSourceFile().isDeclarationFile ?? false;
    if (isCreation && isForeign && !isVoid) return false;
    return kind === "verb" || isVoid || isAny;
  }

  #isData(type: ts.Type): boolean {
    const { StringLike, NumberLike, BigIntLike, BooleanLike, ESSymbolLike } = ts.TypeFlags;
    if (type.flags & (StringLike | NumberLike | BigIntLike | BooleanLike | ESSymbolLike)) return true;
    if (type.isUnion()) return type.types.every((member) => this.#isData(member));
    return (
      this.#checker.isArrayType(type) ||
      this.#checker.isTupleType(type) ||
      this.#library.findStandard(type, DATA_TYPES) !== undefined
    );
  }

  #hasMethods(type: ts.Type): boolean {
    if (this.#isData(type)) return false;
    return this.#checker.getPropertiesOfType(type).some((property) => {
      const own = this.#checker.getTypeOfSymbol(property);
      return property.flags & ts.SymbolFlags.Method || own.getCallSignatures().length > 0;
    });
  }

  /** Checks for a file whose folder the method makes, and removes in a `finally`. */
  #isTemporary(node: ts.CallExpression): boolean {
    const visit = (each: ts.Node): boolean => {
      const isOwn = ts.isIdentifier(each) && ["own", "result"].includes(originOf(each, this.#checker));
      return isOwn ? isTakenBack(node, each.getText()) : (ts.forEachChild(each, visit) ?? false);
    };
    const [path] = node.arguments;
    return path !== undefined && visit(path);
  }

  /** Decides about functions of `node:fs` and `node:child_process`; undefined for all others. */
  #readImported(callee: ts.Expression): boolean | undefined {
    const root = ts.isPropertyAccessExpression(callee) ? rootOf(callee) : callee;
    const declaration = ts.isIdentifier(root) ? this.#checker.getSymbolAtLocation(root)?.declarations?.[0] : undefined;
    const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
    if (!declaration || !statement || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
    const module = statement.moduleSpecifier.text.replace(/^node:/, "");
    if (module === "child_process") return true;
    if (module !== "fs" && module !== "fs/promises") return undefined;
    const isNamed = ts.isImportSpecifier(declaration) && root === callee;
    return isFileWrite(isNamed ? (declaration.propertyName ?? declaration.name).text : (nameOf(callee) ?? ""));
  }
}

/** Returns the last name of a callee. */
function nameOf(callee: ts.Expression): string | undefined {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text.replace(/^#/, "") : undefined;
}

function rootOf(node: ts.Expression): ts.Expression {
  return ts.isPropertyAccessExpression(node) ? rootOf(node.expression) : node;
}

/** Returns the HTTP method of `fetch(url, { method: "POST" })` or `client.request("POST", …)`. */
function requestMethod({ expression, arguments: args }: ts.CallExpression): string | undefined {
  for (const argument of args) {
    if (ts.isStringLiteralLike(argument) && isHttpMethod(argument.text)) return argument.text;
    if (!ts.isObjectLiteralExpression(argument)) continue;
    const method = argument.properties.find((property) => property.name?.getText() === "method");
    const value = method && ts.isPropertyAssignment(method) ? unwrap(method.initializer) : undefined;
    if (value && ts.isStringLiteralLike(value) && isHttpMethod(value.text.toUpperCase())) return value.text;
  }
  return expression.getText() === "fetch" ? "GET" : undefined;
}

function firstText({ arguments: [first] }: ts.CallExpression): string {
  if (!first) return "";
  return ts.isStringLiteralLike(first) || ts.isTemplateExpression(first) ? templateText(first) : "";
}

function templateText(template: ts.TemplateLiteral | ts.StringLiteralLike): string {
  return ts.isTemplateExpression(template) ? template.head.text : template.text;
}

/** Checks for an assignment, except `??=` and its like, which fill in a missing value. */
function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  const { BarBarEqualsToken, AmpersandAmpersandEqualsToken, QuestionQuestionEqualsToken } = ts.SyntaxKind;
  const filling = [BarBarEqualsToken, AmpersandAmpersandEqualsToken, QuestionQuestionEqualsToken];
  return (
    kind >= ts.SyntaxKind.FirstAssignment &&
    kind <= ts.SyntaxKind.LastAssignment &&
    !filling.includes(kind as (typeof filling)[number])
  );
}
