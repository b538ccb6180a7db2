import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";

/** The methods of `Context` that ask the client. On 2026-07-28 a method ends where it asks. */
const QUESTIONS: ReadonlySet<string> = new Set(["elicit", "elicitUrl", "confirm", "sample", "listRoots"]);

/** The types of `ctx.session` and `ctx.user`. */
const STATES: ReadonlySet<string> = new Set(["State", "SessionState"]);

const QUESTION_TEXT = /\b(?:elicit|elicitUrl|confirm|sample|listRoots)\b/;

/** Checks whether a source text may ask a question. */
export function mayAsk(text: string): boolean {
  return QUESTION_TEXT.test(text);
}

/** Recognizes calls of a Context's methods. */
export class ContextCalls {
  readonly #checker: ts.TypeChecker;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#symbols = symbols;
  }

  /** Checks for a question: `ctx.confirm("…")`, or `confirm("…")` of a destructured Context. */
  isQuestion(node: ts.CallExpression): boolean {
    const { declaration } = this.#checker.getResolvedSignature(node) ?? {};
    const name = declaration && ts.isMethodSignature(declaration) ? declaration.name : undefined;
    if (!name || !ts.isIdentifier(name) || !QUESTIONS.has(name.text)) return false;
    const symbol = this.#checker.getSymbolAtLocation(name);
    return symbol !== undefined && this.#symbols.declares(symbol);
  }

  /**
   * Checks for a call of a Context or of something that belongs to it, such as
   * `ctx.log.info("…")`, which may be repeated. `ctx.session.update(…)` may not.
   */
  isOfContext(node: ts.Expression): boolean {
    const callee = unwrap(node);
    if (!ts.isPropertyAccessExpression(callee)) return false;
    const owner = unwrap(callee.expression);
    const type = this.#checker.getTypeAtLocation(owner);
    if (this.#isState(type)) return callee.name.text !== "update";
    return this.#symbols.isContext(type) || this.isOfContext(owner);
  }

  #isState({ symbol }: ts.Type): boolean {
    return symbol !== undefined && STATES.has(symbol.name) && this.#symbols.declares(symbol);
  }
}
