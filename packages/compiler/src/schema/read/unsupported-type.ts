import { BaseError } from "ts-json-schema-generator";
import type ts from "typescript";
import type { Problem } from "../../diagnostics/catalog.ts";

/**
 * Thrown where a type cannot become a schema. It derives from ts-json-schema-generator's own error because its parser chain
 * wraps every other error and loses what it said.
 */
export class UnsupportedTypeError extends BaseError {
  readonly problem: Problem;
  /** The way from the parameter or result to the bad type: property names and `[]`. */
  readonly path: readonly string[];
  // Private, and so not enumerable: a node that reaches a console prints the whole program.
  readonly #node: ts.Node;

  constructor(problem: Problem, node: ts.Node, path: readonly string[] = []) {
    super({ code: 0, messageText: problem.text });
    this.name = "Refusal";
    this.problem = problem;
    this.path = path;
    this.#node = node;
  }

  /** Where it is wrong. */
  get node(): ts.Node {
    return this.#node;
  }

  /** The same refusal, seen from one level further out. */
  inside(segment: string): UnsupportedTypeError {
    return new UnsupportedTypeError(this.problem, this.#node, [segment, ...this.path]);
  }
}

/** Runs a step inside a type, so that a refusal says where inside. */
export function at<T>(segment: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof UnsupportedTypeError ? error.inside(segment) : error;
  }
}

/** The segments of a path that are written at its beginning and, after an ellipsis, at its end. */
const WRITTEN_SEGMENTS = 8;

/** Writes a refusal's path the way JavaScript would: `user.tags[].name`. The middle of a very long one is left out. */
export function formatPath(path: readonly string[]): string {
  const written =
    path.length > 2 * WRITTEN_SEGMENTS
      ? [...path.slice(0, WRITTEN_SEGMENTS), "…", ...path.slice(-WRITTEN_SEGMENTS)]
      : path;
  return written.reduce(
    (text, segment) => (text && !segment.startsWith("[") ? `${text}.${segment}` : text + segment),
    "",
  );
}
