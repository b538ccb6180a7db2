import { AnnotatedType, AnyType, type BaseType } from "ts-json-schema-generator";

/** Any value of some JSON types: `object` takes arrays too, and `{}` everything but null. */
export function oneOfTypes(...types: readonly string[]): BaseType {
  return new AnnotatedType(new AnyType(), { type: [...types] }, false);
}
