import type { ReadResourceResult } from "../context/component-calls.ts";
import type { ResourceContents } from "../context/content.ts";
import type { Input } from "../manifest/format.ts";
import type { Resource, ResourceTemplate } from "../registry/component.ts";
import type { FoundResource } from "../registry/registry.ts";
import type { ListText, MatchedValues } from "../uri-template/uri-template.ts";
import { encodeBase64 } from "../util/base64.ts";
import { INVALID_PARAMS, RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import { isRecord } from "../util/record.ts";
import { shorten } from "../util/text.ts";
import type { RequestAccess } from "./access.ts";
import { copyContents, isBlock, isResourceContents, toJson } from "./blocks.ts";
import { convertResult } from "./convert-result.ts";
import { findReadable, type Search, type VersionedUri } from "./find-component.ts";
import { reportFailures, RequestError } from "./failures.ts";
import {
  type DispatchDeps,
  type DispatchRequest,
  type InputRequiredResult,
  invoke,
  isInputRequired,
} from "./invoke.ts";
import { readTextInput } from "./read-input.ts";

/**
 * Answers `resources/read` with the resource of exactly this URI, else with the most specific
 * template that matches it.
 */
export async function readResource(
  deps: DispatchDeps,
  wanted: VersionedUri,
  request: DispatchRequest,
): Promise<ReadResourceResult | InputRequiredResult> {
  const { uri } = wanted;
  const { component, input } = await locateResource(deps, wanted, request);
  const shown = shorten(uri, MAX_URI);
  const subject = { id: component.id, label: `Resource ${shown}`, uri: shown };
  return reportFailures(subject, { request, failures: deps.failures }, async () => {
    const value = await invoke(deps, { subject, component, input, request });
    if (isInputRequired(value)) return await request.ask(value);
    // A method returns undefined for a URI that matches its template but does not exist.
    if (value === undefined) throw createNotFound(uri);
    const isDeclared = component.member.result === "content";
    const options = { uri, mimeType: component.mimeType, isDeclared };
    return convertResult(value, () => ({ contents: toResourceContents(value, options) }));
  });
}

/**
 * Rejects with a RequestError if the caller cannot read a resource of this URI. Its method does not
 * run.
 */
export async function assertResource(deps: DispatchDeps, uri: string, access: RequestAccess): Promise<void> {
  await locateResource(deps, { uri }, { access });
}

async function locateResource(
  deps: DispatchDeps,
  wanted: VersionedUri,
  search: Search,
): Promise<{ readonly component: Resource | ResourceTemplate; readonly input: Input }> {
  const { uri } = wanted;
  const found = await findReadable(deps.registry, wanted, search);
  if (!found) throw createNotFound(uri);
  if (!found.match) return { component: found.component, input: {} };
  const { component, match } = found;
  if ("problem" in match) throw createInvalidUri(uri, [`${match.problem}.`]);
  const problem = findPathTraversal(match.values, component.checkedVariables);
  if (problem !== undefined)
    throw new RequestError(RESOURCE_NOT_FOUND, `Resource not found: ${problem}.`, { uri: shorten(uri, MAX_URI) });
  const read = await readTextInput(component, match.values, deps);
  if ("problems" in read) throw createInvalidUri(uri, read.problems);
  return { component, input: read.input };
}

/** Explains why a listed resource cannot be read; undefined if it can. */
export async function explainUnreadable(
  deps: DispatchDeps,
  { component, match }: FoundResource,
): Promise<string | undefined> {
  if (!match) return undefined;
  if ("problem" in match) return `${match.problem}.`;
  const unsafe = findPathTraversal(match.values, component.checkedVariables);
  if (unsafe !== undefined)
    return `${unsafe}. If the method does not build a path from it, name the variable in allowUnsafeVariables.`;
  const read = await readTextInput(component, match.values, deps);
  return "problems" in read ? read.problems.join(" ") : undefined;
}

// An error must not repeat a whole document that was sent as a URI.
const MAX_URI = 500;

function createNotFound(uri: string): RequestError {
  const shown = shorten(uri, MAX_URI);
  return new RequestError(RESOURCE_NOT_FOUND, `Resource not found: ${shown}`, { uri: shown });
}

function createInvalidUri(uri: string, problems: readonly string[]): RequestError {
  const shown = shorten(uri, MAX_URI);
  return new RequestError(INVALID_PARAMS, `Invalid resource URI ${shown}: ${problems.join(" ")}`, { uri: shown });
}

interface ContentsOptions {
  readonly uri: string;
  readonly mimeType: string | undefined;
  /** The method's type declares contents. Otherwise, what has their form may be any data. */
  readonly isDeclared: boolean;
}

/**
 * Turns a resource method's return value into contents: text, bytes, JSON, or contents in MCP's
 * form.
 */
function toResourceContents(value: unknown, options: ContentsOptions): readonly ResourceContents[] {
  const { uri, mimeType, isDeclared } = options;
  const parts = readContents(value, isDeclared);
  if (parts) return parts.map((part) => ({ ...(mimeType !== undefined && { mimeType }), ...copyContents(part) }));
  if (typeof value === "string") return [{ uri, mimeType: mimeType ?? "text/plain", text: value }];
  const bytes = toBytes(value);
  if (bytes) return [{ uri, mimeType: mimeType ?? "application/octet-stream", blob: encodeBase64(bytes) }];
  return [{ uri, mimeType: mimeType ?? "application/json", text: JSON.stringify(toJson(value) ?? null) }];
}

/**
 * Reads contents in the forms that authors may return: `{ contents }`, an array, a single one, or
 * `file(…)` blocks.
 */
function readContents(value: unknown, isDeclared: boolean): readonly ResourceContents[] | undefined {
  const inside = isDeclared && isRecord(value) && "contents" in value ? value["contents"] : value;
  const list: readonly unknown[] = Array.isArray(inside) ? inside : [inside];
  const parts = list.flatMap((item) => {
    if (isBlock(item, isDeclared) && item.type === "resource") return [item.resource];
    return isDeclared && isResourceContents(item) ? [item] : [];
  });
  // An empty list that is not declared as contents is data.
  return parts.length === list.length && (parts.length > 0 || isDeclared) ? parts : undefined;
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

/**
 * Finds a variable whose value would leave the directory, URL or query that a method builds from
 * it.
 * @param checkedVariables Names of the variables to check
 * @returns The first problem, as `the value of 'x' …`
 */
export function findPathTraversal(values: MatchedValues, checkedVariables: readonly string[]): string | undefined {
  for (const name of checkedVariables) {
    const value = values[name];
    const problem = value === undefined ? undefined : listTexts(value).map(findDanger).find(Boolean);
    if (problem !== undefined) return `the value of '${name}' ${problem}`;
  }
  return undefined;
}

/**
 * Lists the texts of a value to check. A list is checked as a whole and item by item, because the
 * method may receive either.
 */
function listTexts(value: string | ListText): readonly string[] {
  return typeof value === "string" ? [value] : [value.text, ...value.items];
}

function findDanger(text: string): string | undefined {
  // Text that was encoded twice is often decoded again by the method, so both forms are checked.
  return dangerOf(text) ?? dangerOf(decodeAscii(text));
}

function dangerOf(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return "has a control character";
  // Windows ignores spaces around the dots. Names such as `...` and `a..b` are harmless.
  if (text.split(/[/\\]/).some((segment) => segment.trim() === "..")) return "has a '..' segment";
  if (/^(?:[/\\]|[A-Za-z]:)/.test(text)) return "is an absolute path";
  return undefined;
}

/** Decodes percent-encoded ASCII and leaves invalid encodings as they are. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
