import type { JsonSchema } from "methodic/manifest";
import type ts from "typescript";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { AmbiguousValueError, planRevival, type RevivableSchema } from "./revival/revival-plan.ts";
import { nodeOf, SchemaBuilder, type BuiltSchema, type InputProperty, type TypeSource } from "./schema-builder.ts";
import type { SchemaDeps } from "./pipeline.ts";

/** A schema, or the problems that prevent it. */
export type SchemaResult =
  | ({ readonly ok: true; readonly warnings: readonly LocatedProblem[] } & RevivableSchema)
  | { readonly ok: false; readonly problems: readonly LocatedProblem[] };

/**
 * Builds the schemas of one program. One instance serves all methods, so that each type is read
 * once.
 */
export class SchemaGenerator {
  readonly #input: SchemaBuilder;
  readonly #output: SchemaBuilder;

  constructor(project: SchemaDeps) {
    this.#input = new SchemaBuilder("input", project);
    this.#output = new SchemaBuilder("output", project);
  }

  /** Builds the schema of an input whose properties are a method's parameters. */
  createInput(properties: readonly InputProperty[], method: ts.Node): SchemaResult {
    const built = this.#input.build(method, (builder) => builder.readInput(properties));
    const refused = built.ok ? [] : properties.flatMap((property) => this.#input.findProblems(property));
    if (refused.length > 0) return { ok: false, problems: refused };
    return withRevival(built, (name) => {
      const property = properties.find((candidate) => candidate.name === name);
      return property ? nodeOf(property.source) : method;
    });
  }

  /** Builds the schema of an input that is one type as a whole. */
  createWholeInput(source: TypeSource): SchemaResult {
    const built = this.#input.build(nodeOf(source), (builder) => builder.readType(source));
    // `{}` accepts primitives too, but a whole input is always an object.
    const object: BuiltSchema =
      built.ok && acceptsMoreThanObjects(built.schema)
        ? { ...built, schema: { ...built.schema, type: "object" } }
        : built;
    return withRevival(object, () => nodeOf(source));
  }

  /**
   * Builds the schema of a method's result, which may have any of several types.
   * @param nullable True if the method may also return nothing, which is sent as null
   */
  createOutput(sources: readonly TypeSource[], nullable: boolean): SchemaResult {
    const [first] = sources;
    if (!first) throw new TypeError("A result needs at least one type.");
    return this.#output.build(nodeOf(first), (builder) => builder.readResult(sources, nullable));
  }
}

/** Adds the revival plan. `nodeOfProperty` returns the node that a property's problems refer to. */
function withRevival(built: BuiltSchema, nodeOfProperty: (name: string) => ts.Node): SchemaResult {
  if (!built.ok) return built;
  try {
    return { ok: true, warnings: built.warnings, ...planRevival(built.schema) };
  } catch (error) {
    if (!(error instanceof AmbiguousValueError)) throw error;
    return { ok: false, problems: [{ problem: error.problem, node: nodeOfProperty(error.property) }] };
  }
}

function acceptsMoreThanObjects({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes("object");
}
