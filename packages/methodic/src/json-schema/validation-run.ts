import type { JsonSchema } from "../manifest/format.ts";

/** A keyword of a schema that a value violates. */
export interface ValidationError {
  readonly keyword: string;
  /** The names and indexes that lead to the rejected value. */
  readonly path: readonly string[];
  readonly params: { readonly [name: string]: unknown };
  readonly message?: string;
  /** The schemas that reject the value: several if the error stands for all alternatives. */
  readonly schemas: readonly JsonSchema[];
  /** The value belongs to a property that may be left out. */
  readonly isOptional?: boolean;
}

/** Checks a value; reports what is wrong with it to the run, and returns the verdict. */
export type Check = (value: unknown, run: ValidationRun) => boolean;

/** The errors of a value. */
export interface ValidationErrors {
  readonly errors: readonly ValidationError[];
  /** False if the validation ended before it had found all errors. */
  readonly isComplete: boolean;
}

/**
 * Maximum errors of one validation, with those of alternatives that are dropped again: a client
 * determines how many there are. More than enough to repair an honest call; a message shows far
 * fewer.
 */
export const MAX_ERRORS = 20_000;

// Listing the names of an object takes as long as parsing it.
const LARGE = 1000;

/** The verdict on a recursive value, and its errors once they have been collected. */
interface Known {
  readonly isValid: boolean;
  errors?: readonly ValidationError[];
}

/**
 * One validation of one value. It starts quiet: the first error ends it. While it collects, it goes
 * on after an error, up to a bound.
 */
export class ValidationRun {
  #errors: ValidationError[] | undefined;
  #found = 0;
  readonly #path: (string | number)[] = [];
  #optionalDepth = -1;
  readonly #known = new Map<Check, Map<unknown, Known>>();
  #largeObject: object | undefined;
  #largeNames: readonly string[] = [];

  /** True while the run collects errors; otherwise, it looks for the verdict. */
  get isCollecting(): boolean {
    return this.#errors !== undefined;
  }

  /** True if a check should stop after an error. */
  get isDone(): boolean {
    return this.#errors === undefined || this.#found > MAX_ERRORS;
  }

  /** Number of names and indexes that lead to the current value. */
  get depth(): number {
    return this.#path.length;
  }

  /** Collects the errors of a value. */
  findErrors(check: Check, value: unknown): ValidationErrors {
    const errors = this.collect(check, value);
    return { errors, isComplete: this.#found <= MAX_ERRORS };
  }

  /** Applies a check without reporting errors. */
  test(check: Check, value: unknown): boolean {
    const outer = this.#errors;
    this.#errors = undefined;
    const isValid = check(value, this);
    this.#errors = outer;
    return isValid;
  }

  /** Applies a check; returns its errors instead of reporting them. */
  collect(check: Check, value: unknown): readonly ValidationError[] {
    const outer = this.#errors;
    const errors: ValidationError[] = [];
    this.#errors = errors;
    check(value, this);
    this.#errors = outer;
    return errors;
  }

  /** Applies a check to a property or an item. */
  child(check: Check, value: unknown, key: string | number): boolean {
    this.#path.push(key);
    const isValid = check(value, this);
    this.#path.pop();
    return isValid;
  }

  /** Applies a check to a property that may be left out. */
  optional(check: Check, value: unknown, key: string): boolean {
    this.#optionalDepth = this.#path.length + 1;
    return this.child(check, value, key);
  }

  /** Lists the property names of an object: once for all alternatives, if they are many. */
  namesOf(object: object): readonly string[] {
    if (this.#largeObject === object) return this.#largeNames;
    const names = Object.keys(object);
    if (names.length > LARGE) [this.#largeObject, this.#largeNames] = [object, names];
    return names;
  }

  /**
   * Applies a check that may lead back to itself. Each value is checked once: alternatives would
   * otherwise double the work at every level.
   */
  recall(check: Check, value: unknown): boolean {
    if (typeof value !== "object" || value === null) return check(value, this);
    let values = this.#known.get(check);
    if (!values) this.#known.set(check, (values = new Map()));
    let known = values.get(value);
    if (!known) values.set(value, (known = { isValid: this.test(check, value) }));
    if (!known.isValid && this.isCollecting) this.add((known.errors ??= this.collect(check, value)));
    return known.isValid;
  }

  /** Reports an error at the current place. Returns false, the verdict. */
  fail(keyword: string, schema: JsonSchema, params: ValidationError["params"] = {}): false {
    if (this.isCollecting) this.add([this.error(keyword, schema, params)]);
    return false;
  }

  /** Creates an error at the current place. */
  error(keyword: string, schema: JsonSchema, params: ValidationError["params"]): ValidationError {
    this.#found++;
    const isOptional = this.#optionalDepth === this.#path.length;
    return { keyword, path: this.#path.map(String), params, schemas: [schema], ...(isOptional && { isOptional }) };
  }

  /** Reports errors. */
  add(errors: readonly ValidationError[]): void {
    if (this.#errors === undefined) return;
    // Not spread: the arguments of a call are limited.
    for (const error of errors) this.#errors.push(error);
  }
}
