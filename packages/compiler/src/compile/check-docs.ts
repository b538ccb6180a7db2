import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import {
  containersIn,
  findCommentsAfterParameters,
  findDetachedComments,
  findShadowedComments,
} from "../jsdoc/detached-comments.ts";
import { type Docs, findDocumented, readTags } from "../jsdoc/docs.ts";
import { findMisspelledTags } from "../jsdoc/misspelled-tags.ts";
import { HIDING_TAGS } from "../jsdoc/tag-names.ts";
import type { MethodParameters } from "../scan/parameters.ts";
import type { ScannedMethod } from "../scan/scan.ts";

/** The documentation of a method, and its subject. */
interface DocumentedMethod {
  readonly parameters: MethodParameters;
  readonly docs: Docs;
  readonly checker: ts.TypeChecker;
  readonly isForeign: (declaration: ts.Node) => boolean;
}

/**
 * Finds the parts of a method's comment that have no effect. Comments of types are checked as they
 * are read.
 */
export function checkDocs(
  { node }: ScannedMethod,
  { parameters, docs, checker, isForeign }: DocumentedMethod,
): LocatedProblem[] {
  const found: LocatedProblem[] = [];
  const types = [...node.parameters.map((parameter) => parameter.type), node.type];
  for (const shape of [node, ...types.flatMap((type) => (type ? containersIn(type) : []))]) {
    for (const { start, reason } of [...findDetachedComments(shape), ...findShadowedComments(shape)])
      found.push({ problem: problems.detachedDoc(reason), node: shape, start });
  }
  for (const { start, reason } of findCommentsAfterParameters(node.parameters))
    found.push({ problem: problems.detachedDoc(reason), node, start });
  const documented = findDocumented(node, checker);
  if (!isForeign(documented)) found.push(...checkTags(documented, docs));
  found.push(...node.parameters.flatMap((parameter) => checkParameter(parameter)));
  if (parameters.whole) return found;
  const known = node.parameters.map((parameter) => parameter.name.getText());
  for (const param of docs.params) {
    const root = param.name.split(/[.[]/, 1)[0] ?? "";
    if (!known.includes(root) && ts.findAncestor(param.node, (ancestor) => ancestor === node)) {
      found.push({ problem: problems.unknownParam(param.name, parameters.plan.names), node: param.node });
    }
  }
  return found;
}

function checkTags(node: ts.Declaration, { values, inheritance }: Docs): LocatedProblem[] {
  const found = findMisspelledTags(node);
  for (const tag of readTags(node)) {
    if (HIDING_TAGS.has(tag.tagName.text))
      found.push({ problem: problems.misplacedTag(tag.tagName.text, "a method", "Remove its decorator."), node: tag });
  }
  const advice = "Move it to the type of the result, or behind the @param that it is about.";
  for (const tag of values) {
    if (ts.findAncestor(tag, (ancestor) => ancestor === node))
      found.push({ problem: problems.misplacedTag(tag.tagName.text, "a method", advice), node: tag });
  }
  if (inheritance && !inheritance.declaration) {
    const { target, comment, start } = inheritance;
    found.push({ problem: problems.inheritedDocNotFound(target), node: comment, start });
  }
  return found;
}

/** Parameters cannot be hidden: the method is called with all of them. */
function checkParameter(parameter: ts.ParameterDeclaration): LocatedProblem[] {
  const advice = "Remove the parameter, or make it a property of an object and hide that.";
  return readTags(parameter)
    .filter(({ tagName }) => HIDING_TAGS.has(tagName.text))
    .map((tag) => ({ problem: problems.misplacedTag(tag.tagName.text, "a parameter", advice), node: tag }));
}
