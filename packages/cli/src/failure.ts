/** The exit code of a command that found problems or could not do its work. */
export const EXIT_FAILURE = 1;
/** The exit code of a command that was called wrongly. */
export const EXIT_USAGE = 2;

/** Ends a command with a message for the person at the terminal, and no stack. */
export class CommandFailure extends Error {
  override readonly name: string = "CommandFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_FAILURE) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Words what was thrown: a mistake in the use of Methodic explains itself; anything else is located by its stack. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return `Thrown: ${String(error)}`;
  return error.name === "MethodicError" ? `methodic: ${error.message}` : (error.stack ?? error.message);
}

/**
 * Runs a step that writes files. What the file system refuses, a full disk or a missing permission, is no fault in anybody's code.
 * @param what What is written, for the message
 * @throws CommandFailure if the file system refused
 */
export function explainWriteFailure<T>(what: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new CommandFailure(`cannot write ${what}: ${error.message}`);
  }
}
