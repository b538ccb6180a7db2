import { isRecord } from "../util/record.ts";

type ListResult = Readonly<Record<string, unknown>>;

/** The list in the result of each method. */
const LISTS: Readonly<Record<string, string>> = {
  "tools/list": "tools",
  "prompts/list": "prompts",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
};

// The pages of the decorated components follow those of the SDK's server. The prefix tells their
// cursors apart.
const CURSOR_PREFIX = "methodic:";

/** Appends the first page of the decorated components to the last page of the SDK's server. */
export function joinLists(method: string, last: ListResult, first: ListResult): ListResult {
  const list = LISTS[method] ?? "";
  return {
    ...last,
    ...markCursor(first),
    ...joinMeta(last, first),
    [list]: [...listIn(last, list), ...listIn(first, list)],
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

function listIn(result: ListResult, list: string): readonly unknown[] {
  const items = result[list];
  return Array.isArray(items) ? items : [];
}

/** The answer names the SDK's server, and keeps what either side says in its metadata. */
function joinMeta(last: ListResult, first: ListResult): ListResult {
  const [theirs, ours] = [last["_meta"], first["_meta"]];
  if (!isRecord(theirs) && !isRecord(ours)) return {};
  return { _meta: { ...(isRecord(ours) && ours), ...(isRecord(theirs) && theirs) } };
}

/** A client may keep the whole list no longer, and for no more callers, than each part. */
function joinCacheHints(last: ListResult, first: ListResult): ListResult {
  const [theirs, ours] = [last["ttlMs"], first["ttlMs"]];
  if (typeof theirs !== "number" || typeof ours !== "number") return {};
  const isPublic = last["cacheScope"] === "public" && first["cacheScope"] === "public";
  return { ttlMs: Math.min(theirs, ours), cacheScope: isPublic ? "public" : "private" };
}
