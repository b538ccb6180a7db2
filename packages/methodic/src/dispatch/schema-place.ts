import type { ValidationError } from "../manifest/format.ts";
import { parsePointer } from "./schema-walk.ts";

/** Where in a schema, and at which value, an error was found. */
export interface SchemaPlace {
  readonly schemaPath: string;
  readonly instancePath: string;
  /** What the schema path begins at: a generated function (`#`, `#12`), or a definition that was written into one (`#/$defs/x`). */
  readonly origin: string;
  /** How deep the value lies at which the origin was entered. */
  readonly entry: number;
}

/** Keywords that lead into a value by a name or a position of their own. */
const BY_NAME: ReadonlySet<string> = new Set(["properties", "patternProperties", "prefixItems"]);
/** Keywords that lead into whatever is there. */
const BY_REST: ReadonlySet<string> = new Set(
  "items additionalProperties unevaluatedItems unevaluatedProperties contains".split(" "),
);

/** Reads where an error was found. */
export function placeOf({ schemaPath, instancePath }: ValidationError): SchemaPlace {
  const origin = /^#\d*(?:\/(?:\$defs|definitions)\/[^/]+)?/.exec(schemaPath)?.[0] ?? "#";
  const entry = parsePointer(instancePath).length - stepsInto(schemaPath.slice(origin.length));
  return { schemaPath, instancePath, origin, entry };
}

/** How many levels into a value a schema path leads. */
function stepsInto(path: string): number {
  const tokens = path.split("/").slice(1);
  let steps = 0;
  // The last token is the keyword that failed, which concerns the value reached so far.
  for (let i = 0; i < tokens.length - 1; i++) {
    const token = tokens[i] as string;
    if (BY_NAME.has(token)) {
      steps++;
      i++;
    } else if (BY_REST.has(token)) {
      steps++;
    }
  }
  return steps;
}

/** Whether something was found inside of `outer`, as opposed to a keyword that stands next to it. */
export function isInside(place: SchemaPlace, outer: SchemaPlace): boolean {
  if (place.instancePath !== outer.instancePath && !place.instancePath.startsWith(`${outer.instancePath}/`))
    return false;
  // What a `$ref` leads to has paths of its own, which do not begin with that of `outer`.
  return isSameRun(place, outer) ? place.schemaPath.startsWith(`${outer.schemaPath}/`) : true;
}

/** Which alternative of `outer` something was found in. */
export function branchOf(place: SchemaPlace, outer: SchemaPlace): string {
  if (isSameRun(place, outer)) return place.schemaPath.slice(outer.schemaPath.length + 1).split("/", 1)[0] ?? "";
  const isDirect = place.entry === parsePointer(outer.instancePath).length;
  return isDirect ? place.origin : "further down";
}

/** Whether two paths begin at the same place, entered at the same value: a recursive definition is entered again and again. */
function isSameRun(a: SchemaPlace, b: SchemaPlace): boolean {
  return a.origin === b.origin && a.entry === b.entry;
}
