import { MethodicError } from "../errors.ts";

/** Collects start-up problems, so that an author sees all of them at once. */
export class Problems {
  readonly #found: MethodicError[] = [];

  /** Runs a step and keeps its MethodicError, if it throws one. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof MethodicError)) throw error;
      // One cause can be met at each method of a class, such as a manifest of another version.
      if (!this.#found.some(({ message }) => message === error.message)) this.#found.push(error);
      return undefined;
    }
  }

  /** Throws what was collected: a single problem as it is, several as one `STARTUP_FAILED` that lists them. */
  throwIfAny(): void {
    const [first, ...others] = this.#found;
    if (!first) return;
    if (others.length === 0) throw first;
    const list = this.#found.map(({ code, message }) => `- ${code}: ${message}`).join("\n");
    throw new MethodicError("STARTUP_FAILED", `The server cannot start: ${this.#found.length} problems.\n${list}`, {
      cause: new AggregateError(this.#found),
    });
  }
}
