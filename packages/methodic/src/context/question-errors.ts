import { ToolError } from "../errors.ts";

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

/**
 * Thrown if a method needs a session, to ask the client or to keep state, and the request belongs
 * to no session. The author can fix that, so it is also logged.
 */
export class NoSessionError extends ToolError {}

/**
 * Thrown if a method keeps state for its caller, and nothing tells the caller apart from others.
 * The author can fix that, so it is also logged.
 */
export class UnknownCallerError extends ToolError {}

/**
 * Thrown if the answers of a call are too large to ask for another one: they travel with the
 * client. The author can fix that, so it is also logged.
 */
export class LargeAnswersError extends ToolError {
  constructor(label: string, limit: number) {
    super(
      `This call cannot ask the ${label}: the answers before it exceed ${limit / 1024} KB of JSON. Ask for less in them, ` +
        "for example with maxTokens, or ask for the largest one last.",
    );
  }
}

/**
 * Thrown on 2026-07-28 if a method asks what the client does not support. If the method does not
 * catch it, the request fails with the protocol's error for that.
 */
export class MissingCapabilityError extends ToolError {
  /** The capabilities that the client would have to declare. */
  readonly requiredCapabilities: { readonly [name: string]: object };

  constructor(message: string, requiredCapabilities: { readonly [name: string]: object }) {
    super(message);
    this.requiredCapabilities = requiredCapabilities;
  }
}
