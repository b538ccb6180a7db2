/**
 * Ends a method that asked a user something which the client has yet to answer. It is thrown from `Context.elicit`
 * on the 2026-07-28 era, where a server cannot hold a request open to ask: the client asks, and sends the request again.
 */
export class InputRequiredError extends Error {
  override readonly name: string = "InputRequiredError";

  constructor() {
    super("The method stops here until the user has answered, and is then run again. Let this error pass.");
  }
}
