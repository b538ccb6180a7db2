import ts from "typescript";
import { attachComments } from "./attach-comments.ts";
import { findInheritance, type Inheritance, includeInherited, overridden } from "./inherited-docs.ts";
import { cutOffText, realTags } from "./mistaken-tags.ts";
import { renderComment, unescapeComment } from "./render-comment.ts";
import { VALUE_TAGS } from "./tag-names.ts";

/** The JSDoc of a declaration, as plain text and Markdown. */
export interface Docs {
  readonly description?: string;
  readonly title?: string;
  readonly deprecated?: true | string;
  readonly returns?: string;
  readonly examples: readonly string[];
  /** `@param` texts by name; dotted names (`options.limit`) as they are written. */
  readonly params: readonly ParamDoc[];
  /** Tags about a value that follow no `@param`. */
  readonly values: readonly ts.JSDocTag[];
  /** `{@inheritDoc}`, and the declaration whose comment it includes. */
  readonly inheritance?: Inheritance;
}

/** One `@param` tag. */
export interface ParamDoc {
  readonly name: string;
  readonly text: string;
  readonly node: ts.Node;
  /** The tags about values that follow it, such as `@minimum`. */
  readonly tags: readonly ts.JSDocTag[];
}

const NOTHING: Docs = { examples: [], params: [], values: [] };

/** Reads the JSDoc of a declaration: the last comment before it, as TypeScript does. */
export function readDocs(node: ts.Node, checker: ts.TypeChecker): Docs {
  return readOnce(node, checker, new Set());
}

function readOnce(node: ts.Node, checker: ts.TypeChecker, seen: Set<ts.Node>): Docs {
  const comment = ownComment(node);
  if (!comment) return readParameterProperty(node, checker);
  const own = readComment(comment);
  const inheritance = findInheritance(node, comment, checker);
  if (!inheritance) return own;
  const { declaration } = inheritance;
  const base = declaration && !seen.has(declaration) ? readOnce(declaration, checker, seen.add(node)) : NOTHING;
  const { description: text = "", ...others } = own;
  const params = own.params.map((param) => ({ ...param, text: includeInherited(param.text, base.description) }));
  // Within the text of a parameter, only the text is included.
  if (params.some((param, index) => param.text !== own.params[index]?.text)) return { ...own, params, inheritance };
  const description = includeInherited(text, base.description) || base.description;
  return {
    ...base,
    ...others,
    ...(description && { description }),
    examples: [...own.examples, ...base.examples],
    params: [...params, ...base.params.filter(({ name }) => !own.params.some((param) => param.name === name))],
    inheritance,
  };
}

function readComment(comment: ts.JSDoc): Docs {
  const tags = realTags(comment);
  const textsOf = (name: string): string[] =>
    tags
      .filter((tag) => tag.tagName.text === name)
      .map((tag) => renderTag(tag))
      .filter(Boolean);
  const [title] = textsOf("title");
  const description = [
    renderPartOf(comment, comment),
    ...textsOf("summary"),
    ...textsOf("description"),
    ...textsOf("remarks"),
  ]
    .filter(Boolean)
    .join("\n\n");
  const deprecated = tags.find((tag) => tag.tagName.text === "deprecated");
  const returns = withoutDash(renderTag(tags.find((tag) => ts.isJSDocReturnTag(tag))));
  return {
    ...(description && { description }),
    ...(title && { title }),
    ...(deprecated && { deprecated: renderTag(deprecated).replace(/^true$/, "") || true }),
    ...(returns && { returns }),
    examples: textsOf("example"),
    ...readParams(tags),
  };
}

/** Reads the `@param` tags, each with the tags about values that directly follow it. */
function readParams(tags: readonly ts.JSDocTag[]): Pick<Docs, "params" | "values"> {
  const params: (ParamDoc & { readonly tags: ts.JSDocTag[] })[] = [];
  const values: ts.JSDocTag[] = [];
  let open = values;
  for (const tag of tags) {
    if (ts.isJSDocParameterTag(tag)) {
      for (const one of [tag, ...nestedParams(tag)]) params.push({ ...readParam(one), tags: (open = []) });
    } else if (VALUE_TAGS.has(tag.tagName.text)) open.push(tag);
    else open = values;
  }
  return { params, values };
}

/**
 * With a type, as in JavaScript, dotted tags are part of the one before: `@param {object} options`.
 */
