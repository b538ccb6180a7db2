import type { CacheHint } from "../decorators/definition.ts";
import { combineHints } from "../dispatch/cache-hints.ts";
import type { ListMethod } from "../dispatch/pages.ts";
import { isRecord } from "../util/record.ts";
import { COMPONENT_LISTS, itemsOf } from "./sdk-names.ts";

type ListResult = Readonly<Record<string, unknown>>;

// The pages of the decorated components follow those of the SDK's server. The prefix tells their
// cursors apart.
const CURSOR_PREFIX = "methodic:";

/** Appends the first page of the decorated components to the last page of the SDK's server. */
export function joinLists(method: ListMethod, last: ListResult, first: ListResult): ListResult {
  const { list } = COMPONENT_LISTS[method];
  return {
    ...last,
    ...markCursor(first),
    ...joinMeta(last, first),
    [list]: [...itemsOf(last, method), ...itemsOf(first, method)],
    ...joinCacheHints(last, first),
  };
}

/** Marks the cursor of a page of decorated components. */
export function markCursor(page: ListResult): ListResult {
  const { nextCursor } = page;
  return typeof nextCursor === "string" ? { ...page, nextCursor: CURSOR_PREFIX + nextCursor } : page;
}

/** Returns the parameters of a request for a page of the decorated components, without the mark. */
export function readOwnPage(params: unknown): object | undefined {
  const { cursor, ...others } = Object(params) as { readonly cursor?: unknown };
  if (typeof cursor !== "string" || !cursor.startsWith(CURSOR_PREFIX)) return undefined;
  return { ...others, cursor: cursor.slice(CURSOR_PREFIX.length) };
}

/** Returns the parameters of a request for the first page. */
export function withoutCursor(params: unknown): object {
  const { cursor: _, ...others } = Object(params) as { readonly cursor?: unknown };
  return others;
}

/** Joins the metadata of both pages. That of the SDK's server, which names it, takes precedence. */
function joinMeta(last: ListResult, first: ListResult): ListResult {
  const [theirs, ours] = [last["_meta"], first["_meta"]];
  if (!isRecord(theirs) && !isRecord(ours)) return {};
  return { _meta: { ...(isRecord(ours) && ours), ...(isRecord(theirs) && theirs) } };
}

/** A client may keep the whole list no longer, and for no more callers, than each part. */
function joinCacheHints(last: ListResult, first: ListResult): ListResult {
  if (typeof last["ttlMs"] !== "number" || typeof first["ttlMs"] !== "number") return {};
  return { ...combineHints([last, first] as readonly CacheHint[]) };
}
