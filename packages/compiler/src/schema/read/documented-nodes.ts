import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import type { LocatedProblem } from "../../diagnostics/locate.ts";
import type { DescriptionWriter } from "../../jsdoc/descriptions.ts";
import { isDocumented } from "../../jsdoc/docs.ts";
import { parseTypeComment } from "../../jsdoc/type-comments.ts";
import { siteKey } from "./definitions.ts";

/** A node whose JSDoc the checker does not know, and the declaration that has it. */
export interface DocumentedNode {
  readonly node: ts.Node;
  /** The declaration, or what {@link DocumentedNodes.commentOf} returns. */
  readonly declaration: ts.Node;
}

/** Dependencies of {@link DocumentedNodes}. */
export interface DocumentedNodesDeps {
  readonly checker: ts.TypeChecker;
  readonly descriptions: DescriptionWriter;
  readonly warn: (warning: LocatedProblem) => void;
}

/**
 * Finds the nodes whose JSDoc the checker does not know, and reports those that are read without
 * it. The checker replaces an alias of a primitive type by the type, and `User["email"]` by the
 * property's type, before it combines them with other types.
 */
export class DocumentedNodes {
  readonly #deps: DocumentedNodesDeps;
  /** The places that are being read. */
  readonly #open: string[] = [];
  /** The declarations that were read with their JSDoc within a place. */
  readonly #read = new Set<string>();
  readonly #comments = new WeakMap<ts.TypeNode, ts.Node | undefined>();

  constructor(deps: DocumentedNodesDeps) {
    this.#deps = deps;
  }

  /** Runs the step that reads a node, and reports the parts whose JSDoc it did not read. */
  watch<T>(node: ts.TypeNode, found: readonly DocumentedNode[], step: () => T): T {
    // The node's own comment is read after it.
    const parts = found.filter(({ declaration }) => declaration !== this.commentOf(node));
    if (parts.length === 0) return step();
    const place = siteKey(node);
    this.#open.push(place);
    try {
      return step();
    } finally {
      this.#open.pop();
      const isRead = ({ declaration }: DocumentedNode): boolean =>
        this.#read.has(`${place}\n${positionOf(declaration)}`);
      // A definition is read once: the places around this one learn that it was.
      for (const { declaration } of parts.filter((part) => isRead(part))) this.markRead(declaration);
      this.reportLost(
        node,
        parts.filter((part) => !isRead(part)),
      );
    }
  }

  /** Reports the parts of a node that are read without their JSDoc. */
  reportLost(node: ts.TypeNode, parts: readonly DocumentedNode[]): void {
    for (const part of parts)
      this.#deps.warn({ problem: problems.lostTags(part.node.getText(), node.getText()), node: part.node });
  }

