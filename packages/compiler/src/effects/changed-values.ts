import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import { bodyOf } from "./callee.ts";
import { noveltyOf } from "./new-names.ts";
import { isRepeatable, isTakenBack } from "./repeatable-changes.ts";
import { isBookkeeping, type KnownEffect, NO_EFFECT } from "./tool-action.ts";
import { originOf } from "./value-origin.ts";

/** A function that runs for a tool, and the call that runs it; no call for the tool's method. */
export interface Frame {
  readonly call?: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;
  readonly outer?: Frame;
}

/** The lifetime of a value that a tool changes. */
export type Lifetime = "call" | "shared" | "unknown";

/** Maximum number of functions that are followed to the value that they return. */
const MAX_DEPTH = 4;

/** Decides whether a change outlives the call of a tool. */
export class ChangedValues {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** Returns the lifetime of a value, as the functions that run for the tool see it. */
  lifetimeOf(value: ts.Expression, frame: Frame, depth = 0): Lifetime {
    switch (originOf(value, this.#checker)) {
      case "own":
        return "call";
      case "shared":
        return "shared";
      case "parameter":
        return this.#lifetimeOfElement(value, frame, depth) ?? this.#lifetimeOfArguments(frame, depth);
      default:
        return this.#lifetimeOfResult(value, depth);
    }
  }

  /** Returns the effect of an assignment, a counter or a `delete`. */
  effectOfAssignment(target: ts.Expression, frame: Frame, kind: "set" | "count" | "delete"): KnownEffect {
    const node = unwrap(target);
    if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node))
      return /\bthis\b/.test(node.getText()) ? { change: "unknown" } : NO_EFFECT;
    const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    if (!isMember && !(ts.isIdentifier(node) && isModuleVariable(node, this.#checker))) return NO_EFFECT;
    const lifetime = isMember ? this.#lifetimeOfOwner(node.expression, frame) : "shared";
    if (lifetime === "call" || isBookkeeping(node.getText())) return NO_EFFECT;
    if (lifetime === "unknown") return { change: "unknown" };
    if (kind === "delete") return { change: "delete", isIdempotent: true };
    if (isTakenBack(node, node.getText())) return NO_EFFECT;
    if (kind === "count") return { change: "add" };
    // A field that is set while it is missing is made once; an element may be the tool's data.
    if (isRepeatable(node)) return ts.isElementAccessExpression(node) ? { change: "unknown" } : NO_EFFECT;
    return { change: "write", isIdempotent: true };
  }

  /** Returns the effect of a method that changes a container, such as `push`. */
  effectOfMutator(name: string, { receiver, key }: MutatedContainer, frame: Frame): KnownEffect {
    const lifetime = this.lifetimeOf(receiver, frame);
    if (lifetime === "call" || isBookkeeping(receiver.getText())) return NO_EFFECT;
    if (lifetime === "unknown") return { change: "unknown" };
    if (isTakenBack(receiver, receiver.getText())) return NO_EFFECT;
    if (["delete", "clear"].includes(name)) return { change: "delete", isIdempotent: true };
    if (["pop", "shift", "splice"].includes(name)) return { change: "delete" };
    if (["push", "unshift", "append"].includes(name)) return { change: "add" };
    // `if (!this.#byCity.has(city)) this.#byCity.set(city, …)` may fill a cache, or add a record.
    if (isRepeatable(receiver)) return { change: "unknown" };
    if (name === "add") return { change: "add", isIdempotent: true };
    if (name !== "set") return { change: "overwrite", isIdempotent: true };
    const novelty = key && noveltyOf(key, this.#checker);
    if (novelty) return { change: novelty === "time" ? "write" : "add" };
    const body = ts.findAncestor(receiver, (node) => ts.isFunctionLike(node));
    // It may keep an entry that is there: `map.set(key, [...(map.get(key) ?? []), item])`.
    const text = body?.getText() ?? "";
    const isChecked = [".has(", ".get("].some((call) => text.includes(`${receiver.getText()}${call}`));
    return { change: isChecked ? "write" : "overwrite", isIdempotent: !isChecked };
  }

  /** Returns the effect of `Object.assign(target, …)` and its like. */
  effectOfMerge(target: ts.Expression, frame: Frame): KnownEffect {
    const lifetime = this.#lifetimeOfOwner(target, frame);
    return lifetime === "call" ? NO_EFFECT : { change: lifetime === "shared" ? "write" : "unknown" };
  }

  /** Returns the lifetime of a value whose property is set; a copied list has the same elements. */
  #lifetimeOfOwner(value: ts.Expression, frame: Frame): Lifetime {
    const lifetime = this.lifetimeOf(value, frame);
    const copied = lifetime === "call" ? copiedFrom(this.#sourceOf(value, 0)) : undefined;
    return copied && this.lifetimeOf(copied, frame, 1) !== "call" ? "unknown" : lifetime;
  }

  /** Returns the lifetime of a callback's parameter: `list.forEach((item) => …)`. */
  #lifetimeOfElement(value: ts.Expression, frame: Frame, depth: number): Lifetime | undefined {
    const root = rootOf(value);
    const declaration = ts.isIdentifier(root) ? this.#checker.getSymbolAtLocation(root)?.valueDeclaration : undefined;
    const owner = declaration && ts.findAncestor(declaration, ts.isParameter)?.parent;
    if (!owner || (!ts.isArrowFunction(owner) && !ts.isFunctionExpression(owner))) return undefined;
    const call = owner.parent;
    const callee = ts.isCallExpression(call) ? unwrap(call.expression) : undefined;
    if (!callee || !ts.isPropertyAccessExpression(callee) || depth > MAX_DEPTH) return "unknown";
    const list = copiedFrom(callee.expression) ?? callee.expression;
    return this.lifetimeOf(list, frame, depth + 1);
  }

  #lifetimeOfArguments({ call, outer }: Frame, depth: number): Lifetime {
    // The arguments of a tool belong to its call.
    if (!call || !outer) return "call";
    const values = ts.isTaggedTemplateExpression(call) ? [] : (call.arguments ?? []);
    const lifetimes = values
      .filter((value) => !this.#isPrimitive(value))
      .map((value) => (depth > MAX_DEPTH ? "unknown" : this.lifetimeOf(value, outer, depth + 1)));
    return lifetimes.every((lifetime) => lifetime === "call") ? "call" : "unknown";
  }

  #lifetimeOfResult(value: ts.Expression, depth: number): Lifetime {
    const call = this.#sourceOf(value, 0);
    if (!call || depth > MAX_DEPTH) return "unknown";
    const declaration = this.#checker.getResolvedSignature(call)?.declaration;
    if (!declaration) return "unknown";
    const body = bodyOf(declaration);
    // The platform and packages return new values, but for the elements of containers.
    if (!body) return declaration.getSourceFile().isDeclarationFile ? "call" : "unknown";
    return listReturns(body).every((each) => originOf(each, this.#checker) === "own") ? "call" : "unknown";
  }

  /** Finds the call whose result a value is, or belongs to. */
  #sourceOf(value: ts.Expression, depth: number): ts.CallExpression | undefined {
    const node = unwrap(ts.isAwaitExpression(value) ? value.expression : value);
    if (depth > 16) return undefined;
    if (ts.isCallExpression(node)) return node;
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
      return this.#sourceOf(node.expression, depth + 1);
    const declaration = ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
    const variable = declaration && ts.findAncestor(declaration, ts.isVariableDeclaration);
    return variable?.initializer ? this.#sourceOf(variable.initializer, depth + 1) : undefined;
  }

  #isPrimitive(value: ts.Expression): boolean {
    const { StringLike, NumberLike, BooleanLike, BigIntLike, Undefined, Null } = ts.TypeFlags;
    const flags = StringLike | NumberLike | BooleanLike | BigIntLike | Undefined | Null;
    const type = this.#checker.getTypeAtLocation(value);
    const members = type.isUnion() ? type.types : [type];
    return members.every((member) => (member.flags & flags) !== 0) || type.getCallSignatures().length > 0;
  }
}

/** Methods whose result has the elements of the list that they are called on. */
const COPYING: ReadonlySet<string> = new Set(
  "filter slice sort toSorted reverse toReversed concat flat splice with values entries".split(" "),
);

/** Returns the list whose elements an expression copies; undefined for other expressions. */
function copiedFrom(expression: ts.Expression | undefined): ts.Expression | undefined {
  const node = expression && unwrap(expression);
  if (node && ts.isArrayLiteralExpression(node)) return node.elements.find(ts.isSpreadElement)?.expression;
  const callee = node && ts.isCallExpression(node) ? unwrap(node.expression) : undefined;
  if (!callee || !ts.isPropertyAccessExpression(callee)) return undefined;
  const isStatic = /^(?:Object|Array)$/.test(callee.expression.getText());
  const list = isStatic ? (node as ts.CallExpression).arguments[0] : callee.expression;
  return list && (isStatic || COPYING.has(callee.name.text)) ? (copiedFrom(list) ?? list) : undefined;
}

function rootOf(expression: ts.Expression): ts.Expression {
  const node = unwrap(expression);
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? rootOf(node.expression) : node;
}

/** A container that a method changes. */
interface MutatedContainer {
  readonly receiver: ts.Expression;
  /** The first argument. */
  readonly key: ts.Expression | undefined;
}

/** Checks for a variable outside functions. */
function isModuleVariable(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  const isVariable = declaration !== undefined && ts.isVariableDeclaration(declaration);
  return isVariable && ts.findAncestor(declaration, (node) => ts.isFunctionLike(node)) === undefined;
}

function listReturns(body: ts.FunctionLikeDeclaration): ts.Expression[] {
  if (ts.isArrowFunction(body) && !ts.isBlock(body.body)) return [body.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  if ("body" in body && body.body) ts.forEachChild(body.body, visit);
  return found;
}
