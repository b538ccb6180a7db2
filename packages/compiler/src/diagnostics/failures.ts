import { problems, type Problem } from "./catalog.ts";

/** Converts an unexpected exception to a problem. */
export function failureOf(thrown: unknown): Problem {
  // ts-json-schema-generator wraps exceptions of its parsers.
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  if (cause instanceof RangeError && cause.message.includes("call stack")) return problems.nestedTooDeeply();
  const [reason = ""] = cause instanceof Error ? cause.message.split("\n", 1) : [String(cause)];
  return problems.compilerFailed(reason);
}
