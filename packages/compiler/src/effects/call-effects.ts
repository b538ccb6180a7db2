import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import type { Scope } from "../scan/scope.ts";
import type { Library } from "../schema/read/library-types.ts";
import { bodyOf, type Callee, findCallee } from "./callee.ts";
import { ChangedValues, type Frame } from "./changed-values.ts";
import { ContextCalls } from "./context-calls.ts";
import { isMutator, isReadingCommand } from "./effect-names.ts";
import { fileEffect } from "./file-effects.ts";
import { httpEffect } from "./http-effects.ts";
import { effectOfModule, effectOfPrisma } from "./known-packages.ts";
import { noveltyOf } from "./new-names.ts";
import { isPureGlobal, platformEffect } from "./platform-effects.ts";
import { isSql, runsSql, runsStatement, sqlEffect } from "./sql-effects.ts";
import { findPrepared, readSql, templateText } from "./sql-text.ts";
import { ANY_EFFECT, type KnownEffect, NO_EFFECT } from "./tool-action.ts";

/** A function that runs for a tool, with the values of its parameters. */
export interface FrameScope extends Frame {
  readonly scope: Scope;
  readonly outer?: FrameScope;
}

/** A call, `new`, or a tagged template. */
type Call = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

/** The effect of a call, and the author's functions that it runs. */
interface CallEffect {
  readonly effect?: KnownEffect;
  readonly bodies: readonly ts.FunctionLikeDeclaration[];
}

/** Methods of the Context that change nothing outside the call. */
const CONTEXT_READS: ReadonlySet<string> = new Set(
  (
    "progress heartbeat elicit elicitUrl confirm sample listRoots step use debug info notice warn warning error critical alert " +
    "emergency log get has keys throwIfAborted addEventListener removeEventListener"
  ).split(" "),
);

/** Types of arrays, maps and other containers. */
const CONTAINERS: ReadonlySet<string> = new Set(
  "Array Map Set WeakMap WeakSet URLSearchParams Headers FormData".split(" "),
);

/** Reads the effects of calls and assignments. */
export class CallEffects {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;
  readonly #context: ContextCalls;
  readonly #values: ChangedValues;

  constructor({ checker, library, symbols }: { checker: ts.TypeChecker; library: Library; symbols: MethodicSymbols }) {
    this.#checker = checker;
    this.#library = library;
    this.#context = new ContextCalls(checker, symbols);
    this.#values = new ChangedValues(checker);
  }

  ofAssignment(target: ts.Expression, frame: FrameScope, kind: "set" | "count" | "delete"): KnownEffect {
    return this.#values.effectOfAssignment(target, frame, kind);
  }

  /** Checks whether a field belongs to something that other calls share. */
  isShared(target: ts.Expression, frame: FrameScope): boolean {
    return ts.isPropertyAccessExpression(target) && this.#values.lifetimeOf(target.expression, frame) === "shared";
  }

