import {
  ArrayNodeParser,
  ArrayType,
  AnyType,
  AnyTypeNodeParser,
  BooleanLiteralNodeParser,
  BooleanTypeNodeParser,
  ChainNodeParser,
  Context,
  LiteralNodeParser,
  LiteralType,
  NullLiteralNodeParser,
  NumberLiteralNodeParser,
  NumberTypeNodeParser,
  ParenthesizedNodeParser,
  PrefixUnaryExpressionNodeParser,
  StringLiteralNodeParser,
  StringTemplateLiteralNodeParser,
  StringTypeNodeParser,
  UndefinedType,
  UndefinedTypeNodeParser,
  UnknownTypeNodeParser,
  type BaseType,
  type NodeParser,
} from "ts-json-schema-generator";
import ts from "typescript";
import { type Problem, problems } from "../../diagnostics/catalog.ts";
import { symbolNamed } from "./documented-nodes.ts";
import { enumOf, labeled, unionOf } from "./enum-values.ts";
import { TypeConverter, isUtility } from "./type-converter.ts";
import { SyntacticTypes } from "./syntactic-types.ts";
import { ConstantTypes } from "./constant-types.ts";
import { unresolved } from "./missing-modules.ts";
import type { DeclarationReader, TypeReaderDeps } from "./reader-deps.ts";
import { at, UnsupportedTypeError } from "./unsupported-type.ts";
import { UnnamedInterfaceParser, UnnamedTypeLiteralParser } from "./unnamed-parsers.ts";
import { UtilityTypes } from "./utility-types.ts";

/**
 * Parses type nodes: a parser chain of ts-json-schema-generator, reduced to those of its parsers
 * that are correct for every program. Each node is checked here first. Nodes without a JSON form
 * are rejected with their position; nodes whose syntax does not determine the type (generics,
 * mapped and conditional types, heritage …) go to the type checker.
 */
export class TypeNodeParser extends ChainNodeParser {
  readonly #deps: TypeReaderDeps;
  readonly #syntactic: SyntacticTypes;
  readonly #converter: TypeConverter;
  readonly #constants: ConstantTypes;
  readonly #utilities: UtilityTypes;
  // One context is enough: contexts differ by type arguments, and generics never get here.
  readonly #context: Context = new Context();

  constructor(deps: TypeReaderDeps) {
    super(deps.checker, []);
    this.#deps = deps;
    this.#syntactic = new SyntacticTypes(deps);
    const nodes: DeclarationReader = {
      findDeclaration: (symbol) => this.#syntactic.findDeclaration(symbol),
      readDeclaration: (declaration) => this.#readDeclaration(declaration),
      // The caller has already added the path segment.
      readNode: (node) => this.#readHere(node, this.#context),
    };
    this.#converter = new TypeConverter({ ...deps, nodes });
    this.#constants = new ConstantTypes({ ...deps, nodes });
    this.#utilities = new UtilityTypes({ ...deps, nodes });
    this.#addParsers();
  }

