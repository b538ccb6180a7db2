import {
  AliasType,
  AnnotatedType,
  DefinitionType,
  ReferenceType,
  UndefinedType,
  UnionType,
  type Annotations,
  type BaseType,
} from "ts-json-schema-generator";
import type ts from "typescript";
import { deprecationText, type Docs } from "../../jsdoc/docs.ts";
import { defaultInProse } from "./keyword-tags.ts";
import { mayBe } from "./tag-rules.ts";

/** Returns the annotations that describe a value: those that any type may have. */
export function describeType(type: BaseType, docs: Docs, tags: readonly ts.JSDocTag[]): Annotations {
  const annotations: Annotations = {};
  const examples = docs.examples.map((text) => ({ text, value: readExample(text, type) }));
  const additions = [
    typeof docs.deprecated === "string" ? deprecationText(docs.deprecated) : "",
    ...defaultInProse(tags),
    ...examples.flatMap(({ text, value }) => (value === undefined ? [`Example:\n${text}`] : [])),
  ].filter(Boolean);
  const text = docs.description ?? (additions.length > 0 ? textOf(type, "description") : undefined);
  const description = [...(text ? [text] : []), ...additions].join("\n\n");
  if (docs.title) annotations["title"] = docs.title;
  if (description) annotations["description"] = description;
  if (docs.deprecated) annotations["deprecated"] = true;
  const values = examples.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (values.length > 0) annotations["examples"] = values;
  return annotations;
}

/** Returns the title or description that a type has from its own declaration. */
export function textOf(type: BaseType, keyword: "description" | "title"): string | undefined {
  if (type instanceof AnnotatedType) {
    const text = type.getAnnotations()[keyword];
    return typeof text === "string" ? text : textOf(type.getType(), keyword);
  }
  if (type instanceof ReferenceType && !type.hasType()) return undefined;
  if (type instanceof UnionType) {
    const [only, ...others] = type.getTypes().filter((member) => !(member instanceof UndefinedType));
    return only && others.length === 0 ? textOf(only, keyword) : undefined;
  }
  return type instanceof DefinitionType || type instanceof ReferenceType || type instanceof AliasType
    ? textOf(type.getType(), keyword)
    : undefined;
}

/**
 * Reads an example: JSON if it parses, also in a code block, else a line of text. Other text and
 * code is undefined.
 */
function readExample(text: string, type: BaseType): unknown {
  const code = /^(`{3,}|~{3,})\w*\n([\s\S]*?)\n\1$/.exec(text)?.[2] ?? text;
  const unquoted = /^(['"`])([^\n]*)\1$/.exec(code)?.[2] ?? code;
  try {
    const value: unknown = JSON.parse(code);
    // `@example 007` of a text.
    return typeof value === "number" && !mayBe(type, "number") && mayBe(type, "string") ? code : value;
  } catch {
    return /[\n`]/.test(unquoted) || code !== text ? undefined : unquoted;
  }
}
