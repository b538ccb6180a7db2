/**
 * The answer "ask the user, then send the request again" (MCP 2026-07-28, "Multi Round-Trip Requests"), which a method returns that
 * was written with the official SDK's `inputRequired`. It is no result yet, so no output schema applies to it.
 */
export interface InputRequiredResult {
  readonly resultType: "input_required";
  readonly inputRequests?: object;
  readonly requestState?: string;
}

/** Whether a method asks for input instead of answering. */
export function isInputRequired(value: unknown): value is InputRequiredResult {
  if (typeof value !== "object" || value === null) return false;
  const { resultType, inputRequests, requestState } = value as Partial<InputRequiredResult>;
  if (resultType !== "input_required") return false;
  return (typeof inputRequests === "object" && inputRequests !== null) || typeof requestState === "string";
}