  /** Notes that a declaration was read with its JSDoc. */
  markRead(declaration: ts.Node): void {
    for (const place of this.#open) this.#read.add(`${place}\n${positionOf(declaration)}`);
  }

  /** Returns a node that has the author's comment before a type, such as a member of a union. */
  commentOf(node: ts.TypeNode): ts.Node | undefined {
    if (!this.#comments.has(node))
      this.#comments.set(node, this.#deps.descriptions.isForeign(node) ? undefined : parseTypeComment(node));
    return this.#comments.get(node);
  }

  /** Checks for a union with comments of its members. */
  hasMemberComments(node: ts.Node): node is ts.UnionTypeNode {
    return ts.isUnionTypeNode(node) && node.types.some((member) => this.commentOf(member) !== undefined);
  }

  /** Checks for a symbol that the author declares, whose parts may be documented. */
  isOwn({ declarations = [] }: ts.Symbol): boolean {
    return declarations.some((declaration) => !this.#deps.descriptions.isForeign(declaration));
  }

  /** Distinguishes nodes with the same text whose names mean different documented declarations. */
  keyOf(node: ts.TypeNode): string {
    return this.findIn(node)
      .map(({ declaration }) => positionOf(declaration))
      .join();
  }

  /** Returns the declaration of an alias that the checker replaces by its type. */
  replacedAlias(node: ts.TypeNode): ts.TypeAliasDeclaration | undefined {
    const { checker, descriptions } = this.#deps;
    if (!ts.isTypeReferenceNode(node) || node.typeArguments) return undefined;
    const symbol = symbolNamed(node.typeName, checker);
    const alias = symbol?.declarations?.find((declaration) => ts.isTypeAliasDeclaration(declaration));
    if (!symbol || !alias || alias.typeParameters || descriptions.isForeign(alias)) return undefined;
    if (!isDocumented(alias) && !this.hasMemberComments(alias.type)) return undefined;
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    // An optional property adds `undefined` to a union, which then has no name.
    return type.aliasSymbol !== symbol || type.isUnion() ? alias : undefined;
  }

  /** Finds the parts of a node whose JSDoc the checker does not know. */
  findIn(node: ts.TypeNode): readonly DocumentedNode[] {
    const found: DocumentedNode[] = [];
    if (this.#deps.descriptions.isForeign(node)) return found;
    const seen = new Set<ts.Node>();
    const visit = (part: ts.Node, at: ts.Node): void => {
      if (seen.has(part)) return;
      seen.add(part);
      const property = ts.isIndexedAccessTypeNode(part) ? this.#propertyOf(part) : undefined;
      const declaration = ts.isTypeNode(part) ? (this.replacedAlias(part) ?? this.#documented(property)) : undefined;
      const comment = ts.isTypeNode(part) ? this.commentOf(part) : undefined;
      if (comment) found.push({ node: at, declaration: comment });
      if (ts.isTemplateLiteralTypeNode(part))
        for (const { type } of part.templateSpans) found.push(...this.#enumIn(type, at === part ? type : at));
      if (declaration) found.push({ node: at, declaration });
      // The parts of `User["tags"]` are those of the property's type.
      else if (property && ts.isPropertySignature(property) && property.type) visit(property.type, at);
      else if (!ts.isTypeLiteralNode(part)) ts.forEachChild(part, (child) => visit(child, at === part ? child : at));
    };
    visit(node, node);
    return found;
  }

  #propertyOf(node: ts.IndexedAccessTypeNode): ts.Declaration | undefined {
    const key = literalKey(node);
    const owner = this.#deps.checker.getTypeFromTypeNode(node.objectType);
    return key === undefined ? undefined : owner.getProperty(key)?.declarations?.[0];
  }

  /** Finds an enum whose members have comments, which a template does not use. */
  #enumIn(type: ts.TypeNode, at: ts.Node): DocumentedNode[] {
    const symbol = ts.isTypeReferenceNode(type) ? symbolNamed(type.typeName, this.#deps.checker) : undefined;
    const declaration = symbol?.declarations?.find((one) => ts.isEnumDeclaration(one));
    const member = declaration?.members.find((one) => this.#documented(one));
    return member ? [{ node: at, declaration: member }] : [];
  }

  #documented(declaration: ts.Declaration | undefined): ts.Declaration | undefined {
    const isOwn = declaration && !this.#deps.descriptions.isForeign(declaration);
    return isOwn && isDocumented(declaration) ? declaration : undefined;
  }
}

/** Returns the key of an indexed access that names one property. */
function literalKey({ indexType }: ts.IndexedAccessTypeNode): string | undefined {
  const literal = ts.isLiteralTypeNode(indexType) ? indexType.literal : undefined;
  return literal && (ts.isStringLiteralLike(literal) || ts.isNumericLiteral(literal)) ? literal.text : undefined;
}

/** Returns what a name means, beyond imports. */
export function symbolNamed(name: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const found = checker.getSymbolAtLocation(name);
  return found && found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
}

function positionOf(declaration: ts.Node): string {
  return `${declaration.getSourceFile().fileName}:${declaration.pos}`;
}
