import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { isMistaken, isSampleCode } from "./mistaken-tags.ts";
import { suggestTag } from "./tag-names.ts";

/** Finds tags that are not read, although their names show what they are meant for. */
export function findMisspelledTags(declaration: ts.Node): LocatedProblem[] {
  return ts.getJSDocTags(declaration).flatMap((tag) => {
    const advice = suggestTag(tag.tagName.text);
    return advice === undefined || isMention(tag)
      ? []
      : [{ problem: problems.unknownTag(tag.tagName.text, advice), node: tag }];
  });
}

/** Checks for a mention within a sentence, which no value follows. */
function isMention(tag: ts.JSDocTag): boolean {
  return isSampleCode(tag) || (isMistaken(tag) && !/^@\w+[^\S\n]+["'`[{^\d-]/.test(tag.getText()));
}
