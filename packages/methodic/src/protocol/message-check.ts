import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  RELATED_TASK_META_KEY,
} from "@modelcontextprotocol/server";
import { LOG_LEVELS } from "../context/create-logger.ts";
import { formatValue, formatValuePath } from "../json-schema/wording.ts";
import { VERSION_KEY } from "../manifest/versions.ts";
import {
  INVALID_PARAMS,
  INVALID_REQUEST,
  isResponse,
  type MessageId,
  MODERN_REVISION,
  readId,
  readMethod,
  UNSUPPORTED_REVISION,
} from "../util/json-rpc.ts";
import { isRecord } from "../util/record.ts";
import { quote, shorten } from "../util/text.ts";
import {
  type Expected,
  findMismatch,
  flag,
  isText,
  listOf,
  type Mismatch,
  number,
  object,
  oneOf,
  optional,
  recordOf,
  text,
  token,
} from "./expected.ts";

/** The JSON-RPC error that refuses a message. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly data?: object;
}

/** Creates the response that refuses a request. */
export function toErrorResponse(id: MessageId, error: Refusal): { jsonrpc: "2.0"; id: MessageId; error: Refusal } {
  return { jsonrpc: "2.0", id, error };
}

const page = { cursor: optional(text) };
const uri = { uri: text };
const named = { ...text, fix: "Send a name." };
// Clients leave fields of their forms empty in various ways.
const promptArguments = recordOf({
  accepts: (value) => isText(value) || value === null,
  fix: "The arguments of prompts are strings: send it as text.",
});
const reference: Expected = {
  accepts: (ref) =>
    isRecord(ref) &&
    ((ref["type"] === "ref/prompt" && isText(ref["name"])) || (ref["type"] === "ref/resource" && isText(ref["uri"]))),
  fix: 'Send { "type": "ref/prompt", "name": … } or { "type": "ref/resource", "uri": … }.',
};
const task = object({ ttl: optional(number) });
const jsonObject = { ...object(), accepts: (value: unknown) => isRecord(value) && isJson(value) };
const json = optional(jsonObject);
const capabilities = object({
  experimental: optional(recordOf(jsonObject)),
  sampling: optional(object({ context: json, tools: json })),
  elicitation: optional(object({ form: optional(object({ applyDefaults: optional(flag) })), url: json })),
  roots: optional(object({ listChanged: optional(flag) })),
  tasks: optional(
    object({
      list: json,
      cancel: json,
      requests: optional(
        object({
          sampling: optional(object({ createMessage: json })),
          elicitation: optional(object({ create: json })),
        }),
      ),
    }),
  ),
  extensions: optional(recordOf(jsonObject)),
});
const icon = object({
  src: text,
  mimeType: optional(text),
  sizes: optional(listOf(text)),
  theme: optional(oneOf(["light", "dark"])),
});
const clientInfo = object({
  name: text,
  version: text,
  title: optional(text),
  websiteUrl: optional(text),
  description: optional(text),
  icons: optional(listOf(icon)),
});
const level = oneOf(LOG_LEVELS);

/** The parameters of each method. Those of other methods are not known. */
const PARAMS: ReadonlyMap<string, Expected> = new Map(
  Object.entries({
    initialize: object({ protocolVersion: text, capabilities, clientInfo }),
    "logging/setLevel": object({ level }),
    "tools/list": object(page),
    "tools/call": object({ name: named, arguments: optional(object()), task: optional(task) }),
    "resources/list": object(page),
    "resources/templates/list": object(page),
    "resources/read": object(uri),
    "resources/subscribe": object(uri),
    "resources/unsubscribe": object(uri),
    "prompts/list": object(page),
    "prompts/get": object({ name: named, arguments: optional(promptArguments) }),
    "completion/complete": object({
      ref: reference,
      argument: object({ name: named, value: text }),
      context: optional(object({ arguments: optional(promptArguments) })),
    }),
    "subscriptions/listen": object({
      notifications: object({
        toolsListChanged: optional(flag),
        promptsListChanged: optional(flag),
        resourcesListChanged: optional(flag),
        resourceSubscriptions: optional(listOf(text)),
      }),
    }),
  }),
);

const meta = object({
  progressToken: optional(token),
  [RELATED_TASK_META_KEY]: optional(object({ taskId: text })),
  [VERSION_KEY]: optional(object({ version: text })),
});
const MESSAGE = object({
  jsonrpc: { accepts: (version) => version === "2.0", fix: 'Send "2.0".' },
  method: text,
  id: optional(token),
  params: optional(object({ _meta: optional(meta) })),
});
const MEMBERS: readonly string[] = ["jsonrpc", "method", "id", "params"];

