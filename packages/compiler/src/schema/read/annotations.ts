import {
  AliasType,
  AnnotatedType,
  DefinitionType,
  NullType,
  NumberType,
  ReferenceType,
  UndefinedType,
  UnionType,
  derefAnnotatedType,
  derefType,
  type Annotations,
  type BaseType,
} from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import type { LocatedProblem } from "../../diagnostics/locate.ts";
import { deprecationText, type Docs, isDocumented, readDocs, readTags } from "../../jsdoc/docs.ts";
import {
  containersIn,
  findCommentsAfter,
  findDetachedComments,
  findShadowedComments,
} from "../../jsdoc/detached-comments.ts";
import type { DescriptionWriter } from "../../jsdoc/descriptions.ts";
import { findMisspelledTags } from "../../jsdoc/misspelled-tags.ts";
import { HIDING_TAGS } from "../../jsdoc/tag-names.ts";
import { knownFormats } from "../finished-schema.ts";
import { DATE_ONLY, INTEGER, PACKAGE_DEFAULT } from "../marks.ts";
import { type ConstraintSubject, constraintSubject, firstWord, mayBe, readJson, RULES, tagText } from "./tag-rules.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";
import { DateText } from "./values.ts";

/** Checks whether a declaration is marked `@hidden` or the like, to be left out of schemas. */
export function isHidden(declaration: ts.Node): boolean {
  return readTags(declaration).some((tag) => HIDING_TAGS.has(tag.tagName.text));
}

/**
 * Checks for a type, whose other hiding tags say that it is not part of a package's interface.
 */
function isTypeDeclaration(node: ts.Node): boolean {
  return (
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isClassLike(node)
  );
}

/** Tags that are applied to a type. */
interface TagUse {
  readonly tags: readonly ts.JSDocTag[];
  readonly declaration: ts.Node;
  /**
   * True if the type is not the declaration's own, for example where a mapped type turns strings
   * into numbers. Tags that do not fit are then left out, since the author did not write them for
   * this type.
   */
  readonly isBorrowed: boolean;
  /**
   * True for the tags of packages: mistaken ones are left out, because the author cannot change
   * them.
   */
  readonly isForeign: boolean;
}

/** Dependencies of {@link Annotator}. */
export interface AnnotatorDeps {
  readonly checker: ts.TypeChecker;
  /** Cuts descriptions, and knows the declarations of packages. */
  readonly descriptions: DescriptionWriter;
  readonly warn: (warning: LocatedProblem) => void;
}

/** Adds the JSDoc of declarations to types: description, constraints, examples, `@nullable` … */
export class Annotator {
  readonly #deps: AnnotatorDeps;

  constructor(deps: AnnotatorDeps) {
    this.#deps = deps;
  }

  /** @param isBorrowed True if the type is not the declaration's own */
  annotate(type: BaseType, declaration: ts.Node, isBorrowed = false): BaseType {
    return this.#annotate(type, declaration, { isBorrowed, seen: new Set() });
  }

  /** Applies the tags that follow a `@param`. */
  annotateParam(type: BaseType, tags: readonly ts.JSDocTag[], declaration: ts.Node): BaseType {
    const isForeign = this.#deps.descriptions.isForeign(declaration);
    return tags.length > 0 ? apply(type, {}, { tags, declaration, isBorrowed: false, isForeign }) : type;
  }

  /** Reports the comments in the author's declaration of a type that are attached to nothing. */
  checkComments(declaration: ts.Node): void {
    if (this.#deps.descriptions.isForeign(declaration)) return;
    for (const { start, reason } of findCommentsAfter(declaration))
      this.#deps.warn({ problem: problems.detachedDoc(reason), node: declaration, start });
    if (!declaration.getFullText().includes("/**")) return;
    for (const node of containersIn(declaration)) {
      for (const { start, reason, before } of [...findDetachedComments(node), ...findShadowedComments(node)]) {
        if (!before || !ts.isMethodDeclaration(before))
          this.#deps.warn({ problem: problems.detachedDoc(reason), node, start });
      }
    }
  }

  /** Returns what the comment of one value says: a member of an enum, or a literal in a union. */
  textOf(value: ts.Node): string {
    const { checker, descriptions, warn } = this.#deps;
    if (isDocumented(value) && !descriptions.isForeign(value)) {
      const docs = readDocs(value, checker);
      this.#report(value, docs);
      const place = ts.isEnumMember(value) ? "a member of an enum" : "a literal";
      for (const tag of [...docs.values, ...readTags(value).filter(({ tagName }) => HIDING_TAGS.has(tagName.text))])
        warn({ problem: problems.misplacedTag(tag.tagName.text, place, "Remove it."), node: tag });
    }
    return this.labelOf(value);
  }

  /** Returns what the comment of a declaration says about its name, such as a key of `keyof X`. */
  labelOf(declaration: ts.Node): string {
    if (!isDocumented(declaration)) return "";
    const { checker, descriptions } = this.#deps;
    const { title, description, deprecated, examples } = readDocs(declaration, checker);
    const parts = [
      title,
      description,
      deprecated && deprecationText(deprecated),
      ...examples.map((example) => `Example: ${example}`),
    ].filter(Boolean);
    return descriptions.describe(parts.join(" "), declaration);
  }

  #annotate(
    type: BaseType,
    declaration: ts.Node,
    { isBorrowed, seen }: { readonly isBorrowed: boolean; readonly seen: Set<ts.Node> },
  ): BaseType {
    if (!isDocumented(declaration) || seen.has(declaration)) return type;
    const { checker, descriptions } = this.#deps;
    const isForeign = descriptions.isForeign(declaration);
    const docs = readDocs(declaration, checker);
    if (!isForeign) this.#report(declaration, docs);
    const inherited = docs.inheritance?.declaration;
    const base = inherited ? this.#annotate(type, inherited, { isBorrowed: true, seen: seen.add(declaration) }) : type;
    const quote = (examples: readonly string[]): readonly string[] =>
      descriptions.selectExamples(examples, declaration);
    const tags = readTags(declaration).filter(
      (tag) => tag.tagName.text !== "examples" || quote([tagText(tag)]).length > 0,
    );
    const quoted = { ...docs, examples: quote(docs.examples) };
    const { description, ...others } = describe(base, quoted, tags);
    const text = typeof description === "string" ? descriptions.describe(description, declaration) : "";
    const described: Annotations = { ...(text && { description: text }), ...others };
    return apply(base, described, { tags, declaration, isBorrowed, isForeign });
  }

