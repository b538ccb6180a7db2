import type {
  ArrayRevival,
  JsonSchema,
  JsonValue,
  ObjectRevival,
  RevivalPlan,
  RevivalReference,
  RevivalStep,
  TextRevival,
  TextValue,
} from "methodic/manifest";
import { type Problem, problems } from "../../diagnostics/catalog.ts";
import { REVIVED } from "../marks.ts";
import { findDistinction } from "./distinct-objects.ts";
import { formatTypePath } from "../read/unsupported-type.ts";
import { SchemaGraph } from "./schema-graph.ts";

/** A finished schema without marks, and the plan made from them. */
export interface RevivableSchema {
  readonly schema: JsonSchema;
  readonly revival?: RevivalPlan;
}

/**
 * Turns the marks of a finished schema into a revival plan.
 * @throws AmbiguousValueError if a union does not decide which of its members a value is, and the
 *   members are revived differently
 */
export function planRevival(schema: JsonSchema): RevivableSchema {
  const graph = new SchemaGraph(schema);
  if (!graph.hasMarks(schema)) return { schema };
  const revival = new Planner(graph).plan();
  const bare = graph.withoutMarks();
  return revival ? { schema: bare, revival } : { schema: bare };
}

const NAMES: Readonly<Record<string, string>> = {
  date: "a Date",
  url: "a URL",
  bigint: "a bigint",
  bytes: "bytes",
  buffer: "a Buffer",
  set: "a Set",
  map: "a Map",
};

/**
 * Creates one step for each set of schemas that a value may follow. The alternatives of a union
 * stay together until the value's JSON type, or a property, decides between them.
 */
class Planner {
  readonly #graph: SchemaGraph;
  readonly #steps: RevivalStep[] = [];
  readonly #known = new Map<string, number>();

  constructor(graph: SchemaGraph) {
    this.#graph = graph;
  }

