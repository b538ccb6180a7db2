import { explainErrors } from "../json-schema/explain.ts";
import { coerceText } from "../json-schema/repair.ts";
import { reviveInput } from "../json-schema/revive.ts";
import type { Resource, ResourceTemplate } from "../registry/component.ts";
import type { MatchedValues, ListText } from "../uri-template/uri-template.ts";
import { encodeBase64 } from "../util/base64.ts";
import type { RequestAccess } from "./access.ts";
import { type ResourceContents, isContentBlock, isResourceContents, resourceProblem } from "./content.ts";
import type { DispatchDeps, DispatchRequest } from "./dispatch.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import { isA, RequestError, reportInvalidResult, resourceFailure } from "./failures.ts";
import { type InputRequiredResult, isInputRequired } from "./input-required-result.ts";
import { invoke } from "./invoke.ts";
import type { Input } from "../manifest/format.ts";

import { InvalidResultError, plain } from "./results.ts";

/** The answer to `resources/read`. */
export interface ReadResourceResult {
  readonly contents: readonly ResourceContents[];
}

/** Answers `resources/read`: a resource of exactly this URI, else the most specific template that matches. */
export async function readResource(
  dispatch: DispatchDeps,
  uri: string,
  request: DispatchRequest,
): Promise<ReadResourceResult | InputRequiredResult> {
  const { component, input } = await locate(dispatch, uri, request.access);
  try {
    const value = await invoke(component, input, request);
    if (isInputRequired(value)) return value;
    const contents = toResourceContents(value, { uri, mimeType: component.mimeType });
    if (!contents) throw notFound(uri);
    return { contents };
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (request.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      throw new RequestError(INTERNAL_ERROR, reportInvalidResult(`Resource ${uri}`, error.message, dispatch.failures), {
        uri,
      });
    }
    throw resourceFailure(error, uri, dispatch.failures);
  }
}

/** Rejects if no resource answers to the URI: whoever asks to hear of its changes must be told so. */
export async function assertResource(dispatch: DispatchDeps, uri: string, access: RequestAccess): Promise<void> {
  await locate(dispatch, uri, access);
}

async function locate(
  { registry }: DispatchDeps,
  uri: string,
  access: RequestAccess,
): Promise<{ readonly component: Resource | ResourceTemplate; readonly input: Input }> {
  const found = access.findResource(registry, uri);
  // What a caller may not use is not there. A wider template does not step in: it would show what a narrower one keeps.
  if (!found || !(await access.allows(found.component))) throw notFound(uri);
  if (!found.match) return { component: found.component, input: {} };
  const { component, match } = found;
  if ("problem" in match) throw invalidUri(uri, [match.problem]);
  const danger = rejectPathTraversal(match.values, component.checkedVariables);
  if (danger !== undefined) throw new RequestError(RESOURCE_NOT_FOUND, `Resource not found: ${danger}.`, { uri });
  return { component, input: readVariables(component, match.values, uri) };
}

function readVariables({ member }: ResourceTemplate, values: MatchedValues, uri: string): Input {
  const { inputSchema, validators, revival } = member;
  const input = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      coerceText(value, inputSchema.properties?.[name] ?? {}, inputSchema),
    ]),
  );
  const read = validators.input(input)
    ? reviveInput(input, revival)
    : { problems: explainErrors(validators.input.errors ?? [], { value: input, schema: inputSchema }) };
  if ("input" in read) return read.input;
  throw invalidUri(uri, read.problems);
}

/** A URI as a message shows it, cut if somebody sent a whole document. */
function shortUri(uri: string): string {
  return uri.length > 500 ? `${uri.slice(0, 499)}…` : uri;
}

function notFound(uri: string): RequestError {
  return new RequestError(RESOURCE_NOT_FOUND, `Resource not found: ${shortUri(uri)}`, { uri });
}

function invalidUri(uri: string, problems: readonly string[]): RequestError {
  return new RequestError(INVALID_PARAMS, `Invalid resource URI ${shortUri(uri)}: ${problems.join("; ")}`, { uri });
}

/** What the contents get where the method does not say it. */
export interface ContentsDefaults {
  readonly uri: string;
  readonly mimeType: string | undefined;
}

/**
 * Turns what a resource's method returned into contents: text, bytes, JSON, or contents as MCP has them.
 * @returns nothing for `undefined`, with which a method says that there is no such resource
 */
function toResourceContents(value: unknown, defaults: ContentsDefaults): readonly ResourceContents[] | undefined {
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

/**
 * Says what makes a value of a resource template dangerous to a method that makes a path, a URL or a query of it.
 * @param screened The variables to look at
 * @returns The first problem, as `the value of 'x' …`
 */
export function rejectPathTraversal(values: MatchedValues, screened: readonly string[]): string | undefined {
  for (const name of screened) {
    const value = values[name];
    const problem = value === undefined ? undefined : textsOf(value).map(findDanger).find(Boolean);
    if (problem !== undefined) return `the value of '${name}' ${problem}`;
  }
  return undefined;
}

/** A list is looked at as a whole and item by item, because the method gets either. */
function textsOf(value: string | ListText): readonly string[] {
  return typeof value === "string" ? [value] : [value.text, ...value.items];
}

function findDanger(text: string): string | undefined {
  // What was encoded twice is often decoded again further on, so it counts as what it will be.
  return dangerOf(text) ?? dangerOf(decodeAscii(text));
}

function dangerOf(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return "has a control character";
  // Blanks around the dots, because Windows drops them. Names such as `...` or `a..b` are none of this.
  if (text.split(/[/\\]/).some((segment) => segment.trim() === "..")) return "has a '..' segment";
  if (/^(?:[/\\]|[A-Za-z]:)/.test(text)) return "is an absolute path";
  return undefined;
}

/** Decodes what is there of percent-encoded ASCII; what is no valid encoding stays as it is. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
