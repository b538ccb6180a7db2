import type { Component } from "../registry/component.ts";
import type { ComponentTable, Family } from "../registry/component-table.ts";
import {
  compareVersions,
  isVersion,
  splitVersion,
  VERSION_KEY,
  versionOf,
  type VersionMeta,
} from "../manifest/versions.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import { quote } from "../util/text.ts";
import type { RequestAccess } from "./access.ts";
import { RequestError } from "./failures.ts";

/** The version that the components of a request continue in after a question to the client. */
export interface VersionHold {
  /** The version that ran in an earlier round trip; undefined in the first one. */
  readonly heldVersion: string | undefined;
  /** Keeps the version that runs for later round trips. */
  holdVersion(version: string): void;
}

/** The version of a component that a request gets. */
export interface ChosenVersion<C> {
  readonly component: C;
  /** All versions that the caller may use, newest first. */
  readonly usable: readonly C[];
}

type VersionChoice<C> = Partial<ChosenVersion<C>> & Pick<ChosenVersion<C>, "usable">;

/**
 * Chooses among the versions of a component that the caller may use: the version that the request
 * names, else the one that the server's option `versions` names, else the newest.
 * @param versions Newest first
 */
export async function chooseVersion<C extends Component>(
  versions: readonly C[],
  asked: string | undefined,
  access: RequestAccess,
): Promise<VersionChoice<C>> {
  const usable = await access.filter(versions);
  const [newest] = usable;
  if (!newest) return { usable };
  // What has never had versions has none to choose.
  const isUnversioned = versions.length === 1 && newest.version === undefined;
  const wanted = asked ?? (isUnversioned ? undefined : await access.findPin(newest));
  if (wanted === undefined) return { usable, component: newest };
  const component = usable.find((each) => hasVersion(each, wanted));
  return { usable, ...(component && { component }) };
}

/** Checks the version of a component against a text, which need not be a version. */
export function hasVersion(component: Component, text: string): boolean {
  return isVersion(text) && compareVersions(versionOf(component), text) === 0;
}

/** A component in a list, and its place there. */
export interface ShownComponent<C> {
  readonly order: number;
  readonly component: C;
  /** Undefined if the component has no versions. */
  readonly versions: VersionMeta | undefined;
}

/** Returns the version of each component that the caller sees in lists. */
export async function showVersions<C extends Component>(
  families: readonly Family<C>[],
  access: RequestAccess,
): Promise<readonly ShownComponent<C>[]> {
  const shown = await Promise.all(
    families.map(async ({ order, versions }) => {
      const { component, usable } = await chooseVersion(versions, undefined, access);
      return component && { order, component, versions: describeChoice({ component, usable }) };
    }),
  );
  return shown.filter((each) => each !== undefined);
}

function describeChoice<C extends Component>({ component, usable }: ChosenVersion<C>): VersionMeta | undefined {
  const others = usable.filter((other) => other !== component).map(versionOf);
  if (component.version === undefined && others.length === 0) return undefined;
  return { version: versionOf(component), others };
}

/** The component that a request asks for. */
interface Asked {
  /** Its name in messages, for example `tool "add"`. */
  readonly subject: string;
  readonly version: string | undefined;
}

/**
 * Finds the version of a component that a request gets, and keeps it for later round trips.
 * Undefined if the caller may not use any.
 * @throws RequestError if the caller may use other versions
 */
export async function findVersion<C extends Component>(
  versions: readonly C[],
  { subject, version }: Asked,
  search: { readonly access: RequestAccess } & Partial<VersionHold>,
): Promise<C | undefined> {
  const wanted = search.heldVersion ?? version;
  const { component, usable } = await chooseVersion(versions, wanted, search.access);
  if (component) {
    search.holdVersion?.(versionOf(component));
    return component;
  }
  const [newest] = usable;
  if (!newest) return undefined;
  const problem =
    wanted === undefined
      ? `No version of ${subject} is meant for this caller`
      : `Unknown version of ${subject}: ${quote(wanted)}`;
  const isOnly = usable.length === 1 && newest.version === undefined;
  const fix = isOnly
    ? "It has no versions: leave the version out."
    : `Ask for one of ${usable.map(versionOf).join(", ")}.`;
  throw new RequestError(INVALID_PARAMS, `${problem}. ${fix}`);
}

/** Reads the version that the metadata of a request's parameters asks for. */
export function readAskedVersion(params: unknown): string | undefined {
  const { _meta } = Object(params) as { readonly _meta?: { readonly [VERSION_KEY]?: { readonly version?: unknown } } };
  const version = _meta?.[VERSION_KEY]?.version;
  return typeof version === "string" ? version : undefined;
}

/** Returns the versions of a component that a request may get, whether or not the caller may. */
export async function selectVersions<C extends Component>(
  table: ComponentTable<C>,
  name: string,
  { version, access }: { readonly version: string | undefined; readonly access: RequestAccess },
): Promise<readonly C[]> {
  if (!table.isVersioned) return [table.find(name)].filter((component) => component !== undefined);
  const asked = splitVersion(name);
  const versions = table.versionsOf(table.versionsOf(name).length > 0 ? name : asked.name);
  const [newest] = versions;
  if (!newest) return [];
  const wanted = asked.version ?? version ?? (await access.findPin(newest));
  if (wanted === undefined) return versions;
  return versions.filter((each) => hasVersion(each, wanted));
}