  #report(declaration: ts.Node, { inheritance }: Docs): void {
    const { warn } = this.#deps;
    for (const warning of findMisspelledTags(declaration)) warn(warning);
    const hiding = isTypeDeclaration(declaration)
      ? readTags(declaration).filter(({ tagName }) => tagName.text === "hidden")
      : [];
    for (const tag of hiding)
      warn({ problem: problems.misplacedTag("hidden", "a type", "Put it on the properties."), node: tag });
    if (inheritance && !inheritance.declaration)
      warn({
        problem: problems.inheritedDocNotFound(inheritance.target),
        node: inheritance.comment,
        start: inheritance.start,
      });
  }
}

function apply(type: BaseType, described: Annotations, use: TagUse): BaseType {
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

/** Returns the annotations that describe a value: those that any type may have. */
function describe(type: BaseType, docs: Docs, tags: readonly ts.JSDocTag[]): Annotations {
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

/** A type that tags are put on. */
interface Subject {
  /** Checks whether the type may have values of a kind. */
  readonly mayBe: (kind: ConstraintSubject) => boolean;
  readonly name: () => string;
}

/** Reads the tags that are keywords. */
export function readKeywords(
  { mayBe, name: typeName }: Subject,
  { tags, isBorrowed, isForeign }: Omit<TagUse, "declaration">,
): Annotations {
  const annotations: Annotations = {};
  for (const [name, rule] of RULES) {
    const tag =
      tags.find(({ tagName }) => tagName.text === name) ?? (name === "default" ? findDefaultValue(tags) : undefined);
    if (!tag || isWithoutValue(tag)) continue;
    const text = tagText(tag);
    const value = rule.read(text);
    if (!rule.accepts(value) && isForeign) continue;
    if (!rule.accepts(value)) throw new UnsupportedTypeError(problems.invalidTag(name, text, rule.expected), tag);
    const kind = constraintSubject(name);
    const fits = !kind || mayBe(kind);
    if (!fits && (isBorrowed || isForeign)) continue;
    if (!fits)
      throw new UnsupportedTypeError(
        problems.tagDoesNotFit(name, typeName(), `It takes effect on ${kind}s only.`),
        tag,
      );
    if (isForeign && name === "format" && !knownFormats().includes(String(value))) continue;
    annotations[isForeign && name === "default" ? PACKAGE_DEFAULT : name] = value;
  }
  return annotations;
}

function findDefaultValue(tags: readonly ts.JSDocTag[]): ts.JSDocTag | undefined {
  return tags.find(({ tagName }) => tagName.text === "defaultValue");
}

/** Checks for a default that is a sentence, or that says that there is no default. */
function isWithoutValue(tag: ts.JSDocTag): boolean {
  const name = tag.tagName.text;
  if (name !== "default" && name !== "defaultValue") return false;
  return tagText(tag) === "undefined" || defaultInProse([tag]).length > 0;
}

/** Returns the text of a TSDoc `@defaultValue` that is a sentence and not a value. */
function defaultInProse(tags: readonly ts.JSDocTag[]): string[] {
  const tag = findDefaultValue(tags);
  const text = tag && tagText(tag);
  return text && /\s/.test(text) && typeof readJson(text) === "string" && !/^["']/.test(text)
    ? [`Default: ${text}`]
    : [];
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

/** Returns the tag `@asType integer`. */
export function integerTag({ tags, isForeign }: Pick<TagUse, "tags" | "isForeign">): ts.JSDocTag | undefined {
  const tag = tags.find((candidate) => candidate.tagName.text === "asType");
  if (!tag) return undefined;
  const text = tagText(tag);
  if (firstWord(text) === "integer") return tag;
  if (isForeign) return undefined;
  throw new UnsupportedTypeError(problems.invalidTag("asType", text, "'integer', which narrows a number"), tag);
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
