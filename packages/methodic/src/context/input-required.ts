/**
 * Ends a method that waits for a user's answer. `Context.elicit` throws it on 2026-07-28, where a
 * server cannot keep a request open to ask: the client asks, and sends the request again.
 */
export class InputRequiredError extends Error {
  override readonly name: string = "InputRequiredError";

  constructor() {
    super("The method ends here and runs again once the user has answered. Do not catch this error.");
  }
}
