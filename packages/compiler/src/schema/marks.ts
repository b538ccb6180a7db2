/**
 * Private keywords that carry facts about types through ts-json-schema-generator, which passes
 * unknown annotations on. No finished schema has them.
 */

/**
 * Marks a number as an integer. The keyword `type` would not do: the generator drops a reference
 * next to it, and with it the constraints of the type that is referred to.
 */
export const INTEGER = "x-integer";

/**
 * Marks the string of a template literal type: TypeScript treats it as a literal, and other
 * patterns as plain strings.
 */
export const TEMPLATE = "x-template";

/**
 * Holds the kind of value that an input is revived as: `date`, `set` and so on. The revival plan is
 * made of these.
 */
export const REVIVED = "x-revived";

/**
 * Holds, next to `anyOf`, all members of the union that a type belongs to, where a property of one
 * member is looked at alone.
 */
export const AMONG = "x-among";
