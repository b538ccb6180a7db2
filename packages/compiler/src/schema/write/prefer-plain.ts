import { isAnnotation, isSchema } from "methodic/manifest";
import { REVIVED, TEMPLATE } from "../marks.ts";
import { flattenUnion, type DefinitionLookup } from "./object-shapes.ts";
import { contentKey, resolveReference, type FindDefinition, type RawSchema } from "./raw-schema.ts";

/** A member of a union, and the schema it refers to. */
interface Member {
  readonly raw: RawSchema;
  readonly resolved: RawSchema;
}

/**
 * Leaves revived members out of a union where another member has the same JSON form without being
 * revived, and every value of that form: in `Date | string`, a text arrives as text. Of `Buffer`
 * and `Uint8Array`, a buffer is both.
 */
export function preferPlain(union: readonly RawSchema[], definitions: DefinitionLookup): readonly RawSchema[] {
  const members = flattenUnion(union, definitions).members.map(({ raw }): Member => {
    return { raw, resolved: resolveReference(raw, definitions.find) };
  });
  const kept = members.filter(
    ({ resolved }) => !members.some((other) => replaces(other.resolved, resolved, definitions.find)),
  );
  return kept.length < members.length ? kept.map(({ raw }) => raw) : union;
}

function acceptsAnyText(raw: RawSchema): boolean {
  return [raw["type"]].flat().includes("string") && constraintsOf(raw).length === 1 && raw[TEMPLATE] === undefined;
}

/** Checks whether one member accepts every JSON value of another, which is revived. */
function replaces(plain: RawSchema, revived: RawSchema, find: FindDefinition): boolean {
  const kind = revived[REVIVED];
  if (kind === undefined) return false;
  if (kind === "bytes" && plain[REVIVED] === "buffer") return true;
  if (plain[REVIVED] !== undefined) return false;
  const parts = CONTAINERS.get(kind);
  if (parts === undefined) return acceptsAnyText(plain);
  const contentOf = (raw: RawSchema): string => contentKey(resolveReference(raw[parts] as RawSchema, find));
  const isContainer = plain["type"] === revived["type"] && isSchema(plain[parts]) && constraintsOf(plain).length === 2;
  return isContainer && contentOf(plain) === contentOf(revived);
}

/** The keyword for the parts of a revived container. */
const CONTAINERS: ReadonlyMap<unknown, string> = new Map([
  ["set", "items"],
  ["map", "additionalProperties"],
]);

function constraintsOf(raw: RawSchema): readonly string[] {
  return Object.keys(raw).filter((keyword) => !isAnnotation(keyword));
}
