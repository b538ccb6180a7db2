import { encodeBase64 } from "./base64.ts";
import { isContentBlock, isResourceContents, type ResourceContents } from "./content.ts";
import { resourceProblem } from "./block-problem.ts";
import { InvalidResultError, plain } from "./results.ts";

/** What the contents get where the method does not say it. */
export interface ContentsDefaults {
  readonly uri: string;
  readonly mimeType: string | undefined;
}

/**
 * Turns what a resource's method returned into contents: text, bytes, JSON, or contents as MCP has them.
 * @returns nothing for `undefined`, with which a method says that there is no such resource
 */
export function toResourceContents(
  value: unknown,
  defaults: ContentsDefaults,
): readonly ResourceContents[] | undefined {
  if (value === undefined) return undefined;
  const parts = contentsOf(value);
  if (parts)
    return parts.map((part) => ({
      ...(defaults.mimeType !== undefined && { mimeType: defaults.mimeType }),
      ...plainContents(part),
    }));
  const { uri, mimeType } = defaults;
  if (typeof value === "string") return [{ uri, mimeType: mimeType ?? "text/plain", text: value }];
  const bytes = bytesOf(value);
  if (bytes) return [{ uri, mimeType: mimeType ?? "application/octet-stream", blob: encodeBase64(bytes) }];
  return [{ uri, mimeType: mimeType ?? "application/json", text: JSON.stringify(plain(value) ?? null) }];
}

function plainContents(part: ResourceContents): ResourceContents {
  const copy = plain(part) as unknown as ResourceContents;
  const problem = resourceProblem(copy as never);
  if (problem !== undefined) throw new InvalidResultError(`the contents of '${copy.uri}' are wrong: ${problem}`);
  return copy;
}

/** Contents in one of the forms that authors write them: `{ contents }`, an array, a single one, or `file(…)` blocks. */
function contentsOf(value: unknown): readonly ResourceContents[] | undefined {
  const inside = typeof value === "object" && value !== null && "contents" in value ? value.contents : value;
  const list: readonly unknown[] = Array.isArray(inside) ? inside : [inside];
  const parts = list.map((item) => (isContentBlock(item) && item.type === "resource" ? item.resource : item));
  return parts.length > 0 && parts.every(isResourceContents) ? parts : undefined;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}
