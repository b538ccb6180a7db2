import { MethodicError } from "../errors.ts";
import { HOW_TO_COMPILE } from "../manifest/read.ts";
import type { InjectedParameter, Wiring } from "../manifest/site-data.ts";
import type { StartupErrors } from "../registry/startup-errors.ts";
import { codeFor, type EntryList } from "./definition.ts";
import { CONTEXT, type Entry } from "./entry.ts";

/** The entries of a server by list and position; undefined in place of an invalid one. */
export type EntryLists = { readonly [list in EntryList]: readonly (Entry | undefined)[] };

const LISTS: readonly EntryList[] = ["providers", "services"];

/**
 * Gives each entry the entries that its constructor or factory needs, as the compiler found them.
 * Returns the entries whose dependencies are unknown. Errors are collected.
 */
export function connectEntries(
  lists: EntryLists,
  wiring: Wiring | undefined,
  errors: StartupErrors,
): ReadonlySet<Entry> {
  const unknown = new Set<Entry>();
  const isStale = wiring !== undefined && LISTS.some((list) => wiring[list].length !== lists[list].length);
  if (isStale) errors.add(describeStale(lists, wiring));
  for (const list of LISTS) {
    for (const [index, entry] of lists[list].entries()) {
      if (!entry?.maker) continue;
      if (wiring && !isStale) entry.dependencies = (wiring[list][index] ?? []).map((ref) => findEntry(lists, ref));
      else if (entry.maker.length > 0) unknown.add(entry);
      if (!wiring && unknown.has(entry)) errors.add(describeUncompiled(entry, entry.maker.length));
    }
  }
  return unknown;
}

function findEntry(lists: EntryLists, ref: InjectedParameter): Entry | undefined {
  if (ref === null) return undefined;
  if (ref === "context") return CONTEXT;
  const [kind, index] = ref;
  return lists[kind === "service" ? "services" : "providers"][index];
}

function describeStale(lists: EntryLists, wiring: Wiring): MethodicError {
  const count = (counted: Wiring | EntryLists): string =>
    LISTS.map((list) => `${counted[list].length} ${list}`).join(" and ");
  return new MethodicError(
    "MISSING_MANIFEST",
    `createServer was compiled with ${count(wiring)}, but gets ${count(lists)}. Write the lists out in the call, and build again.`,
  );
}

function describeUncompiled({ definition: { list, name, source } }: Entry, count: number): MethodicError {
  const what = source.kind === "class" ? `${name} needs` : `The factory of ${name} needs`;
  const fix =
    source.kind === "class" ? `Or list an instance: ${list}: [new ${name}(…)].` : "Or write it without parameters.";
  return new MethodicError(
    codeFor(list),
    `${what} ${count} argument${count === 1 ? "" : "s"}, but the call of createServer does not say which: the Methodic compiler has not seen it. ${HOW_TO_COMPILE} ${fix}`,
  );
}

/**
 * Sorts entries so that each one comes after those that it needs, and otherwise as they are listed.
 * Cycles are reported.
 */
export function sortEntries(lists: EntryLists, errors: StartupErrors): readonly Entry[] {
  const sorted = new Set<Entry>();
  const path: Entry[] = [];
  const visit = (entry: Entry): void => {
    if (sorted.has(entry)) return;
    const start = path.indexOf(entry);
    if (start !== -1) return errors.add(describeCycle(path.slice(start)));
    path.push(entry);
    for (const needed of entry.dependencies) if (needed) visit(needed);
    path.pop();
    sorted.add(entry);
  };
  for (const list of LISTS) for (const entry of lists[list]) if (entry) visit(entry);
  return [...sorted];
}

function describeCycle(cycle: readonly Entry[]): MethodicError {
  const names = cycle.map(({ definition }) => definition.name);
  const [first = ""] = names;
  return new MethodicError(
    "INVALID_DEPENDENCY",
    `${first} needs itself: ${[...names, first].join(" -> ")}. Remove one of these parameters, or move what two of the classes share to a third.`,
  );
}

/** Reports entries that outlive what they need. */
export function checkScopes(entries: readonly Entry[], errors: StartupErrors): void {
  for (const { definition, dependencies } of entries) {
    const needed = definition.isPerRequest ? undefined : dependencies.find((entry) => entry?.definition.isPerRequest);
    if (!needed) continue;
    const { name } = needed.definition;
    errors.add(
      new MethodicError(
        "INVALID_DEPENDENCY",
        `${definition.name} exists once and needs ${name}, which exists for one call (scope "request"). Use it in the methods instead: await ctx.use(${name}).`,
      ),
    );
  }
}
