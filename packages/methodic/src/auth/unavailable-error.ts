/** Nobody can tell now whether credentials are good: an authorization server does not answer. Its message is for the log. */
export class UnavailableError extends Error {
  override readonly name: string = "UnavailableError";
}