function nestedParams({ typeExpression }: ts.JSDocParameterTag): ts.JSDocParameterTag[] {
  const type = typeExpression?.type;
  if (!type || !ts.isJSDocTypeLiteral(type)) return [];
  return (type.jsDocPropertyTags ?? []).flatMap((tag) =>
    ts.isJSDocParameterTag(tag) ? [tag, ...nestedParams(tag)] : [],
  );
}

/** Returns the tags of a declaration, without mistaken ones. */
export function readTags(node: ts.Node): readonly ts.JSDocTag[] {
  const comment = ownComment(node);
  return comment ? realTags(comment) : (findParameterProperty(node)?.tags ?? []);
}

/** Reads the description of a parameter property (`constructor(readonly x: string)`). */
function readParameterProperty(node: ts.Node, checker: ts.TypeChecker): Docs {
  const found = findParameterProperty(node);
  const param = found && node.parent && readDocs(node.parent, checker).params.find(({ name }) => name === found.name);
  return param?.text ? { ...NOTHING, description: param.text } : NOTHING;
}

function findParameterProperty(node: ts.Node): ParamDoc | undefined {
  if (!ts.isParameter(node) || !ts.isParameterPropertyDeclaration(node, node.parent)) return undefined;
  const comment = ownComment(node.parent);
  return comment && readParams(realTags(comment)).params.find(({ name }) => name === node.name.getText());
}

/**
 * Reads a method's JSDoc. A method without any has that of the method it overrides or implements,
 * as in editors.
 */
export function readMethodDocs(node: ts.MethodDeclaration, checker: ts.TypeChecker): Docs {
  return readDocs(findDocumented(node, checker), checker);
}

/**
 * Finds the declaration whose comment documents a member: the member itself, one of its overloads,
 * or the nearest that it overrides or implements.
 */
export function findDocumented(member: ts.Declaration, checker: ts.TypeChecker): ts.Declaration {
  const seen = new Set<ts.Declaration>([member]);
  if (ts.isMethodDeclaration(member))
    for (const overload of checker.getSymbolAtLocation(member.name)?.declarations ?? []) seen.add(overload);
  for (const declaration of seen) {
    if (isDocumented(declaration)) return declaration;
    for (const base of overridden(declaration, checker)) seen.add(base);
  }
  return member;
}

/** Checks whether a declaration has a comment, or a `@param` in that of its constructor. */
export function isDocumented(node: ts.Node): boolean {
  return ownComment(node) !== undefined || findParameterProperty(node) !== undefined;
}

/**
 * Joins everything that describes a component and has no other place in MCP.
 * @param hasOutputSchema True if the output schema describes the result
 */
export function fullDescription(
  { description, deprecated, returns, examples }: Docs,
  hasOutputSchema: boolean,
): string | undefined {
  const parts = [
    description,
    deprecated && deprecationText(deprecated),
    ...examples.map((example) => `Example:\n${example}`),
    !hasOutputSchema && returns && `Returns: ${returns}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join("\n\n") : undefined;
}

/** Writes that something is deprecated, with the reason if there is one. */
export function deprecationText(deprecated: true | string): string {
  return deprecated === true ? "Deprecated." : `Deprecated: ${deprecated}`;
}

function ownComment(node: ts.Node): ts.JSDoc | undefined {
  attachComments(node);
  const { jsDoc } = node as { readonly jsDoc?: readonly ts.Node[] };
  if (jsDoc?.length === 0) return undefined;
  return ts
    .getJSDocCommentsAndTags(node)
    .filter((doc) => ts.isJSDoc(doc))
    .at(-1);
}

function readParam(tag: ts.JSDocParameterTag): Omit<ParamDoc, "tags"> {
  return { name: entityName(tag.name), text: withoutDash(renderTag(tag)), node: tag };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

/** Renders a tag's text, including sample code with at signs. */
export function renderTag(tag: ts.JSDocTag | undefined): string {
  if (!tag) return "";
  const comment = ts.findAncestor(tag, (node) => ts.isJSDoc(node));
  return comment && tag.parent === comment ? renderPartOf(comment, tag) : unescapeComment(renderComment(tag.comment));
}

/** Renders a comment or one of its tags, including sample code with at signs. */
function renderPartOf(comment: ts.JSDoc, part: ts.JSDoc | ts.JSDocTag): string {
  return unescapeComment(renderComment(part.comment) + cutOffText(comment, part).replaceAll("\r", ""));
}

function withoutDash(text: string): string {
  return text.replace(/^[-–—]\s+/, "");
}