  /** Parses a type node. */
  read(node: ts.TypeNode): BaseType {
    return this.createType(node, this.#context);
  }

  /**
   * Reads a type that no node spells out, such as an inferred one. `site` is the node where it was
   * met.
   */
  readType(type: ts.Type, site: ts.Node): BaseType {
    return this.#converter.convert(type, site);
  }

  override createType(node: ts.Node, context: Context): BaseType {
    const segment = segmentOf(node);
    return segment === undefined ? this.#readHere(node, context) : at(segment, () => this.#readHere(node, context));
  }

  #readHere(node: ts.Node, context: Context): BaseType {
    const read = this.#deps.uncarried.read(
      () => node.getText(),
      () => this.#route(node) ?? super.createType(node, context),
    );
    const { annotator, documentedNodes } = this.#deps;
    const comment = ts.isTypeNode(node) ? documentedNodes.commentOf(node) : undefined;
    if (!comment) return read;
    documentedNodes.markRead(comment);
    return ts.isUnionTypeNode(node.parent) && read instanceof LiteralType
      ? labeled(read, annotator.textOf(comment))
      : annotator.annotate(read, comment);
  }

  /**
   * Reads the nodes that ts-json-schema-generator gets wrong; returns undefined for all others.
   */
  #route(node: ts.Node): BaseType | undefined {
    if (this.#deps.refused.has(node)) return new AnyType();
    const selected = ts.isTypeNode(node) ? (this.#utilities.read(node) ?? this.#constants.read(node)) : undefined;
    if (selected) return selected;
    if (ts.isTypeReferenceNode(node)) return this.#readReference(node);
    if (!ts.isTypeNode(node)) return undefined;
    // A method may return nothing in some cases.
    if (node.kind === ts.SyntaxKind.VoidKeyword && this.#deps.direction === "output") return new UndefinedType();
    const problem = findUnsupportedKeyword(node);
    if (problem) throw new UnsupportedTypeError(problem, node);
    if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return this.read(node.type);
    if (ts.isIndexedAccessTypeNode(node)) return this.#converter.readIndexed(node);
    if (this.#syntactic.has(node) && !this.#hasUninhabitedMember(node)) {
      if (ts.isTypeLiteralNode(node)) this.#deps.definitions.count(node.members.length);
      return ts.isUnionTypeNode(node) ? unionOf(node.types.map((member) => this.read(member))) : undefined;
    }
    const { checker, documentedNodes, typeArguments } = this.#deps;
    return documentedNodes.watch(node, documentedNodes.findIn(node), () => {
      const type = checker.getTypeFromTypeNode(node);
      const convert = (): BaseType => this.#converter.convert(type, node);
      if (!ts.isIntersectionTypeNode(node)) return convert();
      return this.#annotateIntersection(typeArguments.enterMembers(node, type, convert), node);
    });
  }

  /** Adds the annotations of aliases that the checker replaces: `Email & { __brand: "work" }`. */
  #annotateIntersection(read: BaseType, { types }: ts.IntersectionTypeNode): BaseType {
    const { annotator, documentedNodes } = this.#deps;
    const aliases = types.flatMap((member) => documentedNodes.replacedAlias(member) ?? []);
    for (const alias of aliases) documentedNodes.markRead(alias);
    return aliases.reduce((type, alias) => annotator.annotate(type, alias, true), read);
  }

  #hasUninhabitedMember(node: ts.TypeNode): boolean {
    const { checker, uninhabited } = this.#deps;
    return (
      uninhabited !== undefined &&
      ts.isUnionTypeNode(node) &&
      node.types.some((member) => uninhabited.has(checker.getTypeFromTypeNode(member)))
    );
  }

  #readReference(node: ts.TypeReferenceNode): BaseType {
    const { checker, library } = this.#deps;
    const symbol = symbolNamed(node.typeName, checker);
    if (!symbol?.declarations) throw new UnsupportedTypeError(unresolved(node.getText(), node, checker), node);
    if (node.typeArguments?.[0] && ARRAYS.has(symbol.name) && library.declares(symbol)) {
      const element = node.typeArguments[0];
      return at("[]", () => new ArrayType(this.read(element)));
    }
    const declaration = node.typeArguments ? undefined : this.#syntactic.findDeclaration(symbol);
    if (declaration) return this.#readDeclaration(declaration);
    const type = checker.getTypeFromTypeNode(node);
    return this.#annotateResolved(this.#converter.readReference(node, type), { type, symbol });
  }

  /**
   * Adds the annotations of a generic alias: the checker may reduce `NonEmpty<string>` to a string,
   * and what the alias declares still holds.
   */
  #annotateResolved(
    read: BaseType,
    { type, symbol }: { readonly type: ts.Type; readonly symbol: ts.Symbol },
  ): BaseType {
    const alias = symbol.declarations?.find((declaration) => ts.isTypeAliasDeclaration(declaration));
    const { constraints, library, annotator } = this.#deps;
    const isRead = !alias?.typeParameters || type.aliasSymbol === symbol;
    const isForeign = library.declares(symbol) || constraints.isHelper(symbol);
    return isRead || isForeign || isUtility(alias) ? read : annotator.annotate(read, alias, true);
  }

  #readDeclaration(declaration: ts.Declaration): BaseType {
    const declared = ts.getNameOfDeclaration(declaration);
    const name = declared && ts.isIdentifier(declared) ? declared.text : "Object";
    const { annotator, documentedNodes, typeArguments, uncarried } = this.#deps;
    documentedNodes.markRead(declaration);
    return this.#deps.definitions.define({ subject: declaration, name, written: () => declared }, () => {
      annotator.checkComments(declaration);
      const body = uncarried.read(
        () => name,
        () => typeArguments.outside(() => this.#readBody(declaration)),
      );
      return annotator.annotate(body, declaration);
    });
  }

  #readBody(declaration: ts.Declaration): BaseType {
    if (ts.isTypeAliasDeclaration(declaration)) return this.#readAlias(declaration);
    if (ts.isInterfaceDeclaration(declaration)) this.#deps.definitions.count(declaration.members.length);
    return ts.isEnumDeclaration(declaration)
      ? this.#readEnum(declaration)
      : super.createType(declaration, this.#context);
  }

  #readAlias(declaration: ts.TypeAliasDeclaration): BaseType {
    const { checker } = this.#deps;
    const type = checker.getTypeAtLocation(declaration.name) as ts.Type & { readonly intrinsicName?: string };
    const read = this.read(declaration.type);
    // An unresolved type that was not refused elsewhere is an alias of itself.
    const isUnresolved = type.flags & ts.TypeFlags.Any && type.intrinsicName !== "any";
    if (isUnresolved && !this.#deps.refused.has(declaration.type))
      throw new UnsupportedTypeError(problems.circularAlias(declaration.name.text), declaration.name);
    return read;
  }

  #readEnum(declaration: ts.EnumDeclaration): BaseType {
    const members = declaration.members.map((member) => {
      const value = this.#deps.checker.getConstantValue(member);
      if (value === undefined) throw new UnsupportedTypeError(problems.computedEnum(declaration.name.text), member);
      if (typeof value === "number" && !Number.isFinite(value))
        throw new UnsupportedTypeError(
          problems.noJsonForm(`${declaration.name.text}.${member.name.getText()}`, "Use a finite number."),
          member,
        );
      return { value, declaration: member };
    });
    return enumOf(declaration.name.text, members, this.#deps.annotator);
  }

  #addParsers(): void {
    const { checker } = this.#deps;
    // The object parsers below ask this parser for the type of each property, so JSDoc is added
    // here.
    const documented: NodeParser = {
      createType: (node, context) => {
        const type = this.createType(node, context);
        return isPropertyType(node) || isIndexType(node) ? this.#deps.annotator.annotate(type, node.parent) : type;
      },
    };
    this.addNodeParser(new StringTypeNodeParser())
      .addNodeParser(new NumberTypeNodeParser())
      .addNodeParser(new BooleanTypeNodeParser())
      .addNodeParser(new AnyTypeNodeParser())
      .addNodeParser(new UnknownTypeNodeParser())
      .addNodeParser(new UndefinedTypeNodeParser())
      .addNodeParser(new StringLiteralNodeParser())
      .addNodeParser(new StringTemplateLiteralNodeParser(this))
      .addNodeParser(new NumberLiteralNodeParser())
      .addNodeParser(new BooleanLiteralNodeParser())
      .addNodeParser(new NullLiteralNodeParser())
      .addNodeParser(new PrefixUnaryExpressionNodeParser(this))
      .addNodeParser(new LiteralNodeParser(this))
      .addNodeParser(new ParenthesizedNodeParser(this))
      .addNodeParser(new UnnamedInterfaceParser(checker, documented, false))
      .addNodeParser(new UnnamedTypeLiteralParser(checker, documented, false))
      .addNodeParser(new ArrayNodeParser(this));
  }
}

