import type { BaseType } from "ts-json-schema-generator";
import type ts from "typescript";
import type { ConstraintTypes } from "./constraint-types.ts";
import type { Definitions } from "./definitions.ts";
import type { UninhabitedTypes } from "./uninhabited-types.ts";
import type { Direction, Library } from "./library-types.ts";
import type { SourceOrder } from "./source-order.ts";

/** Reads type nodes whose own text says all there is to say. */
export interface DeclarationReader {
  /** The declaration, if the symbol is a plain alias, interface or enum that can be read from its nodes. */
  readonly findDeclaration: (symbol: ts.Symbol) => ts.Declaration | undefined;
  readonly readDeclaration: (declaration: ts.Declaration) => BaseType;
  readonly readNode: (node: ts.TypeNode) => BaseType;
}

/** What the converters of one direction share. */
export interface TypeReaderDeps {
  readonly checker: ts.TypeChecker;
  readonly constraints: ConstraintTypes;
  readonly definitions: Definitions;
  readonly library: Library;
  readonly order: SourceOrder;
  readonly direction: Direction;
  /** Which members of unions to leave out, because no value has their type. Nothing where all types are taken to have values. */
  readonly uninhabited: UninhabitedTypes | undefined;
  /** Nodes that have been refused already: they are read as anything, to find what else is wrong. */
  readonly refused: ReadonlySet<ts.Node>;
}

/** What the checker's converter works with: it hands back to the nodes whatever they can tell. */
export interface TypeConverterDeps extends TypeReaderDeps {
  readonly nodes: DeclarationReader;
}
