import {
  AnnotatedTypeFormatter,
  createFormatter,
  DEFAULT_CONFIG,
  LiteralUnionTypeFormatter,
  StringType,
  UnionType,
  type AnnotatedType,
  type BaseType,
  type TypeFormatter,
} from "ts-json-schema-generator";
import type ts from "typescript";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { DescriptionWriter } from "../jsdoc/descriptions.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { Annotator } from "./read/annotations.ts";
import { combineKeywords } from "./read/combine-keywords.ts";
import { ConstraintTypes } from "./read/constraint-types.ts";
import { DeclaringPackage } from "./read/declaring-package.ts";
import { Definitions } from "./read/definitions.ts";
import { DocumentedNodes } from "./read/documented-nodes.ts";
import { Library } from "./read/library-types.ts";
import { ObjectFormatter } from "./read/object-formatter.ts";
import type { TypeReaderDeps } from "./read/reader-deps.ts";
import { SourceOrder } from "./read/source-order.ts";
import { TypeArguments } from "./read/type-arguments.ts";
import { TypeNodeParser } from "./read/type-node-parser.ts";
import { UncarriedTypes } from "./read/uncarried-types.ts";
import { CarriedSchemas } from "./write/carried-schemas.ts";
import { DraftConverter } from "./write/draft-converter.ts";
import type { RawSchema } from "./write/raw-schema.ts";

/** Dependencies of the schema builders: the parts of a project that types are read from. */
export interface SchemaDeps {
  readonly program: ts.Program;
  readonly root: string;
  readonly schemaOptions: SchemaOptions;
  readonly disk: { readonly readFile: (fileName: string) => string | undefined };
  readonly descriptions: DescriptionWriter;
}

/** The steps from a type to its schema, with all types they have read so far. */
export interface Pipeline {
  readonly annotator: Annotator;
  readonly definitions: Definitions;
  readonly parser: TypeNodeParser;
  readonly formatter: TypeFormatter;
  readonly carried: CarriedSchemas;
  readonly converter: DraftConverter;
}

/** Creates the steps of one direction. */
export function createPipeline(
  { program, disk, descriptions }: SchemaDeps,
  { direction, ...modes }: Pick<TypeReaderDeps, "direction" | "refused" | "uninhabited">,
): Pipeline {
  const checker = program.getTypeChecker();
  const library = new Library(program);
  const definitions = new Definitions();
  const uncarried = new UncarriedTypes(direction);
  const warn = (warning: LocatedProblem): void => definitions.warn(warning);
  const annotator = new Annotator({ checker, descriptions, warn });
  const documentedNodes = new DocumentedNodes({ checker, descriptions, warn });
  const parser = new TypeNodeParser({
    annotator,
    checker,
    library,
    documentedNodes,
    typeArguments: new TypeArguments(checker, documentedNodes),
    uncarried,
    constraints: new ConstraintTypes({ checker, methodic: new DeclaringPackage("methodic", disk.readFile), warn }),
    direction,
    definitions,
    descriptions,
    order: new SourceOrder(checker, library),
    ...modes,
  });
  const config = { ...DEFAULT_CONFIG, expose: "none", topRef: false, functions: "fail" } as const;
  const formatter = createFormatter(config, (formatters, circular) => {
    formatters.addTypeFormatter(new ObjectFormatter(circular));
    formatters.addTypeFormatter(new NarrowingFormatter(circular));
    formatters.addTypeFormatter(new SuggestionsFormatter());
  });
  const carried = new CarriedSchemas(uncarried, (id) => {
    const { name, type } = definitions.resolve(id);
    return { name, schema: formatter.getDefinition(type) as RawSchema };
  });
  const converter = new DraftConverter(direction, (id) => carried.find(id));
  return { annotator, definitions, parser, formatter, carried, converter };
}

/** Writes annotations so that they narrow a type and never widen it. */
class NarrowingFormatter extends AnnotatedTypeFormatter {
  override getDefinition(type: AnnotatedType): RawSchema {
    return combineKeywords(this.childTypeFormatter.getDefinition(type.getType()) as RawSchema, type.getAnnotations());
  }
}

/**
 * Writes `"a" | "b" | (string & {})` with the suggestions in source order, before or after the
 * string.
 */
class SuggestionsFormatter extends LiteralUnionTypeFormatter {
  override supportsType(type: BaseType): boolean {
    return (
      super.supportsType(type) && type instanceof UnionType && !(type.getFlattenedTypes()[0] instanceof StringType)
    );
  }

  override getDefinition(type: UnionType): RawSchema {
    const definition = super.getDefinition(type) as RawSchema;
    const { anyOf } = definition;
    return Array.isArray(anyOf) ? { ...definition, anyOf: [...(anyOf as RawSchema[])].reverse() } : definition;
  }
}
