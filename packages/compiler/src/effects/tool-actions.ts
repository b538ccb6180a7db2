import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { Scope } from "../scan/scope.ts";
import type { Library } from "../schema/read/library-types.ts";
import { bodyOf } from "./callee.ts";
import { CallEffects, type FrameScope } from "./call-effects.ts";
import { isStandardCall, mayBeCertain } from "./certain-calls.ts";
import { ANY_EFFECT, isHarmless, type KnownEffect, type ToolAction } from "./tool-action.ts";

/** The parts of a project that the reader needs. */
export interface ToolActionDeps {
  readonly checker: ts.TypeChecker;
  readonly library: Library;
  readonly symbols: MethodicSymbols;
}

/** Maximum depth of the author's functions that call each other. */
const MAX_DEPTH = 12;

/** Maximum number of function bodies that are read for one tool. */
const MAX_BODIES = 400;

/** Reads what a tool's method does, itself and through the author's functions that it calls. */
export class ToolActionReader {
  readonly #checker: ts.TypeChecker;
  readonly #effects: CallEffects;

  constructor(deps: ToolActionDeps) {
    this.#checker = deps.checker;
    this.#effects = new CallEffects(deps);
  }

  /**
   * Lists the effects of a method. Calls that only read the server's own data are left out.
   * @param isCertainOnly Leaves out what is not certain, which takes a fraction of the time
   */
  read(method: ts.MethodDeclaration, isCertainOnly = false): readonly ToolAction[] {
    const run = new ToolRun(this.#checker, this.#effects, isCertainOnly);
    run.enter(method, { scope: new Scope(this.#checker) });
    return run.finish();
  }
}

/** One walk through a method. */
class ToolRun {
  readonly #actions: ToolAction[] = [];
  readonly #checker: ts.TypeChecker;
  readonly #effects: CallEffects;
  readonly #isCertainOnly: boolean;
  readonly #running: ts.Node[] = [];
  /** Functions that do the same whatever their arguments are. */
  readonly #done = new Set<ts.Node>();
  /** The parts of the tool's method that led here; nothing in the method itself. */
  #place: ts.Node | undefined;
  /** The code fills in a field that is missing, once for all calls. */
  #isSetup = false;
  /** The code may never run, or undoes something. */
  #isUncertain = false;
  #bodies = 0;
  #readsFiles = false;

  constructor(checker: ts.TypeChecker, effects: CallEffects, isCertainOnly: boolean) {
    this.#checker = checker;
    this.#effects = effects;
    this.#isCertainOnly = isCertainOnly;
  }

  /** Returns the effects. A file that is read and written again may keep what it had. */
  finish(): readonly ToolAction[] {
    if (!this.#readsFiles) return this.#actions;
    return this.#actions.map((action) =>
      action.isFile ? { ...action, change: "write" as const, isIdempotent: false } : action,
    );
  }

  /** Reads the body of a function. */
  enter(body: ts.FunctionLikeDeclaration, frame: FrameScope): void {
    if (this.#running.includes(body) || this.#done.has(body)) return;
    this.#bodies++;
    if (this.#running.length > MAX_DEPTH || this.#bodies > MAX_BODIES) return this.#add(body, ANY_EFFECT);
    this.#running.push(body);
    if (ts.isConstructorDeclaration(body)) this.#visitFields(body.parent, frame);
    for (const { initializer } of body.parameters) if (initializer) this.#visit(initializer, frame);
    if ("body" in body && body.body) this.#visit(body.body, frame);
    this.#running.pop();
    if (body.parameters.length === 0 && !this.#isSetup && !this.#isUncertain) this.#done.add(body);
  }

  #visitFields(owner: ts.ClassLikeDeclaration, frame: FrameScope): void {
    for (const member of owner.members)
      if (ts.isPropertyDeclaration(member) && member.initializer) this.#visit(member.initializer, frame);
  }

  #visit(node: ts.Node, frame: FrameScope): void {
    if (ts.isTypeNode(node) || ts.isClassLike(node) || ts.isFunctionDeclaration(node)) return;
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return this.#visitInline(node, frame);
    if (ts.isTryStatement(node)) return this.#visitTry(node, frame);
    if (ts.isBinaryExpression(node) && isAssignment(node)) return this.#visitAssignment(node, frame);
    ts.forEachChild(node, (child) => this.#visit(child, frame));
    if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
      return this.#visitCall(node, frame);
    // Changes of fields are never certain.
    if (this.#isCertainOnly) return;
    if (ts.isPropertyAccessExpression(node)) return this.#visitGetter(node, frame);
    const assigned = assignedBy(node);
    if (assigned) this.#add(node, this.#effects.ofAssignment(assigned.target, frame, assigned.kind));
  }

  /** Visits a callback as if it ran, but for certain it does not. */
  #visitInline(node: ts.ArrowFunction | ts.FunctionExpression, frame: FrameScope): void {
    const before = this.#isUncertain;
    this.#isUncertain ||= !runsAtOnce(node);
    for (const { initializer } of node.parameters) if (initializer) this.#visit(initializer, frame);
    this.#visit(node.body, frame);
    this.#isUncertain = before;
  }

  #visitTry({ tryBlock, catchClause, finallyBlock }: ts.TryStatement, frame: FrameScope): void {
    this.#visit(tryBlock, frame);
    const before = this.#isUncertain;
    // What stands there closes, or takes back.
    this.#isUncertain = true;
    if (catchClause) this.#visit(catchClause, frame);
    if (finallyBlock) this.#visit(finallyBlock, frame);
    this.#isUncertain = before;
  }

  #visitAssignment(node: ts.BinaryExpression, frame: FrameScope): void {
    const target = unwrap(node.left);
    if (this.#isCertainOnly && !fills(node)) return void ts.forEachChild(node, (child) => this.#visit(child, frame));
    const isFilling = fills(node) && !ts.isElementAccessExpression(target);
    const effect = this.#effects.ofAssignment(node.left, frame, "set");
    const before = this.#isSetup;
    this.#isSetup ||= isFilling && this.#effects.isShared(target, frame);
    this.#visit(node.left, frame);
    this.#visit(node.right, frame);
    this.#isSetup = before;
    if (isFilling) return;
    const isSum = node.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
    this.#add(node, isSum ? this.#effects.ofAssignment(node.left, frame, "count") : effect);
  }

  #visitGetter(node: ts.PropertyAccessExpression, frame: FrameScope): void {
    const getter = this.#checker.getSymbolAtLocation(node.name)?.declarations?.find((each) => ts.isGetAccessor(each));
    const body = getter && bodyOf(getter);
    if (body) this.#follow(node, () => this.enter(body, frame));
  }

  #visitCall(node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression, frame: FrameScope): void {
    if (this.#isCertainOnly && !ts.isTaggedTemplateExpression(node) && isStandardCall(node)) return;
    const isAuthors = this.#isCertainOnly && !mayBeCertain(node);
    const { effect, bodies } = isAuthors ? this.#effects.ofOwnCall(node) : this.#effects.ofCall(node, frame);
    for (const body of bodies) {
      const args = ts.isTaggedTemplateExpression(node) ? [] : (node.arguments ?? []);
      const scope = frame.scope.within(body, args);
      this.#follow(node, () => this.enter(body, { scope, call: node, outer: frame }));
    }
    if (effect) this.#add(node, effect);
  }

  #follow(node: ts.Node, enter: () => void): void {
    const before = this.#place;
    this.#place ??= node;
    enter();
    this.#place = before;
  }

  #add(node: ts.Node, effect: KnownEffect): void {
    const { change: _change, ...read } = effect;
    const action: KnownEffect = this.#isSetup ? read : effect;
    if (action.isFile && action.change === undefined) this.#readsFiles = true;
    if (isHarmless(action)) return;
    const isCertain = action.isCertain === true && !this.#isUncertain;
    const isOutside = action.isOutside === true && !this.#isUncertain;
    this.#actions.push({ ...action, isCertain, isOutside, node, place: this.#place ?? node });
  }
}

/** Checks for a callback that the call itself runs, such as that of `map`, `then` or a step. */
function runsAtOnce(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isCallExpression(parent)) return ts.isParenthesizedExpression(parent);
  const callee = unwrap(parent.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  return !/^(?:on|once|use|catch|finally|register|subscribe|setTimeout|setInterval|setImmediate|onAbort|\w*Listener)$/.test(
    name,
  );
}

/** Returns the target of `++`, `--` or `delete`. */
function assignedBy(node: ts.Node): { readonly target: ts.Expression; readonly kind: "count" | "delete" } | undefined {
  if (ts.isDeleteExpression(node)) return { target: node.expression, kind: "delete" };
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return undefined;
  const isCounting = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator);
  return isCounting ? { target: node.operand, kind: "count" } : undefined;
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Checks for an assignment that fills in a missing value: `??=`, `||=`. */
function fills({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken;
}