/** The metadata that each request of 2026-07-28 carries. */
const ENVELOPE = object({
  _meta: object({
    [PROTOCOL_VERSION_META_KEY]: text,
    [CLIENT_CAPABILITIES_META_KEY]: capabilities,
    [CLIENT_INFO_META_KEY]: optional(clientInfo),
    [LOG_LEVEL_META_KEY]: optional(level),
  }),
});

/**
 * Checks the form of a message, as far as it is the same for all methods. The SDK reports an
 * invalid one with the text of its validation library, or not at all.
 */
export function checkMessage(message: unknown): Refusal | undefined {
  if (!isRecord(message)) return refuseMessage(`${formatValue(message)}. Send an object.`);
  if (!("method" in message)) {
    const isValid = isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);
    return isValid ? undefined : refuseMessage("neither a request nor a response. Send a method, or a result.");
  }
  const mismatch = findMismatch(message, MESSAGE);
  if (mismatch) {
    const [member, ...path] = mismatch.path;
    const { value, fix } = mismatch;
    if (path.length === 0) return refuseMessage(`'${member}': ${formatValue(value)}. ${fix}`);
    return refuseParams(String(readMethod(message)), message["params"], { ...mismatch, path });
  }
  for (const member in message)
    if (!MEMBERS.includes(member)) return refuseMessage(`unknown member ${quote(member)}. Leave it out.`);
  return undefined;
}

/**
 * Creates the error response that stands for an invalid response, so that the call that waits for
 * it ends; undefined for other messages.
 */
export function toFailedResponse(message: unknown): JSONRPCErrorResponse | undefined {
  const id = isResponse(message) ? readId(message) : undefined;
  if (id === undefined || !checkMessage(message)) return undefined;
  return toErrorResponse(id, { code: INVALID_REQUEST, message: `invalid response: ${formatValue(message)}` });
}

/** Checks the parameters of a request. */
export function checkParams(method: string, params: unknown): Refusal | undefined {
  return check(PARAMS.get(method), method, params ?? {});
}

/** Checks the metadata that a request of 2026-07-28 carries. */
export function checkEnvelope(method: string, params: unknown): Refusal | undefined {
  return check(ENVELOPE, method, params ?? {});
}

/** Checks a message of 2026-07-28, as far as the SDK's entries read it. */
export function checkModernMessage(message: unknown): Refusal | undefined {
  if (Array.isArray(message))
    return { code: INVALID_REQUEST, message: `MCP ${MODERN_REVISION} has no batches. Send one message at a time.` };
  const refusal = checkMessage(message);
  const method = readMethod(message);
  if (refusal || method === undefined || readId(message) === undefined) return refusal;
  const { params } = message as { readonly params?: unknown };
  // The SDK answers subscriptions before a server sees them.
  return checkEnvelope(method, params) ?? (method === "subscriptions/listen" ? checkParams(method, params) : undefined);
}

/**
 * Checks the revision that a valid message of a connection names. The SDK checks only the first
 * message of a connection.
 */
export function checkRevision({ params }: { readonly params?: unknown }): Refusal | undefined {
  const { _meta: meta } = (params ?? {}) as { readonly _meta?: { readonly [key: string]: unknown } };
  const requested = meta?.[PROTOCOL_VERSION_META_KEY];
  if (requested === MODERN_REVISION) return undefined;
  const message = `Unsupported protocol version: ${quote(String(requested))}. Use ${MODERN_REVISION}.`;
  return { code: UNSUPPORTED_REVISION, message, data: { supported: [MODERN_REVISION], requested } };
}

// `1e400` is parsed as Infinity, which the SDK does not accept as JSON.
const MAX_DEPTH = 100;

function isJson(value: unknown, depth = 0): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((part) => isJson(part, depth + 1));
}

/** Checks whether a message says that it is of 2026-07-28, validly or not. */
export function claimsModernEra(message: unknown): boolean {
  const given = (message as { readonly params?: { readonly _meta?: unknown } } | null)?.params?._meta;
  return isRecord(given) && PROTOCOL_VERSION_META_KEY in given;
}

function check(expected: Expected | undefined, method: string, params: unknown): Refusal | undefined {
  const mismatch = expected && findMismatch(params, expected);
  return mismatch && refuseParams(method, params, mismatch);
}

function refuseMessage(problem: string): Refusal {
  return { code: INVALID_REQUEST, message: `Invalid JSON-RPC 2.0 message: ${problem}` };
}

function refuseParams(method: string, params: unknown, { path, value, fix }: Mismatch): Refusal {
  const name = path.length === 0 ? "params" : `parameter '${formatValuePath(path, params)}'`;
  const problem = value === undefined ? `missing ${name}.` : `invalid ${name}: ${formatValue(value)}.`;
  return { code: INVALID_PARAMS, message: `${shorten(method)}: ${problem} ${fix}` };
}
