import {
  AnnotatedType,
  NullType,
  ObjectType,
  UnionType,
  type Annotations,
  type BaseType,
  type ObjectProperty,
} from "ts-json-schema-generator";
import type { JsonSchema } from "methodic/manifest";
import type ts from "typescript";
import { failureOf } from "../diagnostics/failures.ts";
import { describePlace, type LocatedProblem } from "../diagnostics/locate.ts";
import { warnOfLeftOut } from "./left-out.ts";
import { Omissions } from "./omissions.ts";
import { createPipeline, type Pipeline, type SchemaDeps } from "./pipeline.ts";
import type { Direction } from "./read/library-types.ts";
import { NamedProperty } from "./read/object-formatter.ts";
import { checkName } from "./read/refused-members.ts";
import { UninhabitedTypes } from "./read/uninhabited-types.ts";
import { at, formatTypePath, UnsupportedTypeError } from "./read/unsupported-type.ts";
import type { CarriedSchema } from "./write/carried-schemas.ts";
import { SchemaConversionError, type RawSchema } from "./write/raw-schema.ts";

/**
 * A type to build a schema from: its node if there is one, else the type as the checker sees it at
 * a node.
 */
export type TypeSource =
  | { readonly kind: "node"; readonly node: ts.TypeNode }
  | { readonly kind: "type"; readonly type: ts.Type; readonly site: ts.Node };

/** A property of an input: one parameter. */
export interface InputProperty {
  readonly name: string;
  readonly source: TypeSource;
  readonly optional: boolean;
  /** The parameter; its JSDoc may have constraint tags. */
  readonly declaration: ts.ParameterDeclaration;
  /** The tags that follow the parameter's `@param`. */
  readonly tags: readonly ts.JSDocTag[];
  /** Annotations from the method's JSDoc and the parameter's default. */
  readonly annotations: Annotations;
}

/** A schema that may still have marks, or the problems that prevent it. */
export type BuiltSchema =
  | {
      readonly ok: true;
      readonly schema: JsonSchema;
      /**
       * Warnings, such as of parts of the type that are left out, because JSON cannot carry them.
       */
      readonly warnings: readonly LocatedProblem[];
    }
  | { readonly ok: false; readonly problems: readonly LocatedProblem[] };

/** Maximum number of problems reported for one type. */
const MAX_PROBLEMS = 20;

/**
 * Builds the schemas of one direction. Input and output differ, for example in `undefined` and in
 * additional properties.
 */
export class SchemaBuilder {
  readonly #project: SchemaDeps;
  readonly #direction: Direction;
  readonly #refused = new Set<ts.Node>();
  /** Created on the first uninhabited type, because it makes the checker visit every type. */
  #uninhabited: UninhabitedTypes | undefined;
  /** Undefined until it is needed, and after an error, which leaves incomplete types behind. */
  #pipeline: Pipeline | undefined;

  constructor(direction: Direction, project: SchemaDeps) {
    this.#project = project;
    this.#direction = direction;
  }

