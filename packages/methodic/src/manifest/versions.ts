/**
 * Key of a component's version in `_meta`: of list entries, and of requests that choose a version.
 */
export const VERSION_KEY = "dev.methodic/version";

/** The version of a component whose decorator has none. */
export const UNVERSIONED = "0";

/** The rule of {@link isVersion}, for messages. */
export const VERSION_RULE = 'a version such as "2", "2.0", "2.0.0-beta.1" or "2025-11-25", at most 64 characters';

/** The versions of a list entry, in its `_meta`. */
export interface VersionMeta {
  readonly version: string;
  /** The other versions that the caller may use, newest first. */
  readonly others: readonly string[];
}

/** Checks whether a text is a version, which can be compared with others. */
export function isVersion(text: unknown): text is string {
  return typeof text === "string" && text.length <= 64 && /^v?\d+(?:[.+-][0-9A-Za-z]+)*$/.test(text);
}

/**
 * Compares two versions: negative if `a` is older, 0 if they are the same version, such as `2` and
 * `2.0.0`. Numbers are compared part by part, a prerelease (`2.0-beta`) is older than its release,
 * and dates are in order. Build metadata (`+…`) does not count.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  const byRelease = compareParts(left.release, right.release, "0");
  if (byRelease !== 0) return byRelease;
  const isPrerelease = Number(left.prerelease.length > 0) - Number(right.prerelease.length > 0);
  if (isPrerelease !== 0) return -isPrerelease;
  return compareParts(left.prerelease, right.prerelease, undefined);
}

/** Splits `add@1.0` into a name and a version. */
export function splitVersion(text: string): { readonly name: string; readonly version?: string } {
  const at = text.lastIndexOf("@");
  return at === -1 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + 1) };
}

/** A component's place among others with the same name or URI. */
export interface Versioned {
  readonly version?: string | undefined;
}

/** Returns the version of a component. One without a version is older than all others. */
export function versionOf({ version = UNVERSIONED }: Versioned): string {
  return version;
}

/** Sorts components by version, newest first. */
export function sortByVersion<V extends Versioned>(components: readonly V[]): readonly V[] {
  return [...components].sort((a, b) => compareVersions(versionOf(b), versionOf(a)));
}

/** Adds a component's version to its list entry. Properties that are computed when read stay so. */
export function describeVersion<D extends { readonly _meta?: object }>(description: D, versions: VersionMeta): D {
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(description)) as D;
  const _meta = { ...description._meta, [VERSION_KEY]: versions };
  return Object.defineProperty(copy, "_meta", { value: _meta, enumerable: true, configurable: true, writable: true });
}

/** A component of a server, as the artifact describes it. */
interface DescribedComponent<D> extends Versioned {
  /** Equal for versions of one component. */
  readonly key: string;
  readonly description: D;
}

/**
 * Describes all components of a list, with their versions. The newest of several has their name or
 * URI, and each other one has its version appended: `add@1.0`.
 */
export function describeVersions<D extends { readonly _meta?: object }>(
  components: readonly DescribedComponent<D>[],
  identify: keyof D,
): readonly D[] {
  const families = new Map<string, DescribedComponent<D>[]>();
  for (const component of components) {
    const family = families.get(component.key) ?? [];
    families.set(component.key, [...family, component]);
  }
  return [...families.values()].flatMap((family) => {
    const [first, ...rest] = sortByVersion(family);
    if (!first) return [];
    if (rest.length === 0 && first.version === undefined) return [first.description];
    const all = [first, ...rest].map(versionOf);
    return [first, ...rest].map((component, i) => {
      const others = all.filter((_, j) => j !== i);
      const described = describeVersion(component.description, { version: versionOf(component), others });
      if (i === 0) return described;
      const value = `${String(described[identify])}@${versionOf(component)}`;
      return Object.defineProperty(described, identify, { value, enumerable: true });
    });
  });
}

interface ParsedVersion {
  readonly release: readonly string[];
  readonly prerelease: readonly string[];
}

function parseVersion(text: string): ParsedVersion {
  const [version = ""] = text.replace(/^v/, "").split("+");
  // The dashes of a date do not begin a prerelease.
  const dotted = version.replace(/^(\d{4})-(\d{2})-(\d{2})/, "$1.$2.$3");
  const dash = dotted.indexOf("-");
  if (dash === -1) return { release: dotted.split("."), prerelease: [] };
  return { release: dotted.slice(0, dash).split("."), prerelease: dotted.slice(dash + 1).split(/[.-]/) };
}

/** @param missing Stands for parts that the shorter list lacks. Undefined: it is older */
function compareParts(a: readonly string[], b: readonly string[], missing: string | undefined): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i] ?? missing, b[i] ?? missing];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const order = comparePart(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (!isNumber) return a < b ? -1 : Number(a > b);
  // Numbers of any length, such as timestamps.
  const [left, right] = [a.replace(/^0+(?=.)/, ""), b.replace(/^0+(?=.)/, "")];
  return left.length - right.length || (left < right ? -1 : Number(left > right));
}
