import { describeVersion } from "../manifest/versions.ts";
import type { Component } from "../registry/component.ts";
import { type ComponentTable, computeFrom } from "../registry/component-table.ts";
import type { RequestAccess } from "./access.ts";
import {
  endPage,
  type ListMethod,
  type NextPage,
  type PageRange,
  readCursor,
  refuseCursors,
  takePage,
} from "./pages.ts";
import { type ShownComponent, showVersions } from "./versions.ts";

/** A component that lists describe. */
interface Described<D> extends Component {
  readonly description: D;
}

type Description = { readonly _meta?: object };

interface ListPage<D> {
  readonly entries: readonly D[];
  readonly next: NextPage;
}

/** Prepares a list, whose pages the returned function answers. */
export function prepareList<D extends Description>(
  list: ListMethod,
  table: ComponentTable<Described<D>>,
  pageSize: number | undefined,
): (access: RequestAccess, cursor: string | undefined) => Promise<ListPage<D>> {
  const prepare = computeFrom([table], () => {
    const all = table.listed();
    const whole = { entries: all.map(({ description }) => description), next: {} };
    return { whole, isOpen: !table.isVersioned && all.every(({ access }) => access === undefined) };
  });
  return async (access, cursor) => {
    if (pageSize !== undefined) {
      const range = { after: readCursor(list, cursor)?.order, pageSize };
      const { entries, next } = endPage(list, await describeAll(table, access, range), pageSize);
      return { entries: entries.map(({ description }) => description), next };
    }
    refuseCursors(list, cursor);
    const { whole, isOpen } = prepare();
    const isWhole = !access.variesByRequest && (isOpen || (access.isTrusted && !table.isVersioned));
    if (isWhole) return whole;
    return { entries: (await describeAll(table, access)).map(({ description }) => description), next: {} };
  };
}

/**
 * Describes the components that the caller may see, of each the version that it gets.
 * @param range The part that a page needs, and one entry more. Default: all
 */
export async function describeAll<D extends Description>(
  table: ComponentTable<Described<D>>,
  access: RequestAccess,
  range?: PageRange,
): Promise<readonly { readonly order: number; readonly description: D }[]> {
  if (!table.isVersioned) {
    const all = table.listed();
    return await (range ? takePage(all, range, (candidates) => access.filter(candidates)) : access.filter(all));
  }
  const families = table.families();
  const shown = await (range
    ? takePage(families, range, (candidates) => showVersions(candidates, access))
    : showVersions(families, access));
  return shown.map(({ order, component, versions }: ShownComponent<Described<D>>) => ({
    order,
    description: versions ? describeVersion(component.description, versions) : component.description,
  }));
}
