import type { Literal, Program, SimpleLiteral, SourceLocation } from "estree";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class EstreeTools {
  /** Checks a location. */
  @tool() checkLocation(location: SourceLocation): void {}

  /** Checks a literal. */
  @tool() checkLiteral(literal: SimpleLiteral): void {}
}

export class EstreeNodeTools {
  /** Returns a literal. */
  @tool() getLiteral(): Literal {
    return recorded();
  }

  /** Returns a program. */
  @tool() parse(): Program {
    return recorded();
  }
}