  /**
   * Builds one schema.
   * @param site The node that problems refer to, unless they have one of their own
   * @param read Reads the type with this builder's methods
   */
  build(site: ts.Node, read: (builder: this) => BaseType): BuiltSchema {
    let built: { readonly schema: JsonSchema; readonly warnings: readonly LocatedProblem[] } | undefined;
    const found = this.#collectProblems(site, () => {
      const { definitions, converter } = this.#types;
      const { read: type, warnings } = definitions.collect(site, () => read(this));
      const { schema, leftOut } = this.#format(type);
      const { strictTypes = false } = this.#project.schemaOptions;
      const ofParts = leftOut.map((one) => {
        const written = one.id === undefined ? undefined : definitions.resolve(one.id).written?.();
        return warnOfLeftOut(one, { site, written, strictTypes });
      });
      built = { schema: converter.finish(schema), warnings: [...warnings, ...ofParts] };
    });
    return built && found.length === 0 ? { ok: true, ...built } : { ok: false, problems: found };
  }

  /**
   * Finds the problems of one parameter, so that all problems of a method are reported together.
   */
  findProblems(property: InputProperty): LocatedProblem[] {
    const site = nodeOf(property.source);
    const step = (): void => {
      this.#format(this.#types.definitions.collect(site, () => this.readInput([property])).read);
    };
    return this.#collectProblems(site, step, 1);
  }

  /**
   * Collects all problems of a step. It retries with refused nodes read as `any`, until nothing new
   * fails.
   * @param depth The number of segments of a path that lead to the site
   */
  #collectProblems(site: ts.Node, step: () => void, depth = 0): LocatedProblem[] {
    const found: LocatedProblem[] = [];
    const omissions = new Omissions(
      this.#project.program.getTypeChecker(),
      this.#project.descriptions,
      this.#direction,
    );
    for (;;) {
      try {
        step();
        break;
      } catch (error) {
        if (!this.#uninhabited && error instanceof UnsupportedTypeError && error.problem.code === "MTD105") {
          this.#uninhabited = new UninhabitedTypes(this.#project.program.getTypeChecker());
          this.#pipeline = undefined;
          continue;
        }
        const located = this.#toProblem(error, site);
        found.push(located);
        if (!(error instanceof UnsupportedTypeError) || error.problem.code === "MTD109") break;
        omissions.note(located, error, [site, error.path.slice(depth)]);
        if (this.#refused.has(error.node) || found.length === MAX_PROBLEMS) break;
        this.#refused.add(error.node);
      }
    }
    // Types read with refused nodes in them must not be reused.
    if (this.#refused.size > 0 || this.#uninhabited) this.#pipeline = undefined;
    this.#refused.clear();
    this.#uninhabited = undefined;
    const distinct = found.filter(
      ({ node, problem }, index) =>
        !found.slice(0, index).some((other) => other.node === node && other.problem.text === problem.text),
    );
    return distinct.map((located) => omissions.addTo(located));
  }

  readInput(properties: readonly InputProperty[]): BaseType {
    return new ObjectType(
      "input",
      [],
      properties.map((property) => this.#readProperty(property)),
      false,
    );
  }

  readType(source: TypeSource): BaseType {
    return source.kind === "node"
      ? this.#types.parser.read(source.node)
      : this.#types.parser.readType(source.type, source.site);
  }

  readResult(sources: readonly TypeSource[], nullable: boolean): BaseType {
    const types = sources.map((source) => this.readType(source));
    const [first] = types;
    return first && types.length === 1 && !nullable
      ? first
      : new UnionType(nullable ? [...types, new NullType()] : types);
  }

  #readProperty({ name, source, optional, declaration, tags, annotations }: InputProperty): ObjectProperty {
    checkName(name, declaration.name);
    return at(name, () => {
      const { annotator } = this.#types;
      const commented = annotator.annotate(this.readType(source), declaration);
      const documented = annotator.annotateParam(commented, tags, declaration);
      const type = Object.keys(annotations).length > 0 ? new AnnotatedType(documented, annotations, false) : documented;
      return new NamedProperty(name, type, !optional);
    });
  }

  #format(type: BaseType): CarriedSchema {
    return this.#types.carried.prune(this.#types.formatter.getDefinition(type) as RawSchema);
  }

  get #types(): Pipeline {
    this.#pipeline ??= createPipeline(this.#project, {
      direction: this.#direction,
      refused: this.#refused,
      uninhabited: this.#uninhabited,
    });
    return this.#pipeline;
  }

  /**
   * Converts every error to a problem, including those of ts-json-schema-generator and TypeScript.
   */
  #toProblem(error: unknown, site: ts.Node): LocatedProblem {
    // Types read before the failure may refer to one that was not completed, or carry the location
    // of another use.
    this.#pipeline = undefined;
    if (error instanceof UnsupportedTypeError) return this.#locateRefusal(error, site);
    if (error instanceof SchemaConversionError) return { problem: error.problem, node: site };
    return { problem: failureOf(error), node: site };
  }

  #locateRefusal(refusal: UnsupportedTypeError, site: ts.Node): LocatedProblem {
    const path = formatTypePath(refusal.path);
    const prefix = path ? `at ${path}: ` : "";
    if (refusal.node.getSourceFile() === site.getSourceFile()) {
      return { problem: { ...refusal.problem, text: `${prefix}${refusal.problem.text}` }, node: refusal.node };
    }
    const declared = describePlace(refusal.node, this.#project.root);
    return {
      problem: { ...refusal.problem, text: `${prefix}${refusal.problem.text} (declared at ${declared})` },
      node: site,
      declaredAt: refusal.node,
    };
  }
}

/** Returns the node that errors of a type refer to. */
export function nodeOf(source: TypeSource): ts.Node {
  return source.kind === "node" ? source.node : source.site;
}