  plan(): RevivalPlan | undefined {
    const first = this.#step([this.#graph.root], []);
    return first === null ? undefined : { steps: this.#steps };
  }

  /** Returns the step for values that follow one of these schemas; null if nothing is revived. */
  #step(schemas: readonly JsonSchema[], path: Path): RevivalReference {
    const nodes = this.#graph.alternatives(schemas);
    // No type becomes such a schema. If one ever does, it must not be half revived.
    if (nodes.some((node) => this.#graph.hasMarksInAll(node)))
      throw new AmbiguousValueError(path, ["several types at once"]);
    if (!nodes.some((node) => this.#graph.hasMarks(node))) return null;
    const key = this.#graph.keyOf(nodes);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = this.#steps.length;
    this.#known.set(key, index);
    // Reserved before it is filled: a recursive schema refers back to it.
    this.#steps.push({});
    const string = this.#text(
      nodes.filter((node) => this.#graph.accepts(node, "string")),
      path,
    );
    const array = this.#array(
      nodes.filter((node) => this.#graph.accepts(node, "array")),
      path,
    );
    const object = this.#object(
      nodes.filter((node) => this.#graph.accepts(node, "object")),
      path,
    );
    this.#steps[index] = { ...(string && { string }), ...(array && { array }), ...(object && { object }) };
    return index;
  }

  #text(nodes: readonly JsonSchema[], path: Path): TextRevival | undefined {
    const marked = nodes.filter((node) => node[REVIVED] !== undefined);
    const [as, ...others] = new Set(marked.map((node) => node[REVIVED] as TextValue));
    if (as === undefined) return undefined;
    const plain = nodes.filter((node) => node[REVIVED] === undefined);
    const literals = plain.map((node) => literalsOf(node));
    const except = literals.flatMap((values) => values ?? []).filter((value) => typeof value === "string");
    if (others.length > 0) throw new AmbiguousValueError(path, [as, ...others]);
    // A literal that cannot be a date can only be the literal.
    const isOpen = literals.includes(undefined) || except.some((literal) => matchesForm(literal, as));
    if (isOpen) throw new AmbiguousValueError(path, [as, "a string"]);
    return except.length > 0 ? { as, except } : { as };
  }

  #array(nodes: readonly JsonSchema[], path: Path): ArrayRevival | undefined {
    if (!nodes.some((node) => this.#graph.hasMarks(node))) return undefined;
    const set = this.#agree(nodes, "set", path);
    const length = Math.max(...nodes.map((node) => prefixOf(node).length));
    const prefix = Array.from({ length }, (_, index) =>
      this.#step(
        nodes.flatMap((node) => prefixOf(node)[index] ?? itemsOf(node)),
        [...path, `[${index}]`],
      ),
    );
    const items = this.#step(
      nodes.flatMap((node) => itemsOf(node)),
      [...path, "[]"],
    );
    return {
      ...(set && { set }),
      ...(prefix.some((one) => one !== null) && { prefix }),
      ...(items !== null && { items }),
    };
  }

  #object(nodes: readonly JsonSchema[], path: Path): RevivalStep["object"] {
    if (!nodes.some((node) => this.#graph.hasMarks(node))) return undefined;
    const distinct = nodes.length > 1 ? findDistinction(nodes, this.#graph) : undefined;
    if (!distinct) return this.#merge(nodes, path);
    const { by } = distinct;
    if ("present" in distinct)
      return { by, presence: [this.#step(distinct.present, path), this.#step(distinct.absent, path)] };
    const cases = distinct.groups.flatMap(({ values, nodes: group }) => {
      const step = this.#step(group, path);
      return values.map((value): [string, RevivalReference] => [JSON.stringify(value), step]);
    });
    return { by, cases: Object.fromEntries(cases) };
  }

  /** Merges objects that nothing distinguishes; they must agree on every property. */
  #merge(nodes: readonly JsonSchema[], path: Path): ObjectRevival {
    const map = this.#agree(nodes, "map", path);
    const patterned = nodes.filter((node) => node["patternProperties"] !== undefined);
    if (patterned.length > 0 && nodes.length > 1)
      throw new AmbiguousValueError(path, ["several objects with patterns of keys"]);
    const names = new Set(nodes.flatMap((node) => Object.keys((node["properties"] as JsonSchema | undefined) ?? {})));
    const properties = [...names].map((name): [string, RevivalReference] => [
      name,
      this.#step(
        nodes.flatMap((node) => this.#graph.propertyOf(node, name)),
        [...path, name],
      ),
    ]);
    const patterns = patterned.flatMap((node) =>
      Object.entries(node["patternProperties"] as Record<string, JsonSchema | false>).map(
        ([pattern, schema]): [string, RevivalReference] => [
          pattern,
          schema === false ? null : this.#step([schema], [...path, "[key]"]),
        ],
      ),
    );
    const others = this.#step(
      nodes.flatMap((node) => this.#graph.additionalOf(node)),
      [...path, "[key]"],
    );
    return {
      ...(map && { map }),
      ...(properties.some(([, step]) => step !== null) && { properties: Object.fromEntries(properties) }),
      ...(patterns.some(([, step]) => step !== null) && { patterns }),
      ...(others !== null && { others }),
    };
  }

  /** Checks whether all schemas are marked as the same container; throws if only some are. */
  #agree(nodes: readonly JsonSchema[], kind: "set" | "map", path: Path): true | undefined {
    const marked = nodes.filter((node) => node[REVIVED] === kind);
    if (marked.length === 0) return undefined;
    if (marked.length < nodes.length)
      throw new AmbiguousValueError(path, [kind, kind === "set" ? "an array" : "an object"]);
    return true;
  }
}

function prefixOf(node: JsonSchema): readonly JsonSchema[] {
  return (node["prefixItems"] as readonly JsonSchema[] | undefined) ?? [];
}

/** Returns the schemas of the items after the prefix; none if there can be no such items. */
function itemsOf({ items = true }: JsonSchema): readonly JsonSchema[] {
  if (items === false) return [];
  return [items === true ? {} : (items as JsonSchema)];
}

function literalsOf(node: JsonSchema): readonly JsonValue[] | undefined {
  if (node["const"] !== undefined) return [node["const"]];
  return node["enum"] as readonly JsonValue[] | undefined;
}

/** Loose patterns: the JSON form of every value matches, and some other texts do. */
const FORMS: Readonly<Record<TextValue, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d/,
  url: /^[a-z][a-z0-9+.-]*:/i,
  bigint: /^-?\d+$/,
  bytes: /^[A-Za-z0-9+/]*={0,2}$/,
  buffer: /^[A-Za-z0-9+/]*={0,2}$/,
};

function matchesForm(literal: string, as: TextValue): boolean {
  return FORMS[as].test(literal);
}

/** The path of a value from the input. */
type Path = readonly string[];

/** Thrown where a union does not decide which of its members a value is. */
export class AmbiguousValueError extends Error {
  readonly problem: Problem;
  /** The input's property that contains the value. */
  readonly property: string;

  constructor(path: Path, kinds: readonly string[]) {
    const problem = problems.ambiguousUnion(
      formatTypePath(path) || "its root",
      kinds.map((kind) => NAMES[kind] ?? kind),
    );
    super(problem.text);
    this.problem = problem;
    this.property = path[0] ?? "";
  }
}
