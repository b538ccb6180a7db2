import {
  InterfaceAndClassNodeParser,
  TypeLiteralNodeParser,
  type BaseType,
  type Context,
} from "ts-json-schema-generator";
import type ts from "typescript";
import { attachComments } from "../../jsdoc/attach-comments.ts";

/**
 * The generator's own ids hash a path relative to the working directory, so two files could share
 * an id. A number is enough: ids are never published.
 */
export class UnnamedInterfaceParser extends InterfaceAndClassNodeParser {
  #count = 0;

  override createType(node: ts.InterfaceDeclaration | ts.ClassDeclaration, context: Context): BaseType {
    attachMemberComments(node);
    return super.createType(node, context);
  }

  protected override getTypeId(): string {
    return `interface${this.#count++}`;
  }
}

export class UnnamedTypeLiteralParser extends TypeLiteralNodeParser {
  #count = 0;

  override createType(node: ts.TypeLiteralNode, context: Context): BaseType {
    attachMemberComments(node);
    return super.createType(node, context);
  }

  protected override getTypeId(): string {
    return `literal${this.#count++}`;
  }
}

/** The generator looks for `@hidden` in all declarations of a member. */
function attachMemberComments({ members }: ts.InterfaceDeclaration | ts.ClassDeclaration | ts.TypeLiteralNode): void {
  for (const member of members as ts.NodeArray<ts.Node & { readonly symbol?: ts.Symbol }>)
    for (const declaration of member.symbol?.declarations ?? []) attachComments(declaration);
}
