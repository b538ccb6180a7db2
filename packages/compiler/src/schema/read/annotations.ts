import type { Annotations, BaseType } from "ts-json-schema-generator";
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
import { applyTags } from "./apply-tags.ts";
import { describeType } from "./describe-type.ts";
import { tagText } from "./tag-rules.ts";

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
    return tags.length > 0 ? applyTags(type, {}, { tags, declaration, isBorrowed: false, isForeign }) : type;
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
    const { description, ...others } = describeType(base, quoted, tags);
    const text = typeof description === "string" ? descriptions.describe(description, declaration) : "";
    const described: Annotations = { ...(text && { description: text }), ...others };
    return applyTags(base, described, { tags, declaration, isBorrowed, isForeign });
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
