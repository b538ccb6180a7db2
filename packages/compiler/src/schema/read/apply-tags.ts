import {
  AnnotatedType,
  NullType,
  NumberType,
  UnionType,
  derefAnnotatedType,
  derefType,
  type Annotations,
  type BaseType,
} from "ts-json-schema-generator";
import type ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { DATE_ONLY, INTEGER } from "../marks.ts";
import { integerTag, readKeywords, type Subject, type TagUse } from "./keyword-tags.ts";
import { mayBe } from "./tag-rules.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";
import { DateText } from "./values.ts";

/**
 * Applies tags to a type: the keywords, and `@asType integer` and `@nullable`, which change it.
 * @param described The annotations of the comment, which the keywords complete
 */
export function applyTags(type: BaseType, described: Annotations, use: TagUse): BaseType {
  const subject: Subject = {
    mayBe: (kind) => mayBe(type, kind),
    name: () => writtenType(type, use.declaration),
  };
  const { format, ...keywords } = readKeywords(subject, use);
  const formatted =
    format === "date" && mayBeDate(type) ? { [DATE_ONLY]: true } : format === undefined ? {} : { format };
  const annotations: Annotations = { ...described, ...keywords, ...formatted };
  if (described["examples"] && annotations["examples"] !== described["examples"])
    annotations["examples"] = [...(annotations["examples"] as unknown[]), ...(described["examples"] as unknown[])];
  const integer = findInteger(type, use);
  const narrowed = integer ? toInteger(type, integer) : type;
  // The generator's own @nullable changes schemas that are shared.
  const isNullable = use.tags.some((tag) => tag.tagName.text === "nullable");
  const widened = isNullable ? new UnionType([narrowed, new NullType()]) : narrowed;
  return Object.keys(annotations).length > 0 ? new AnnotatedType(widened, annotations, false) : widened;
}

/** Returns a type's text as the author wrote it; its name if it was not written out. */
function writtenType(type: BaseType, declaration: ts.Node): string {
  const written = (declaration as { readonly type?: ts.TypeNode }).type;
  return written?.getText() ?? derefType(type).getName();
}

function findInteger(type: BaseType, use: TagUse): ts.JSDocTag | undefined {
  const { isBorrowed, isForeign } = use;
  return (isBorrowed && !mayBe(type, "number")) || (isForeign && !hasNumber(type)) ? undefined : integerTag(use);
}

/** Checks for `Date`, also as a member of a union. */
function mayBeDate(type: BaseType): boolean {
  const inner = derefAnnotatedType(derefType(type));
  if (inner instanceof UnionType) return inner.getTypes().some((member) => mayBeDate(member));
  return inner instanceof DateText || (inner !== type && mayBeDate(inner));
}

/**
 * Applies `@asType integer`, which narrows every number of a type and fits no type without one.
 */
function toInteger(type: BaseType, tag: ts.JSDocTag): BaseType {
  const inner = derefType(type);
  if (inner instanceof NumberType) return new AnnotatedType(type, { [INTEGER]: true }, false);
  if (inner instanceof UnionType && hasNumber(inner)) {
    return new UnionType(
      inner.getTypes().map((member) => (derefType(member) instanceof NumberType ? toInteger(member, tag) : member)),
    );
  }
  throw new UnsupportedTypeError(problems.tagDoesNotFit("asType integer", inner.getName(), "Put it on a number."), tag);
}

function hasNumber(type: BaseType): boolean {
  const inner = derefType(type);
  const members = inner instanceof UnionType ? inner.getTypes() : [inner];
  return members.some((member) => derefType(member) instanceof NumberType);
}