const ARRAYS: ReadonlySet<string> = new Set(["Array", "ReadonlyArray"]);

function findUnsupportedKeyword(node: ts.TypeNode): Problem | undefined {
  switch (node.kind) {
    case ts.SyntaxKind.SymbolKeyword:
      return problems.noJsonForm(node.getText(), "Use a string.");
    case ts.SyntaxKind.NeverKeyword:
      return problems.neverInType(node.getText());
    case ts.SyntaxKind.VoidKeyword:
      return problems.unsupportedType(node.getText(), "Use undefined, or leave the property out.");
    case ts.SyntaxKind.FunctionType:
    case ts.SyntaxKind.ConstructorType:
      return problems.functionInType(node.getText());
    default:
      return undefined;
  }
}

function isPropertyType(node: ts.Node): boolean {
  const { parent } = node;
  return parent && (ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) ? parent.type === node : false;
}

function isIndexType({ parent }: ts.Node): boolean {
  return parent !== undefined && ts.isIndexSignatureDeclaration(parent);
}

/** Returns the path segment that leads from a node's parent to the node. */
function segmentOf(node: ts.Node): string | undefined {
  const { parent } = node;
  if (!parent) return undefined;
  if (ts.isArrayTypeNode(parent)) return "[]";
  if (ts.isIndexSignatureDeclaration(parent) && parent.type === node) return "[key]";
  return isPropertyType(node) ? (parent as ts.PropertySignature).name.getText() : undefined;
}
