import { decodeBase64Url, encodeBase64Url } from "../util/base64.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import { quote } from "../util/text.ts";
import { RequestError } from "./failures.ts";

/** The methods that return a list in pages. */
export type ListMethod = "tools/list" | "resources/list" | "resources/templates/list" | "prompts/list";

/**
 * The last entry that a client has read: a component or, in a list of resources, a URI that a
 * template lists. Places do not refer to other components, so that a cursor stays valid while these
 * change.
 */
export interface Place {
  readonly order: number;
  readonly uri?: string;
}

/** The continuation of a list; without a cursor, the page is the last. */
export interface NextPage {
  readonly nextCursor?: string;
}

/** A list, or a page of it. */
export type Paged<List> = List & NextPage;

/** Writes a cursor. It holds only what the client has read, so it need not be secret. */
export function writeCursor(list: ListMethod, { order, uri }: Place): string {
  const text = JSON.stringify(uri === undefined ? [list, order] : [list, order, uri]);
  return encodeBase64Url(new TextEncoder().encode(text));
}

/**
 * Reads a client's cursor; undefined for the start of the list. Some clients send an empty one.
 * @throws RequestError if it is not a cursor of this list
 */
export function readCursor(list: ListMethod, cursor: string | undefined): Place | undefined {
  if (!cursor) return undefined;
  const [method, order, uri, ...others] = decodeCursor(cursor);
  const isPlace = Number.isSafeInteger(order) && (uri === undefined || typeof uri === "string") && others.length === 0;
  if (typeof method !== "string" || !isPlace) {
    refuseCursor(list, cursor, "Send the nextCursor of the page before, or leave it out for the first page.");
  }
  if (method !== list) refuseCursor(list, cursor, `It belongs to the list of ${quote(method)}. Send it there.`);
  return { order: order as number, ...(typeof uri === "string" && { uri }) };
}

/**
 * Refuses a cursor where lists have one page.
 * @throws RequestError if there is one
 */
export function refuseCursors(list: ListMethod, cursor: string | undefined): void {
  if (cursor) refuseCursor(list, cursor, "Leave it out: the lists of this server have one page.");
}

function refuseCursor(list: ListMethod, cursor: string, fix: string): never {
  throw new RequestError(INVALID_PARAMS, `${list}: invalid parameter 'cursor': ${quote(cursor)}. ${fix}`);
}

function decodeCursor(cursor: string): readonly unknown[] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(decodeBase64Url(cursor));
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** A component, or a name with several versions, at its place in a list. */
interface Placed {
  readonly order: number;
}

/** The part of a list that a page needs. */
export interface PageRange {
  /** The place of the last entry of the page before. */
  readonly after: number | undefined;
  readonly pageSize: number;
}

/**
 * Returns the entries of a page that the caller may see, and one more if there is another page.
 * Selects from only as many candidates as that takes.
 * @param all In the order of the list
 */
export async function takePage<C extends Placed, E extends Placed>(
  all: readonly C[],
  { after = 0, pageSize }: PageRange,
  select: (candidates: readonly C[]) => Promise<readonly E[]>,
): Promise<readonly E[]> {
  const rest = all.filter(({ order }) => order > after);
  const page: E[] = [];
  for (let i = 0; i < rest.length && page.length <= pageSize; i += pageSize + 1) {
    page.push(...(await select(rest.slice(i, i + pageSize + 1))));
  }
  return page.slice(0, pageSize + 1);
}

/** Splits the entries of a page from the one that shows that there is another. */
export function endPage<P extends Place>(
  list: ListMethod,
  found: readonly P[],
  pageSize: number,
): { readonly entries: readonly P[]; readonly next: NextPage } {
  const entries = found.slice(0, pageSize);
  const last = entries.at(-1);
  const hasMore = last !== undefined && found.length > pageSize;
  return { entries, next: hasMore ? { nextCursor: writeCursor(list, last) } : {} };
}
