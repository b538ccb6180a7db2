import { MethodicError } from "../errors.ts";

/** Collects start-up errors, so that the author sees all of them at once. */
export class StartupErrors {
  readonly #errors: MethodicError[] = [];

  /** Runs a step; collects the MethodicError that it throws, if any. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof MethodicError)) throw error;
      this.add(error);
      return undefined;
    }
  }

  add(error: MethodicError): void {
    // Methods of one class may all report the same cause, such as a manifest of another version.
    if (!this.#errors.some(({ message }) => message === error.message)) this.#errors.push(error);
  }

  /** Throws a single error as it is, and several as one `STARTUP_FAILED` that lists them. */
  throwIfAny(): void {
    const [first, ...others] = this.#errors;
    if (!first) return;
    if (others.length === 0) throw first;
    const list = this.#errors.map(({ code, message }) => `- ${code}: ${message}`).join("\n");
    throw new MethodicError("STARTUP_FAILED", `The server cannot start: ${this.#errors.length} problems.\n${list}`, {
      cause: new AggregateError(this.#errors),
    });
  }
}
