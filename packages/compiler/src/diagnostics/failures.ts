import { error, type Problem } from "./problem.ts";

/** What there is to say of an error that nobody foresaw. */
export function failureOf(thrown: unknown): Problem {
  // ts-json-schema-generator wraps what is thrown inside of it.
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  if (cause instanceof RangeError && cause.message.includes("call stack"))
    return error(
      "MTD109",
      "types inside of types, or types built on types, go too many levels deep to be read.",
      "Split the type, or make parts of it 'unknown'.",
    );
  const reason = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
  return error(
    "MTD199",
    `the compiler failed: ${reason}.`,
    "This is a bug in Methodic; please report it with the method's types.",
  );
}
