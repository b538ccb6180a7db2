import type { BaseType } from "ts-json-schema-generator";
import type ts from "typescript";
import type { DescriptionWriter } from "../../jsdoc/descriptions.ts";
import type { Annotator } from "./annotations.ts";
import type { ConstraintTypes } from "./constraint-types.ts";
import type { Definitions } from "./definitions.ts";
import type { DocumentedNodes } from "./documented-nodes.ts";
import type { UninhabitedTypes } from "./uninhabited-types.ts";
import type { Direction, Library } from "./library-types.ts";
import type { SourceOrder } from "./source-order.ts";
import type { TypeArguments } from "./type-arguments.ts";
import type { UncarriedTypes } from "./uncarried-types.ts";

/** Reads declarations and nodes whose syntax determines their type. */
export interface DeclarationReader {
  /** Returns the declaration of an alias, interface or enum that can be read from its nodes. */
  readonly findDeclaration: (symbol: ts.Symbol) => ts.Declaration | undefined;
  readonly readDeclaration: (declaration: ts.Declaration) => BaseType;
  readonly readNode: (node: ts.TypeNode) => BaseType;
}

/** Dependencies shared by the readers of one direction. */
export interface TypeReaderDeps {
  readonly annotator: Annotator;
  readonly checker: ts.TypeChecker;
  readonly constraints: ConstraintTypes;
  readonly definitions: Definitions;
  readonly descriptions: DescriptionWriter;
  readonly library: Library;
  readonly order: SourceOrder;
  readonly direction: Direction;
  readonly documentedNodes: DocumentedNodes;
  readonly typeArguments: TypeArguments;
  readonly uncarried: UncarriedTypes;
  /**
   * Finds the types without values, which are left out of unions. Undefined: all types are assumed
   * to have values.
   */
  readonly uninhabited: UninhabitedTypes | undefined;
  /** Nodes that were refused before. They are read as `any`, to find further problems. */
  readonly refused: ReadonlySet<ts.Node>;
}

/** Dependencies of the readers of checker types, which read from nodes where they can. */
export interface TypeConverterDeps extends TypeReaderDeps {
  readonly nodes: DeclarationReader;
}
