/** A JSON object. */
type Data = Readonly<Record<string, unknown>>;

/** The differences between two artifacts, as lines for people. */
export interface ArtifactDifference {
  /** A line per component, `+ tool src/a.ts#A.add`, followed by its indented changes. */
  readonly lines: readonly string[];
}

/** Maximum differences shown per component. */
const MAX_PLACES = 10;
/** Maximum characters shown of a value. */
const MAX_VALUE = 80;

/**
 * Compares two artifacts: the components that a client would see added, removed or changed.
 * @param before Text of the artifact on disk
 * @param after Text of the artifact as the sources define it now
 * @returns undefined if their data is equal; formatting does not count
 * @throws SyntaxError if a text is not JSON
 * @throws TypeError if `before` is JSON, but not an artifact
 */
export function compareArtifacts(before: string, after: string): ArtifactDifference | undefined {
  const [old, current]: unknown[] = [JSON.parse(before), JSON.parse(after)];
  if (!isArtifact(old)) throw new TypeError("it has no 'formatVersion' and 'services'.");
  if (JSON.stringify(old) === JSON.stringify(current)) return undefined;
  const [components, now] = [componentsOf(old), componentsOf(current)];
  const lines: string[] = [];
  for (const name of new Set([...components.keys(), ...now.keys()])) {
    if (!now.has(name)) lines.push(`- ${name}`);
    else if (!components.has(name)) lines.push(`+ ${name}`);
    else lines.push(...changesOf(name, components.get(name), now.get(name)));
  }
  return { lines: lines.length > 0 ? lines : ["~ the order of the components, or the format version"] };
}

/** Accepts any format version: an artifact of another version is outdated, not malformed. */
function isArtifact(value: unknown): boolean {
  return isData(value) && typeof own(value, "formatVersion") === "number" && isData(own(value, "services"));
}

function changesOf(name: string, before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const places = [...findPlaces(before, after, "")];
  const shown = places.slice(0, MAX_PLACES).map((place) => `    ${place}`);
  if (places.length > MAX_PLACES) shown.push(`    and ${places.length - MAX_PLACES} more`);
  if (places.length === 0) shown.push("    the order of its properties");
  return [`~ ${name}`, ...shown];
}

/** Lists the places where two values differ: `inputSchema.properties.limit.maximum: 50 -> 100`. */
function* findPlaces(before: unknown, after: unknown, path: string): Generator<string> {
  if (!isData(before) || !isData(after) || Array.isArray(before) !== Array.isArray(after)) {
    if (JSON.stringify(before) !== JSON.stringify(after)) yield `${path}: ${excerpt(before)} -> ${excerpt(after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const place = path === "" ? key : `${path}.${key}`;
    yield* findPlaces(own(before, key), own(after, key), place);
  }
}

/** Returns the tools, resources and prompts of an artifact, keyed `tool src/a.ts#A.add`. */
function componentsOf(artifact: unknown): Map<string, unknown> {
  const components = new Map<string, unknown>();
  const services = isData(artifact) ? own(artifact, "services") : undefined;
  for (const [service, kinds] of entriesOf(services)) {
    for (const [kind, members] of entriesOf(kinds)) {
      for (const [name, member] of entriesOf(members))
        components.set(`${kind.replace(/s$/, "")} ${service}.${name}`, member);
    }
  }
  return components;
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
