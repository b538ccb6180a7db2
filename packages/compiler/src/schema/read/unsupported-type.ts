import { BaseError } from "ts-json-schema-generator";
import type ts from "typescript";
import type { Problem } from "../../diagnostics/catalog.ts";

/**
 * Thrown where a type cannot become a schema. It extends the error class of
 * ts-json-schema-generator, whose parser chain wraps all other errors and loses their messages.
 */
export class UnsupportedTypeError extends BaseError {
  readonly problem: Problem;
  /** The path from the parameter or result to the unsupported type: property names and `[]`. */
  readonly path: readonly string[];
  // Private, and therefore not enumerable: printing a node to a console prints the whole program.
  readonly #node: ts.Node;

  constructor(problem: Problem, node: ts.Node, path: readonly string[] = []) {
    super({ code: 0, messageText: problem.text });
    this.name = "UnsupportedTypeError";
    this.problem = problem;
    this.path = path;
    this.#node = node;
  }

  /** The node with the unsupported type. */
  get node(): ts.Node {
    return this.#node;
  }

  /** Returns the same error with a segment added to the front of its path. */
  inside(segment: string): UnsupportedTypeError {
    return new UnsupportedTypeError(this.problem, this.#node, [segment, ...this.path]);
  }
}

/** Runs a step inside a type and adds a path segment to its error. */
export function at<T>(segment: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof UnsupportedTypeError ? error.inside(segment) : error;
  }
}

/** Number of segments written at each end of a long path. */
const WRITTEN_SEGMENTS = 8;

/** Writes a path as in JavaScript: `user.tags[].name`. A very long path loses its middle. */
export function formatTypePath(path: readonly string[]): string {
  const written =
    path.length > 2 * WRITTEN_SEGMENTS
      ? [...path.slice(0, WRITTEN_SEGMENTS), "…", ...path.slice(-WRITTEN_SEGMENTS)]
      : path;
  return written.reduce(
    (text, segment) => (text && !segment.startsWith("[") ? `${text}.${segment}` : text + segment),
    "",
  );
}
