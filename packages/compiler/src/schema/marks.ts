// Private keywords that carry facts about types which ts-json-schema-generator cannot express. It
// copies unknown annotations. No finished schema has these keywords.

/**
 * Marks a number as an integer. The keyword `type` would not do: the generator drops a `$ref` next
 * to it, and with it the constraints of the referenced type.
 */
export const INTEGER = "x-integer";

/**
 * Marks the string of a template literal type: TypeScript treats it as a literal, and other
 * patterns as plain strings.
 */
export const TEMPLATE = "x-template";

/** Marks a `Date` that is sent without a time: one with `@format date`. */
export const DATE_ONLY = "x-date-only";

/**
 * Holds the names of an enum's numbers and the comments of its members. Read by `nameEnumValues`.
 */
export const NAMES = "x-names";

/** Holds the default that a package's JSDoc gives. Read by `dropInvalidDefaults`. */
export const PACKAGE_DEFAULT = "x-package-default";

/**
 * Holds the kind of value that an input is revived as: `date`, `set` and so on. Read by
 * `planRevival`.
 */
export const REVIVED = "x-revived";

/**
 * Marks the place of a type that JSON cannot carry, with its number in `UncarriedTypes`. Read by
 * `CarriedSchemas`.
 */
export const UNCARRIED = "x-uncarried";

/**
 * Holds the name of the union member that a branch describes, if its type has a name. `joinUnion`
 * may split a member into many branches.
 */
export const MEMBER = "x-member";

/**
 * Holds, next to the `anyOf` of a property's own types, its types in all members of the enclosing
 * union: TypeScript accepts their properties in a nested object, too. Written and read by
 * `joinUnion`.
 */
export const AMONG = "x-among";
