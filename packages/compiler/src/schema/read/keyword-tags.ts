import type { Annotations } from "ts-json-schema-generator";
import type ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { knownFormats } from "../finished-schema.ts";
import { PACKAGE_DEFAULT } from "../marks.ts";
import { type ConstraintSubject, constraintSubject, firstWord, readJson, RULES, tagText } from "./tag-rules.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/** Tags that are applied to a type. */
export interface TagUse {
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

/** A type that tags are put on. */
export interface Subject {
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
export function defaultInProse(tags: readonly ts.JSDocTag[]): string[] {
  const tag = findDefaultValue(tags);
  const text = tag && tagText(tag);
  return text && /\s/.test(text) && typeof readJson(text) === "string" && !/^["']/.test(text)
    ? [`Default: ${text}`]
    : [];
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
