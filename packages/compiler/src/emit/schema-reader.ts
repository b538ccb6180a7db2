import { isSchema, mapSubschemas, resolvePointer, type JsonSchema, type JsonValue } from "methodic/manifest";
import { CHECKED_KEYWORDS } from "./violations.ts";

/** A distinct schema: equal ones of any document are one node, whatever their annotations. */
export interface SchemaNode {
  /**
   * The keywords that restrict values. A schema inside is `{ $ref: "2" }`, and a reference is
   * `"2"`: an index in {@link inner}.
   */
  readonly keywords: JsonSchema;
  readonly inner: readonly SchemaNode[];
  /** Number of places in other nodes and documents that use the node. */
  readonly uses: number;
  /** Set where a walk from a document meets the node inside itself; at least once a cycle. */
  readonly isRecursive: boolean;
}

/** A node as it is read; {@link SchemaReader} joins those that turn out to be equal. */
interface ReadNode {
  keywords: JsonSchema;
  readonly inner: number[];
}

/** Reads documents (schemas with `$defs`) as one graph. References become edges. */
export class SchemaReader {
  readonly #nodes: ReadNode[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #roots: number[] = [];

  /**
   * Adds a document; its node has the same index in the result of {@link finish}.
   * @throws Error if a reference leads to no schema
   */
  add(root: JsonSchema): void {
    const indexes = new Map<JsonSchema, number>();
    const enter = (given: JsonSchema): number => {
      const schema = followReferences(given, root);
      const known = indexes.get(schema);
      if (known !== undefined) return known;
      const node: ReadNode = { keywords: {}, inner: [] };
      const index = this.#nodes.push(node) - 1;
      indexes.set(schema, index);
      const place = (inner: JsonSchema): string => String(node.inner.push(enter(inner)) - 1);
      const { $ref, ...others } = readKeywords(schema);
      node.keywords = {
        ...mapSubschemas(others, (inner) => ({ $ref: place(inner) })),
        ...(typeof $ref === "string" && { $ref: place(findTarget(root, $ref)) }),
      };
      const first = this.#intern(node, index);
      indexes.set(schema, first);
      return first;
    };
    this.#roots.push(enter(root));
  }

  /** Returns the documents' nodes. */
  finish(): readonly SchemaNode[] {
    const classes = classesOf(this.#nodes);
    const made = new Map<number, SchemaNode & { uses: number; isRecursive: boolean }>();
    const open = new Set<number>();
    const use = (index: number): SchemaNode => {
      const key = classes[index] as number;
      let node = made.get(key);
      if (node) node.isRecursive ||= open.has(key);
      else {
        const { keywords, inner } = this.#nodes[index] as ReadNode;
        const list: SchemaNode[] = [];
        made.set(key, (node = { keywords, inner: list, uses: 0, isRecursive: false }));
        open.add(key);
        for (const other of inner) list.push(use(other));
        open.delete(key);
      }
      node.uses++;
      return node;
    };
    return this.#roots.map(use);
  }

  /** Returns the index of the first equal node. Those of a cycle are compared at the end. */
  #intern(node: ReadNode, index: number): number {
    const key = `${JSON.stringify(node.keywords)}${node.inner.join()}`;
    const first = this.#byKey.get(key) ?? index;
    this.#byKey.set(key, first);
    return first;
  }
}

/**
 * Numbers nodes so that equal ones have the same number: starts with their keywords and separates
 * nodes whose inner ones differ, until nothing changes.
 */
function classesOf(nodes: readonly ReadNode[]): readonly number[] {
  let classes = numberOf(nodes.map(({ keywords }) => JSON.stringify(keywords)));
  for (let count = 0; ;) {
    const distinct = new Set(classes).size;
    if (distinct === count) return classes;
    count = distinct;
    const previous = classes;
    classes = numberOf(nodes.map(({ inner }, i) => [previous[i], ...inner.map((j) => previous[j])].join()));
  }
}

function numberOf(keys: readonly string[]): readonly number[] {
  const numbers = new Map<string, number>();
  return keys.map((key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/** Follows references that have only annotations next to them. */
function followReferences(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const passed = new Set<JsonSchema>();
  let current = schema;
  for (;;) {
    const { $ref, ...others } = readKeywords(current);
    if (typeof $ref !== "string" || Object.keys(others).length > 0) return current;
    // A cycle of bare references describes nothing.
    if (passed.has(current)) return {};
    passed.add(current);
    current = findTarget(root, $ref);
  }
}

function findTarget(root: JsonSchema, reference: string): JsonSchema {
  const target = resolvePointer(root, reference);
  if (isSchema(target)) return target;
  if (typeof target === "boolean") return target ? {} : { not: {} };
  throw new Error(`${reference} leads to no schema`);
}

/** Returns the keywords that restrict values; all others are annotations. */
function readKeywords(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(withEncodingChecked(schema));
  const unsupported = entries.find(([keyword]) => keyword.startsWith("unevaluated"));
  if (unsupported) throw new Error(`${unsupported[0]} is not supported`);
  return Object.fromEntries(entries.filter(([keyword]) => CHECKED_KEYWORDS.has(keyword)));
}

/**
 * Makes a schema check its `contentEncoding`, which is an annotation to JSON Schema, by a format
 * that also replaces the looser published pattern.
 */
function withEncodingChecked(schema: JsonSchema): JsonSchema {
  if (schema["contentEncoding"] !== "base64") return schema;
  const { contentEncoding: _, pattern, format, ...rest } = schema;
  const others = {
    ...(pattern !== undefined && pattern !== BASE64_PATTERN && { pattern }),
    ...(format !== undefined && { format }),
  };
  const all = [
    ...((rest["allOf"] as JsonValue[] | undefined) ?? []),
    ...(Object.keys(others).length > 0 ? [others] : []),
  ];
  return { ...rest, format: "base64", ...(all.length > 0 && { allOf: all }) };
}

/**
 * The published pattern of base64; `schema/read/values.ts` writes it, which this room must not
 * import.
 */
const BASE64_PATTERN = "^[A-Za-z0-9+/]*={0,2}$";
