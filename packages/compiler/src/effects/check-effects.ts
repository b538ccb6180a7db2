import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import { describePlace, type LocatedProblem } from "../diagnostics/locate.ts";
import { unwrap } from "../scan/constants.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import type { Library } from "../schema/read/library-types.ts";
import { ContextCalls, mayAsk } from "./context-calls.ts";
import { EffectReader } from "./effect-reader.ts";
import { MethodFlow, type Effect, type Trace } from "./method-flow.ts";
import { originOf } from "./value-origin.ts";

/** The parts of a project that the check reads. */
export interface EffectCheckDeps {
  readonly checker: ts.TypeChecker;
  readonly library: Library;
  readonly symbols: MethodicSymbols;
  readonly root: string;
}

/** An effect that a question repeats, with the key of the step that prevents it. */
interface Repetition {
  readonly effect: Effect;
  readonly key: string;
  readonly question: Trace;
}

/**
 * Finds effects that stand before a question. On 2026-07-28, a method runs again from its start
 * after each answer.
 */
export class EffectChecker {
  readonly #deps: EffectCheckDeps;
  readonly #calls: ContextCalls;
  readonly #effects: EffectReader;
  readonly #asking = new WeakMap<ts.SourceFile, boolean>();

  constructor(deps: EffectCheckDeps) {
    this.#deps = deps;
    this.#calls = new ContextCalls(deps.checker, deps.symbols);
    this.#effects = new EffectReader(deps.checker, deps.library);
  }

  /** Checks a method, which may ask through a Context parameter or `currentContext()`. */
  check(method: ts.MethodDeclaration): readonly LocatedProblem[] {
    if (!this.#mayAsk(method.getSourceFile())) return [];
    const found = new Map<ts.Node, LocatedProblem>();
    const keys = new Map<string, number>();
    const reader = {
      effectOf: (node: ts.Node) => this.#effects.read(node),
      isQuestion: (node: ts.CallExpression) => this.#calls.isQuestion(node),
      isOfContext: (callee: ts.Expression) => this.#calls.isOfContext(callee),
      bodyOf: (node: ts.CallExpression) => this.#bodyOf(node),
    };
    const flow = new MethodFlow(reader, (effect, question) => {
      // Both may be in the same function that the method calls.
      const node = effect.trace.find((each, index) => each !== question[index]) ?? method;
      if (found.has(node)) return;
      const count = (keys.get(effect.verb) ?? 0) + 1;
      keys.set(effect.verb, count);
      const key = count === 1 ? effect.verb : `${effect.verb}-${count}`;
      found.set(node, { problem: this.#problemOf(node, { effect, key, question }), node });
    });
    flow.run(method);
    return [...found.values()];
  }

  #mayAsk(file: ts.SourceFile): boolean {
    const known = this.#asking.get(file);
    if (known !== undefined) return known;
    const isAsking = mayAsk(file.text);
    this.#asking.set(file, isAsking);
    return isAsking;
  }

  /** Returns the author's function that a call runs on something that outlives it. */
  #bodyOf(node: ts.CallExpression): ts.FunctionLikeDeclaration | undefined {
    const callee = unwrap(node.expression);
    const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
    const origin = receiver ? originOf(receiver, this.#deps.checker) : "shared";
    if (origin === "own" || origin === "result") return undefined;
    const { declaration } = this.#deps.checker.getResolvedSignature(node) ?? {};
    if (!declaration || declaration.getSourceFile().isDeclarationFile) return undefined;
    return ts.isFunctionLike(declaration) && "body" in declaration
      ? (declaration as ts.FunctionLikeDeclaration)
      : undefined;
  }

  #problemOf(
    node: ts.Node,
    { effect: { trace, verb }, key, question }: Repetition,
  ): ReturnType<typeof problems.effectBeforeQuestion> {
    const asked = question.at(-1) as ts.CallExpression;
    const { line } = ts.getLineAndCharacterOfPosition(asked.getSourceFile(), asked.getStart());
    const isNear = asked.getSourceFile() === node.getSourceFile();
    const callee = unwrap(asked.expression);
    const context = ts.isPropertyAccessExpression(callee) ? callee.expression.getText() : "ctx";
    const inner = trace.at(-1);
    return problems.effectBeforeQuestion({
      effect: shorten(node.getText()),
      ...(inner && inner !== node && { inner: shorten(inner.getText()) }),
      question: shorten(asked.expression.getText()),
      place: isNear ? `line ${line + 1}` : describePlace(asked, this.#deps.root),
      step: `await ${context}.step(${isRepeated(node) ? `\`${key}-\${i}\`` : `"${key}"`}, ${writeStep(node, verb)})`,
    });
  }
}

/** Checks for a loop around a node, in which each step needs its own key. */
function isRepeated(node: ts.Node): boolean {
  const around = ts.findAncestor(node, (each) => ts.isFunctionLike(each) || ts.isIterationStatement(each, false));
  return around !== undefined && !ts.isMethodDeclaration(around);
}

/** Writes an effect as the function of a step, whose result has to be plain data. */
function writeStep(node: ts.Node, verb: string): string {
  const text = node.getText();
  if (text.includes("\n") || text.length > 60) return "() => …";
  const isContainer = ["set", "add", "sort", "reverse", "fill"].includes(verb);
  return isContainer ? `() => { ${text}; }` : `() => ${text}`;
}

/** Writes a text on one line of at most 60 characters. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