  ofCall(node: Call, frame: FrameScope): CallEffect {
    const callee = findCallee(node, this.#checker, this.#library);
    const callbacks = this.#listCallbacks(node);
    if (callee.body) return { bodies: [callee.body, ...callbacks] };
    const target = unwrap(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
    if (ts.isCallExpression(node) && this.#context.isOfContext(target))
      return { effect: contextEffect(callee.name), bodies: callbacks };
    return { effect: this.#known(node, callee, frame), bodies: callbacks };
  }

  /** Returns the author's function that a call runs, without resolving the call. */
  ofOwnCall(node: Call): CallEffect {
    const target = unwrap(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
    const name = ts.isPropertyAccessExpression(target) ? target.name : target;
    const found = this.#checker.getSymbolAtLocation(name);
    const symbol = found && found.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(found) : found;
    const declaration = symbol?.valueDeclaration;
    if (!declaration) return { bodies: [] };
    const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration);
    const value = isHolder && declaration.initializer ? unwrap(declaration.initializer) : declaration;
    if (ts.isClassLike(value)) return { bodies: value.members.filter((member) => ts.isConstructorDeclaration(member)) };
    const body = bodyOf(value);
    return { bodies: body ? [body] : [] };
  }

  #known(node: Call, callee: Callee, frame: FrameScope): KnownEffect {
    if (ts.isTaggedTemplateExpression(node)) return this.#ofTemplate(node, callee);
    if (ts.isNewExpression(node)) return this.#ofNew(node, callee);
    const { name, receiver, module, isPlatform, declaration } = callee;
    if (this.#isParameter(node.expression) || this.#isGlobal(node.expression)) return NO_EFFECT;
    if (receiver && /^process\.std(?:out|err)$/.test(receiver.getText())) return NO_EFFECT;
    const { scope } = frame;
    const isPlatformFetch = isPlatform && name === "fetch";
    const isOfCaller = (value: ts.Expression): boolean => isArgument(value, scope, this.#checker);
    const request = httpEffect({ node, name, module, isPlatform: isPlatformFetch, scope, isOfCaller });
    if (request) return this.#atNewAddress(request, node);
    const sql = receiver && this.#ofSql(node, { name, receiver }, scope);
    if (sql) return sql;
    const [first] = node.arguments;
    if (first && receiver && isPlatform && isMerge(receiver, name)) return this.#values.effectOfMerge(first, frame);
    if (receiver && isPlatform && isMutator(name) && this.#isContainer(receiver))
      return this.#values.effectOfMutator(name, { receiver, key: node.arguments[0] }, frame);
    if (module !== undefined) return this.#ofModule(node, module, callee);
    if (isPlatform && declaration) return platformEffect(name, receiver, declaration);
    if (receiver && this.#isPrisma(receiver)) return effectOfPrisma(name);
    // A clock that tests replace: `this.#now()`.
    if (/^(?:now|clock|random|uuid)$/.test(name) && node.arguments.length === 0) return NO_EFFECT;
    // Functions of the language, such as `String(…)`, may have no declaration of their own.
    return isPlatform ? NO_EFFECT : ANY_EFFECT;
  }

  /** Returns the effect of a request: `PUT` to a random address adds something. */
  #atNewAddress(request: KnownEffect, { arguments: [address] }: ts.CallExpression): KnownEffect {
    const isNew = request.change === "overwrite" && address && noveltyOf(address, this.#checker) === "random";
    return isNew ? { ...request, change: "add", isIdempotent: false } : request;
  }

  #ofModule(node: ts.CallExpression, module: string, { name, receiver }: Callee): KnownEffect {
    if (module.startsWith("@aws-sdk/") || module.startsWith("@smithy/")) return commandEffect(node, name);
    if (receiver && this.#isPrisma(receiver)) return effectOfPrisma(name);
    const effect = effectOfModule(module, name) ?? ANY_EFFECT;
    return module === "fs" || module === "fs/promises" ? fileEffect(node, { name, effect }, this.#checker) : effect;
  }

  /** Returns the effect of a call that runs SQL; undefined for other calls. */
  #ofSql(
    node: ts.CallExpression,
    { name, receiver }: { readonly name: string; readonly receiver: ts.Expression },
    scope: Scope,
  ): KnownEffect | undefined {
    const [first] = node.arguments;
    const text = first && readSql(first, scope);
    if (text !== undefined && isSql(text)) {
      if (runsSql(name)) return sqlEffect(text);
      if (name === "prepare") return NO_EFFECT;
    }
    if (!runsStatement(name)) return undefined;
    const prepared = findPrepared(receiver, this.#checker);
    const sql = prepared?.arguments[0] && readSql(prepared.arguments[0], scope);
    return sql === undefined ? undefined : sqlEffect(sql);
  }

  #ofTemplate({ template, tag }: ts.TaggedTemplateExpression, { module }: Callee): KnownEffect {
    const text = templateText(template);
    const isTag = /\b\$?(?:sql|queryRaw|executeRaw|query|db)\b/i.test(tag.getText());
    if (isTag && isSql(text)) return sqlEffect(text);
    // Parts of a query, such as sql`ORDER BY name`, run nothing.
    if (isTag) return NO_EFFECT;
    return tag.getText() === "String.raw" || (module !== undefined && effectOfModule(module, "") === NO_EFFECT)
      ? NO_EFFECT
      : ANY_EFFECT;
  }

  #ofNew(node: ts.NewExpression, { module, isPlatform, name, declaration }: Callee): KnownEffect {
    const type = this.#checker.getTypeAtLocation(node);
    if (type.getProperty("stack") && type.getProperty("message")) return NO_EFFECT;
    // A class of the author without a constructor, or a command of an SDK.
    const owner = type.symbol?.valueDeclaration;
    if (owner && ts.isClassLike(owner) && !owner.getSourceFile().isDeclarationFile) return NO_EFFECT;
    if (module !== undefined)
      return module.startsWith("@aws-sdk/") ? NO_EFFECT : (effectOfModule(module, "") ?? ANY_EFFECT);
    return isPlatform && declaration ? platformEffect(name, undefined, declaration) : ANY_EFFECT;
  }

  /** Lists the author's functions that a call gets by name: `items.map(toNote)`. */
  #listCallbacks(node: Call): ts.FunctionLikeDeclaration[] {
    if (ts.isTaggedTemplateExpression(node)) return [];
    return (node.arguments ?? []).flatMap((argument) => {
      const value = unwrap(argument);
      if (!ts.isIdentifier(value) && !ts.isPropertyAccessExpression(value)) return [];
      const [signature] = this.#checker.getTypeAtLocation(value).getCallSignatures();
      const { declaration } = signature ?? {};
      return (declaration && bodyOf(declaration)) ?? [];
    });
  }

  /** Checks for a callback that the function got, whose body is read where it is given. */
  #isParameter(expression: ts.Expression): boolean {
    const node = unwrap(expression);
    if (!ts.isIdentifier(node)) return false;
    const declaration = this.#checker.getSymbolAtLocation(node)?.valueDeclaration;
    return (
      declaration !== undefined &&
      ts.findAncestor(declaration, ts.isParameter) !== undefined &&
      !ts.isVariableDeclaration(declaration)
    );
  }

  /** Checks for a global function such as `structuredClone` that is not the author's own. */
  #isGlobal(expression: ts.Expression): boolean {
    const symbol = ts.isIdentifier(expression) ? this.#checker.getSymbolAtLocation(expression) : undefined;
    return symbol !== undefined && isPureGlobal(symbol.name) && this.#library.declares(symbol);
  }

  #isContainer(receiver: ts.Expression): boolean {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(receiver));
    const members = type.isUnion() ? type.types : [type];
    return members.some(
      (member) => this.#checker.isArrayType(member) || this.#library.findStandard(member, CONTAINERS) !== undefined,
    );
  }

  #isPrisma(receiver: ts.Expression): boolean {
    const { symbol } = this.#checker.getTypeAtLocation(receiver);
    return symbol !== undefined && /(?:Delegate|^PrismaClient)$/.test(symbol.name);
  }
}

/** Checks for a function that changes its first argument. */
function isMerge(receiver: ts.Expression, name: string): boolean {
  const owner = receiver.getText();
  if (owner === "Reflect") return /^(?:set|defineProperty|deleteProperty|setPrototypeOf)$/.test(name);
  return owner === "Object" && /^(?:assign|defineProperty|defineProperties|setPrototypeOf|freeze)$/.test(name);
}

function contextEffect(name: string): KnownEffect {
  if (CONTEXT_READS.has(name) || /(?:Changed|Updated)$/.test(name)) return NO_EFFECT;
  if (name === "set" || name === "update") return { change: "overwrite", isIdempotent: name === "set" };
  return name === "delete" ? { change: "delete", isIdempotent: true } : ANY_EFFECT;
}

/** Returns the effect of a command of the AWS SDK: `client.send(new PutObjectCommand(…))`. */
function commandEffect({ arguments: [first] }: ts.CallExpression, name: string): KnownEffect {
  if (name !== "send" || !first || !ts.isNewExpression(first))
    return name === "send" ? { ...ANY_EFFECT, reach: "outside" } : NO_EFFECT;
  const command = first.expression.getText().split(".").at(-1) ?? "";
  if (isReadingCommand(command)) return { reach: "outside" };
  if (/^(?:Batch)?Delete/.test(command))
    return { change: "delete", isIdempotent: true, isCertain: true, reach: "outside" };
  if (command.startsWith("Put")) return { change: "overwrite", isIdempotent: true, isCertain: true, reach: "outside" };
  return { change: /^(?:Create|Update)/.test(command) ? "write" : "unknown", reach: "outside" };
}

/** Checks whether a value is an argument of the tool, through the functions that pass it on. */
function isArgument(value: ts.Expression, scope: Scope, checker: ts.TypeChecker): boolean {
  const node = unwrap(value);
  if (!ts.isIdentifier(node)) return false;
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
  const parameter = declaration && ts.findAncestor(declaration, ts.isParameter);
  const owner = parameter?.parent;
  const isOwn = declaration && (ts.isParameter(declaration) || ts.isBindingElement(declaration));
  const isTool = owner !== undefined && ts.isMethodDeclaration(owner) && (ts.getDecorators(owner)?.length ?? 0) > 0;
  return Boolean(isOwn && isTool && scope.valueOfName(node) === undefined);
}
