/** A JSON object. */
type Data = Readonly<Record<string, unknown>>;

/** A component of an artifact, or a property of a server, that clients would see changed. */
export interface Difference {
  readonly change: "added" | "removed" | "changed";
  /** `tool`, `resource`, `resourceTemplate`, `prompt`, or a property of the server: `title`. */
  readonly kind: string;
  /** The component's public name or URI. Empty for a property of the server. */
  readonly name: string;
  /** The server, if there are several; in an artifact without servers, the class. */
  readonly owner?: string;
  /** The changed places: `inputSchema.properties.limit.maximum: 50 -> 100`. */
  readonly details: readonly string[];
  /** The component's keys in the artifact: the server or class, the list, and its name. */
  readonly keys: readonly string[];
}

/** Maximum differences shown per component. */
const MAX_PLACES = 10;
/** Maximum characters shown of a value. */
const MAX_VALUE = 80;

/**
 * Compares two artifacts. Formatting and the order of components and of prompt arguments do not
 * count.
 * @param before Text of the artifact on disk
 * @param after Text of the artifact as the sources define it now
 * @returns the components that a client would see added, removed or changed
 * @throws SyntaxError if a text is not JSON
 * @throws TypeError if `before` is JSON, but not an artifact
 */
export function compareArtifacts(before: string, after: string): readonly Difference[] {
  const [old, current]: unknown[] = [JSON.parse(before), JSON.parse(after)];
  if (!isArtifact(old)) throw new TypeError("it has no 'formatVersion' and 'servers' or 'services'.");
  const differences = compareParts(partsOf(old), partsOf(current));
  const [was, is] = [old, current].map((artifact) => own(artifact as Data, "formatVersion"));
  if (was === is) return differences;
  const details = [`formatVersion: ${excerpt(was)} -> ${excerpt(is)}`];
  return [{ change: "changed", kind: "format of the artifact", name: "", details, keys: [] }];
}

/** Accepts any format version: an artifact of another version is outdated, not malformed. */
function isArtifact(value: unknown): boolean {
  if (!isData(value) || typeof own(value, "formatVersion") !== "number") return false;
  return isData(own(value, "servers")) || isData(own(value, "services"));
}

/** A component, or a property of a server. */
interface Part extends Pick<Difference, "kind" | "name" | "owner" | "keys"> {
  readonly value: unknown;
}

function compareParts(before: ReadonlyMap<string, Part>, after: ReadonlyMap<string, Part>): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id): Difference[] => {
    const [old, current] = [before.get(id), after.get(id)];
    const { value: _, ...part } = (current ?? old) as Part;
    if (!current) return [{ change: "removed", ...part, details: [] }];
    if (!old) return [{ change: "added", ...part, details: [] }];
    const details = changesOf(old.value, current.value);
    return details.length === 0 ? [] : [{ change: "changed", ...part, details }];
  });
}

function changesOf(before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const places = [...findPlaces(before, after, "")];
  const shown = places.slice(0, MAX_PLACES);
  if (places.length > MAX_PLACES) shown.push(`and ${places.length - MAX_PLACES} more`);
  if (places.length === 0) shown.push("the order of its properties");
  return shown;
}

/** Lists the places where two values differ: `inputSchema.properties.limit.maximum: 50 -> 100`. */
function* findPlaces(before: unknown, after: unknown, path: string): Generator<string> {
  if (!isData(before) || !isData(after) || Array.isArray(before) !== Array.isArray(after)) {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    yield `${path === "" ? "" : `${path}: `}${excerpt(before)} -> ${excerpt(after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const place = path === "" ? key : `${path}.${key}`;
    yield* findPlaces(own(before, key), own(after, key), place);
  }
}

/**
 * Lists the parts of an artifact. A single server is identified by being the only one, so that a
 * new name is one difference.
 */
function partsOf(artifact: unknown): Map<string, Part> {
  const parts = new Map<string, Part>();
  const [servers, services] = ["servers", "services"].map((key) => entriesOf(own(artifact as Data, key)));
  const isSingle = servers?.length === 1;
  for (const [owner, lists] of [...(servers ?? []), ...(services ?? [])]) {
    const scope = isSingle ? {} : { owner };
    const add = (path: readonly string[], part: Omit<Part, "keys">): unknown =>
      parts.set(JSON.stringify([scope, ...path]), { ...part, ...scope, keys: [owner, ...path] });
    if (isSingle) add([], { kind: "name", name: "", value: owner });
    for (const [list, members] of entriesOf(lists)) {
      if (!isData(members)) add([list], { kind: list, name: "", value: members });
      const kind = list.replace(/s$/, "");
      for (const [name, value] of entriesOf(members)) add([list, name], { kind, name, value });
    }
  }
  return parts;
}

function entriesOf(value: unknown): [string, unknown][] {
  return isData(value) ? Object.entries(value) : [];
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null;
}

function own(data: Data, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

function excerpt(value: unknown): string {
  const text = value === undefined ? "(nothing)" : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
