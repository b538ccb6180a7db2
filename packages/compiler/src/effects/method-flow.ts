import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import { isDeferring } from "./effect-names.ts";

/** An expression, with the calls of the author's functions that lead to it, outermost first. */
export type Trace = readonly ts.Node[];

/** An effect that may have run. */
export interface Effect {
  readonly trace: Trace;
  readonly verb: string;
}

/** Reads single expressions for {@link MethodFlow}. */
export interface FlowReader {
  /** Returns the verb of an effect; undefined for other expressions. */
  readonly effectOf: (node: ts.Node) => string | undefined;
  readonly isQuestion: (node: ts.CallExpression) => boolean;
  /** Returns the function that a call runs, if it is one of the author's. */
  readonly bodyOf: (node: ts.CallExpression) => ts.FunctionLikeDeclaration | undefined;
  readonly isOfContext: (callee: ts.Expression) => boolean;
}

/** The effects that may have run at a place; undefined where no path leads. */
type State = ReadonlyMap<ts.Node, Effect> | undefined;

/** The states in which `break` and `continue` leave a statement. */
interface Target {
  readonly label: string | undefined;
  readonly isLoop: boolean;
  breaks: State;
  continues: State;
}

/** Maximum depth of the author's functions that call each other. */
const MAX_DEPTH = 3;

/** Maximum number of function bodies that are followed for one method. */
const MAX_BODIES = 1000;

/** Follows the paths through a method, and reports the effects that may run before a question. */
export class MethodFlow {
  readonly #reader: FlowReader;
  readonly #report: (effect: Effect, question: Trace) => void;
  #state: State = new Map();
  #targets: Target[] = [];
  #trace: Trace = [];
  /** The effects and questions so far. */
  #found = 0;
  readonly #running: ts.Node[] = [];
  /** Functions without effects and questions, with the depth at which they were followed. */
  readonly #quiet = new Map<ts.Node, number>();
  #bodies = 0;

  constructor(reader: FlowReader, report: (effect: Effect, question: Trace) => void) {
    this.#reader = reader;
    this.#report = report;
  }

