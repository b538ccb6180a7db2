import type { JsonSchema } from "../format.ts";

/**
 * The key of the declared name of a schema's type, for its definition. As a symbol it stays out of
 * JSON and of every comparison, while copies of a schema keep it.
 */
const TYPE_NAME: unique symbol = Symbol("type name");

/** Names longer than this are cut: those of generic types hold all type arguments. */
const MAX_LENGTH = 40;

/** Returns the declared name of a schema's type, if it has one. */
export function typeNameOf(schema: JsonSchema): string | undefined {
  return (schema as { readonly [TYPE_NAME]?: string })[TYPE_NAME];
}

/** Copies a schema with the declared name of its type. */
export function withTypeName<T extends JsonSchema>(schema: T, name: string | undefined): T {
  return name === undefined ? schema : { ...schema, [TYPE_NAME]: name };
}

/** Copies a schema without the name of its type. */
export function withoutTypeName(schema: JsonSchema): JsonSchema {
  const { [TYPE_NAME]: _, ...plain } = schema as JsonSchema & { readonly [TYPE_NAME]?: string };
  return plain;
}

/** Gives a copy of a schema the name of the original. */
export function keepTypeName<T extends JsonSchema>(copy: T, original: JsonSchema): T {
  return withTypeName(copy, typeNameOf(original));
}

/** Returns a name for a definition that is not taken and that every client can read. */
export function definitionName(declared: string, isTaken: (name: string) => boolean): string {
  const plain = plainName(declared);
  for (let suffix = 1; ; suffix++) {
    const name = suffix === 1 ? plain : `${plain}_${suffix}`;
    if (!isTaken(name)) return name;
  }
}

/** Replaces the characters that not every client accepts in a reference. */
export function plainName(declared: string): string {
  const plain = declared.replaceAll(/[^A-Za-z0-9_.-]+/g, "_").slice(0, MAX_LENGTH);
  return plain.replace(/^_+(?=.)|_+$/g, "") || "Type";
}
