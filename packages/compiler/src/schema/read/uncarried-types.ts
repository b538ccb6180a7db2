import { AnnotatedType, AnyType, type BaseType } from "ts-json-schema-generator";
import { UNCARRIED } from "../marks.ts";
import type { Direction } from "./library-types.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/** Codes of the types that JSON cannot carry, as opposed to mistakes and limits of schemas. */
const CODES: ReadonlySet<string> = new Set(["MTD102", "MTD103", "MTD104", "MTD107", "MTD111"]);

/** A type that JSON cannot carry, at one place. */
export interface UncarriedType {
  readonly error: UnsupportedTypeError;
  /** Short name of the type in a list. */
  readonly label: string;
}

/**
 * Types of inputs that JSON cannot carry. Each becomes a marked type instead of an error, because
 * the places where it is used decide: `CarriedSchemas` leaves it out, or reports it.
 */
export class UncarriedTypes {
  readonly #found: UncarriedType[] = [];
  readonly #direction: Direction;

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /** Runs the step that reads a type itself, and not a part of it. */
  read(label: () => string, step: () => BaseType): BaseType {
    try {
      return step();
    } catch (error) {
      if (this.#direction === "output" || !(error instanceof UnsupportedTypeError) || !CODES.has(error.problem.code))
        throw error;
      this.#found.push({ error, label: error.problem.code === "MTD103" ? "function" : label() });
      return new AnnotatedType(new AnyType(), { not: {}, [UNCARRIED]: this.#found.length - 1 }, false);
    }
  }

  /** Returns the uncarried type that a mark stands for. */
  get(mark: unknown): UncarriedType | undefined {
    return typeof mark === "number" ? this.#found[mark] : undefined;
  }

  /** Checks for a type that became a mark. */
  includes(type: BaseType): boolean {
    if (!(type instanceof AnnotatedType)) return false;
    return UNCARRIED in type.getAnnotations() || this.includes(type.getType());
  }
}
