import {
  ArrayType,
  BooleanType,
  EnumType,
  LiteralType,
  NullType,
  NumberType,
  ObjectType,
  StringType,
  TupleType,
  UndefinedType,
  UnionType,
  derefType,
  type BaseType,
} from "ts-json-schema-generator";

/** The kind of value a constraint is about: of all others JSON Schema lets it say nothing, however strict it reads. */
export type ConstraintSubject = "number" | "string" | "array" | "object";

const KEYWORDS: Readonly<Record<ConstraintSubject, readonly string[]>> = {
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  string: ["minLength", "maxLength", "pattern"],
  array: ["minItems", "maxItems", "uniqueItems"],
  object: ["minProperties", "maxProperties"],
};

const SUBJECTS: ReadonlyMap<string, ConstraintSubject> = new Map(
  (Object.keys(KEYWORDS) as ConstraintSubject[]).flatMap((subject) =>
    KEYWORDS[subject].map((keyword): [string, ConstraintSubject] => [keyword, subject]),
  ),
);

/** What a keyword constrains; nothing for keywords that say something about any value. */
export function constraintSubject(keyword: string): ConstraintSubject | undefined {
  return SUBJECTS.get(keyword);
}

/** Whether a value of the type may be of the kind; true where that is not known yet, as inside a recursive type. */
export function mayBe(type: BaseType, subject: ConstraintSubject): boolean {
  const inner = derefType(type);
  if (inner instanceof UnionType) return inner.getTypes().some((member) => mayBe(member, subject));
  if (inner instanceof StringType) return subject === "string";
  if (inner instanceof NumberType) return subject === "number";
  if (inner instanceof ArrayType || inner instanceof TupleType) return subject === "array";
  if (inner instanceof ObjectType) return subject === "object";
  if (inner instanceof LiteralType) return typeof inner.getValue() === subject;
  if (inner instanceof EnumType) return inner.getValues().some((value) => typeof value === subject);
  return !(inner instanceof BooleanType || inner instanceof NullType || inner instanceof UndefinedType);
}
