import type { Message } from "./diagnostic-table.ts";

/** Types of which schemas have only a part (MTD210, MTD230). */
export const PARTIAL_TYPE_DIAGNOSTICS = {
  MTD210: {
    title: "Parts of an input that JSON cannot carry",
    severity: "warning" as const,
    cause:
      "JSON has no functions, signals, streams or objects with behavior. An optional property or a member of a union with such a type is left out of the input: the schema does not list it, and a call that passes it is rejected. A required property of such a type is an error (MTD102 to MTD104, MTD111). The warning names the parts, once for each type.",
    fix: 'Omit the parts from the type (`Omit<T, "signal">`, `Pick<T, "name">`) or mark them `@hidden`. The project option `strictTypes`, or `--strict-types`, makes the warning an error.',
    example: { member: "@tool() add(options: { name: string; onDone?: () => void }): void {}" },
    messages: {
      leftOut: (subject: string, parts: readonly string[], isStrict: boolean): Message => [
        `${subject} has parts that JSON cannot carry${isStrict ? "" : ", and inputs leave them out"}: ${parts.join(", ")}.`,
        "Omit them from the type, or mark them @hidden.",
      ],
    },
  },
  MTD230: {
    title: "Constraints that are not read",
    severity: "warning" as const,
    cause:
      "The type has constraints of another library that the compiler does not know: a tag of typia that has no keyword in JSON Schema, or a brand with a property such as `__minLength: 3`. Or the key of an index signature has constraints (`Record<Uuid, V>`), which schemas have for values only. The schema accepts values that they exclude. The warning names them, once for each type.",
    fix: 'Use the constraint types of `methodic` (`Int<1, 50>`, `Constraint<{ pattern: "^a" }>`), or JSDoc tags. Check names of properties in the method.',
    example: { member: "@tool() add(count: number & { readonly __minimum?: 1 }): void {}" },
    messages: {
      unreadConstraints: (kind: "type" | "key type", type: string, names: readonly string[]): Message => [
        `${kind} '${type}' has constraints that are not read: ${names.join(", ")}.`,
        kind === "type" ? "Use the constraint types of methodic, or JSDoc tags." : "Check the names in the method.",
      ],
    },
  },
};
