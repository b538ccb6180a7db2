import type { Message } from "./diagnostic-table.ts";

const DETACHED_HINTS = {
  brace: "Start it on a new line: TypeScript does not attach a comment after '{' to a declaration.",
  member: "Start it on a new line: TypeScript does not attach a comment after a member to the next one.",
  parameter: "Move it before its parameter, on a new line: TypeScript takes it for the comment of the next one.",
  decorator: "Move it above the decorators.",
  comment: "Join it with the comment that follows it: TypeScript attaches the last one.",
};

/** JSDoc that is invalid or without effect (MTD140 to MTD145, MTD240 to MTD243). */
export const DOCUMENTATION_DIAGNOSTICS = {
  MTD140: {
    title: "JSDoc tag with an invalid value",
    severity: "error" as const,
    cause:
      "The tag is a JSON Schema keyword, and its value is not of the kind that the keyword takes. The schema would be invalid.",
    fix: "Correct the value. A number is written without quotes; a pattern is a regular expression without slashes.",
    example: { member: "@tool() add(/** @minimum one */ count: number): void {}" },
    messages: {
      invalidTag: (tag: string, value: string, expected: string): Message => [
        `invalid value of the JSDoc tag @${tag}: '${value}'.`,
        `Use ${expected}.`,
      ],
    },
  },
  MTD141: {
    title: "JSDoc tag that does not apply to the type",
    severity: "error" as const,
    cause:
      "The tag constrains another kind of value than the type has, so it would have no effect or contradict the type.",
    fix: "Put `@minimum` or `@asType integer` on a number, `@minLength` on a string, `@minItems` on an array. To constrain the elements of an array, give them a type alias and put the tag there.",
    example: { member: "@tool() add(/** @asType integer */ name: string): void {}" },
    messages: {
      tagDoesNotFit: (tag: string, type: string, hint: string): Message => [
        `the JSDoc tag @${tag} does not apply to the type '${type}'.`,
        hint,
      ],
    },
  },
  MTD142: {
    title: "Detached JSDoc comment",
    severity: "warning" as const,
    cause:
      "TypeScript attaches a JSDoc comment to the declaration that follows it, but not after an opening brace or another member on the same line, not between a decorator and a name, and not before another JSDoc comment. The comment's text would be lost.",
    fix: "Start the comment on a new line, above the decorators.",
    example: { member: "@tool() /** Adds a note. */ add(name: string): void {}" },
    messages: {
      detachedDoc: (after: keyof typeof DETACHED_HINTS): Message => [
        after === "parameter"
          ? "this JSDoc comment follows a parameter, but does not belong to it."
          : "this JSDoc comment is not attached to a declaration, so it is ignored.",
        DETACHED_HINTS[after],
      ],
    },
  },
  MTD143: {
    title: "@param without a parameter",
    severity: "warning" as const,
    cause:
      "The tag describes a parameter that the method does not have. If its name is misspelled, the real parameter has no description.",
    fix: "Correct the name, or remove the tag.",
    example: { member: "/** @param nmae The name */\n@tool() add(name: string): void {}" },
    messages: {
      unknownParam: (name: string, known: readonly string[]): Message => [
        `@param ${name} does not name a parameter.`,
        known.length > 0 ? `The parameters are: ${known.join(", ")}.` : "The method has no parameters.",
      ],
      unknownProperty: (name: string): Message => [
        `@param ${name} does not name a property of the input.`,
        "Correct the name, or describe the property where its type is declared.",
      ],
    },
  },
  MTD144: {
    title: "Format that is not checked",
    severity: "warning" as const,
    cause:
      "JSON Schema tells validators to ignore unknown formats, so every text would be accepted, however strict the schema looks.",
    fix: "Use one of the formats that the message lists, or `@pattern`.",
    example: { member: "@tool() add(/** @format emial */ to: string): void {}" },
    messages: {
      unknownFormat: (name: string, known: readonly string[]): Message => [
        `the format '${name}' is unknown, so it is not checked.`,
        `Use one of: ${known.join(", ")}.`,
      ],
    },
  },
  MTD145: {
    title: "Default that violates its schema",
    severity: "warning" as const,
    cause:
      "The default violates a constraint of its parameter or property. The method still uses it, but the schema does not publish it: the server would reject a client that sent it. In a configuration or a form, it is not used.",
    fix: "Correct the default or the constraint.",
    example: { member: "@tool() add(/** @maximum 5 */ count = 9): void {}" },
    messages: {
      rejectedDefault: (path: string, value: string, effect: "published" | "used" = "published"): Message => [
        `the default ${value} of ${path} violates its own schema, so it is not ${effect}.`,
        "Correct the default or the constraint.",
      ],
    },
  },
  MTD240: {
    title: "Unknown JSDoc tag",
    severity: "warning" as const,
    cause:
      "Methodic does not read the tag, so the constraint or text that it seems to have is lost. Tags that other tools read, such as `@see` or `@author`, are not reported.",
    fix: "Write the tag that the message names. Case counts: `@minLength`.",
    example: { member: "@tool() add(\n  /** @minlength 3 */\n  name: string,\n): void {}" },
    messages: {
      unknownTag: (name: string, advice: string): Message => [
        `the JSDoc tag @${name} is unknown, so it is ignored.`,
        advice,
      ],
    },
  },
  MTD241: {
    title: "JSDoc tag without effect at its place",
    severity: "warning" as const,
    cause:
      "The tag is about a value or a property, and the comment that has it documents something else, such as a method.",
    fix: "Move it to the property, parameter or type alias that it is about. In a method's comment, tags about a parameter follow its `@param`.",
    example: {
      member: "/**\n * Adds a note.\n * @minLength 3\n * @param name The name\n */\n@tool() add(name: string): void {}",
    },
    messages: {
      misplacedTag: (tag: string, place: string, advice: string): Message => [
        `the JSDoc tag @${tag} has no effect on ${place}.`,
        advice,
      ],
    },
  },
  MTD242: {
    title: "Inherited comment not found",
    severity: "warning" as const,
    cause:
      "`{@inheritDoc}` includes the comment of what the declaration overrides or implements, and `{@inheritDoc Base.name}` that of a declaration in scope. Neither was found.",
    fix: "Correct the name, import what it names, or write the text.",
    example: { member: "/** {@inheritDoc Base.add} */\n@tool() add(name: string): void {}" },
    messages: {
      inheritedDocNotFound: (target: string): Message => [
        target
          ? `{@inheritDoc ${target}} names nothing that is in scope.`
          : "{@inheritDoc} finds nothing that the declaration overrides or implements.",
        "Correct the name, or write the text.",
      ],
    },
  },
  MTD243: {
    title: "JSDoc of a type that is lost in another type",
    severity: "warning" as const,
    cause:
      "TypeScript replaces an alias of `string` or `number` with its type before a generic type uses it, so the alias's comment no longer belongs to it. Methodic follows such aliases through the declarations of generic types, but not through conditional types.",
    fix: "Put the tags on the property or parameter, or use a constraint type, such as `Email` or `Int<1, 50>`, which is part of the type itself.",
    example: {
      before: "/** @format email */\ntype Address = string;\ntype Unwrap<T> = T extends (infer U)[] ? U : never;",
      member: "@tool() add(to: Unwrap<Address[]>): void {}",
    },
    messages: {
      lostTags: (alias: string, type: string): Message => [
        `the JSDoc of '${alias}' is lost in '${type}'.`,
        "Put its tags on the property or parameter, or use a constraint type such as Email or Int<1, 50>.",
      ],
    },
  },
};
