import { MethodicError, type MethodicErrorCode } from "../errors.ts";

/** The error that lists several problems. */
interface Summary {
  readonly code: MethodicErrorCode;
  /** Its first words, such as `The server cannot start`. */
  readonly heading: string;
}

const CANNOT_START: Summary = { code: "STARTUP_FAILED", heading: "The server cannot start" };

/** Collects start-up errors, so that the author sees all of them at once. */
export class StartupErrors {
  readonly #errors: MethodicError[] = [];

  get count(): number {
    return this.#errors.length;
  }

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

  /** Throws a single error as it is, and several as one that lists them. */
  throwIfAny({ code, heading }: Summary = CANNOT_START): void {
    const [first, ...others] = this.#errors;
    if (!first) return;
    if (others.length === 0) throw first;
    const list = this.#errors.map(({ code, message }) => `- ${code}: ${message}`).join("\n");
    throw new MethodicError(code, `${heading}: ${this.#errors.length} problems.\n${list}`, {
      cause: new AggregateError(this.#errors),
    });
  }
}