  /** Follows the body of a function from the present state. */
  run(declaration: ts.FunctionLikeDeclaration): void {
    const { body } = declaration;
    const depth = this.#running.length;
    if (!body || this.#running.includes(declaration) || depth > MAX_DEPTH || this.#bodies >= MAX_BODIES) return;
    if ((this.#quiet.get(declaration) ?? Infinity) <= depth) return;
    const before = this.#found;
    this.#bodies++;
    this.#running.push(declaration);
    const targets = this.#targets;
    const target: Target = { label: undefined, isLoop: false, breaks: undefined, continues: undefined };
    // A return leads to the end of the function.
    this.#targets = [target];
    this.#visit(body);
    this.#state = join(this.#state, target.breaks);
    this.#targets = targets;
    this.#running.pop();
    if (this.#found === before && this.#state) this.#quiet.set(declaration, depth);
  }

  readonly #visit = (node: ts.Node): void => {
    if (!this.#state || ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return;
    if (ts.isIfStatement(node)) return this.#branch(node.expression, [node.thenStatement, node.elseStatement]);
    if (ts.isConditionalExpression(node)) return this.#branch(node.condition, [node.whenTrue, node.whenFalse]);
    if (ts.isIterationStatement(node, false)) return this.#visitLoop(node);
    if (ts.isSwitchStatement(node)) return this.#visitSwitch(node);
    if (ts.isTryStatement(node)) return this.#visitTry(node);
    if (ts.isLabeledStatement(node)) return this.#visitLabeled(node);
    ts.forEachChild(node, this.#visit);
    if (ts.isReturnStatement(node)) return this.#jump(this.#targets[0], "breaks");
    if (ts.isThrowStatement(node)) this.#state = undefined;
    else if (ts.isBreakOrContinueStatement(node)) this.#visitJump(node);
    else if (ts.isCallExpression(node)) this.#visitCall(node);
    else this.#addEffect(node);
  };

  #visitCall(node: ts.CallExpression): void {
    if (this.#reader.isQuestion(node)) {
      this.#found++;
      for (const effect of this.#state?.values() ?? []) this.#report(effect, [...this.#trace, node]);
      return;
    }
    if (this.#reader.isOfContext(node.expression)) return;
    const before = this.#found;
    const body = this.#reader.bodyOf(node);
    if (body) {
      const trace = this.#trace;
      this.#trace = [...trace, node];
      this.run(body);
      this.#trace = trace;
    }
    // What a function does says more than its name.
    if (this.#found === before) this.#addEffect(node);
    if (this.#found === before) this.#runCallbacks(node);
  }

  #runCallbacks(node: ts.CallExpression): void {
    const callee = unwrap(node.expression);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    if (ts.isIdentifier(name) && isDeferring(name.text)) return;
    for (const argument of node.arguments) {
      const callback = unwrap(argument);
      if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) continue;
      const before = this.#state;
      this.run(callback);
      this.#state = join(before, this.#state);
    }
  }

  #addEffect(node: ts.Node): void {
    const verb = this.#reader.effectOf(node);
    if (verb === undefined || !this.#state) return;
    this.#found++;
    this.#state = new Map(this.#state).set(node, { trace: [...this.#trace, node], verb });
  }

  #branch(condition: ts.Node, branches: readonly (ts.Node | undefined)[]): void {
    this.#visit(condition);
    const before = this.#state;
    let after: State;
    for (const branch of branches) {
      this.#state = before;
      if (branch) this.#visit(branch);
      after = join(after, this.#state);
    }
    this.#state = after;
  }

  #visitLoop(node: ts.IterationStatement, label?: string): void {
    const target: Target = { label, isLoop: true, breaks: undefined, continues: undefined };
    if (ts.isForStatement(node) && node.initializer) this.#visit(node.initializer);
    if (ts.isForInStatement(node) || ts.isForOfStatement(node)) this.#visit(node.expression);
    this.#targets.push(target);
    let before: State;
    // An effect of one round stands before the questions of the next.
    do {
      before = this.#state;
      if (ts.isForStatement(node) && node.condition) this.#visit(node.condition);
      if (ts.isWhileStatement(node)) this.#visit(node.expression);
      this.#visit(node.statement);
      this.#state = join(this.#state, target.continues);
      if (ts.isForStatement(node) && node.incrementor) this.#visit(node.incrementor);
      if (ts.isDoStatement(node)) this.#visit(node.expression);
      this.#state = join(before, this.#state);
    } while ((this.#state?.size ?? 0) > (before?.size ?? 0));
    this.#targets.pop();
    this.#state = isEndless(node) ? target.breaks : join(this.#state, target.breaks);
  }

  #visitSwitch({ expression, caseBlock }: ts.SwitchStatement): void {
    const target: Target = { label: undefined, isLoop: false, breaks: undefined, continues: undefined };
    this.#visit(expression);
    this.#targets.push(target);
    const before = this.#state;
    this.#state = undefined;
    for (const clause of caseBlock.clauses) {
      this.#state = join(before, this.#state);
      for (const child of clause.statements) this.#visit(child);
    }
    const hasDefault = caseBlock.clauses.some((clause) => ts.isDefaultClause(clause));
    this.#targets.pop();
    this.#state = join(join(this.#state, target.breaks), hasDefault ? undefined : before);
  }

  #visitTry({ tryBlock, catchClause, finallyBlock }: ts.TryStatement): void {
    const before = this.#state;
    this.#visit(tryBlock);
    const done = this.#state;
    let after = done;
    if (catchClause) {
      // Any part of the block may have run.
      this.#state = join(before, done);
      this.#visit(catchClause.block);
      after = join(after, this.#state);
    }
    this.#state = after;
    if (!finallyBlock) return;
    // It also runs when the block returns or throws, and then the method ends.
    this.#state = after ?? before;
    this.#visit(finallyBlock);
    if (!after) this.#state = undefined;
  }

  #visitLabeled({ label, statement }: ts.LabeledStatement): void {
    if (ts.isIterationStatement(statement, false)) return this.#visitLoop(statement, label.text);
    const target: Target = { label: label.text, isLoop: false, breaks: undefined, continues: undefined };
    this.#targets.push(target);
    this.#visit(statement);
    this.#targets.pop();
    this.#state = join(this.#state, target.breaks);
  }

  #visitJump(node: ts.BreakOrContinueStatement): void {
    const isContinue = ts.isContinueStatement(node);
    const isMeant = (each: Target): boolean => {
      if (node.label) return each.label === node.label.text;
      return each.isLoop || (!isContinue && each.label === undefined);
    };
    const target = this.#targets.filter((each) => isMeant(each)).at(-1);
    this.#jump(target, isContinue ? "continues" : "breaks");
  }

  #jump(target: Target | undefined, way: "breaks" | "continues"): void {
    if (target) target[way] = join(target[way], this.#state);
    this.#state = undefined;
  }
}

/** Checks for `while (true)` and `for (;;)`. */
function isEndless(node: ts.IterationStatement): boolean {
  if (ts.isForStatement(node)) return node.condition === undefined;
  return (ts.isWhileStatement(node) || ts.isDoStatement(node)) && node.expression.kind === ts.SyntaxKind.TrueKeyword;
}

function join(one: State, other: State): State {
  if (!one || !other || one === other) return one ?? other;
  return new Map([...one, ...other]);
}
