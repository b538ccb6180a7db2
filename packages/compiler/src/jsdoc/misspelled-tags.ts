import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { attachComments } from "./attach-comments.ts";
import { isMistaken, isSampleCode } from "./mistaken-tags.ts";
import { isBareTag, suggestTag } from "./tag-names.ts";

/** Finds tags that are not read, although their names show what they are meant for. */
export function findMisspelledTags(declaration: ts.Node): LocatedProblem[] {
  return tagsAround(declaration).flatMap((tag) => {
    const advice = suggestTag(tag.tagName.text);
    return advice === undefined || isMention(tag)
      ? []
      : [{ problem: problems.unknownTag(tag.tagName.text, advice), node: tag }];
  });
}

/** Returns the tags of a declaration, or of the constructor whose comment describes it. */
function tagsAround(declaration: ts.Node): readonly ts.JSDocTag[] {
  attachComments(declaration);
  const { jsDoc = [] } = declaration as { readonly jsDoc?: readonly ts.Node[] };
  const isDescribed = ts.isParameter(declaration) && jsDoc.length === 0;
  return ts.getJSDocTags(isDescribed ? declaration.parent : declaration);
}

/** Checks for a mention within a sentence, which no value follows. */
function isMention(tag: ts.JSDocTag): boolean {
  if (isSampleCode(tag)) return true;
  const end = isBareTag(tag.tagName.text) ? "|[^\\S\\n]*(?:$|\\n)" : "";
  return isMistaken(tag) && !new RegExp(`^@\\w+(?:[^\\S\\n]+["'\`[{^\\d-]${end})`).test(tag.getText());
}
