import { isDeeperThan } from "../util/json-depth.ts";
import { INVALID_REQUEST, PARSE_ERROR } from "../util/json-rpc.ts";
import { quote, shorten } from "../util/text.ts";
import { isJson } from "../util/media-types.ts";
import {
  type BodyArrival,
  BodyConsumedError,
  BodyCutOffError,
  BodyTooLargeError,
  type HttpRequest,
} from "./request.ts";
import { errorResponse, internalErrorResponse } from "./responses.ts";

/** The parsed JSON of a POST, or the response that refuses it. */
export type JsonBody =
  | { readonly ok: true; readonly message: unknown }
  | { readonly ok: false; readonly response: Response };

/** Limits of {@link readJsonBody}. */
export interface JsonBodyLimits {
  readonly bodySize: number;
  readonly jsonDepth: number;
  readonly arrival: BodyArrival;
}

/** Reads and parses the JSON of a POST. */
export async function readJsonBody(request: HttpRequest, limits: JsonBodyLimits): Promise<JsonBody> {
  const unsupported = checkHeaders(request.headers);
  if (unsupported) return { ok: false, response: unsupported };
  const body = await readBodyText(request, limits);
  return body.ok ? parseJson(body.text, limits.jsonDepth) : body;
}

function checkHeaders(headers: Headers): Response | undefined {
  const contentType = headers.get("content-type");
  if (!isJson(contentType)) {
    const problem =
      contentType === null ? "Missing Content-Type header." : `Unsupported Content-Type: ${quote(contentType)}.`;
    return errorResponse({ status: 415, message: `${problem} Send application/json.` });
  }
  const encoding = headers.get("content-encoding");
  if (encoding === null || encoding.toLowerCase() === "identity") return undefined;
  return errorResponse({
    status: 415,
    message: `Unsupported Content-Encoding: ${quote(encoding)}. Send the body uncompressed.`,
    headers: { "accept-encoding": "identity" },
  });
}

async function readBodyText(
  request: HttpRequest,
  { bodySize, arrival }: JsonBodyLimits,
): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly response: Response }> {
  if (Number(request.headers.get("content-length")) > bodySize) return { ok: false, response: tooLarge(bodySize) };
  try {
    return { ok: true, text: await request.readText(bodySize, arrival) };
  } catch (error) {
    return { ok: false, response: toErrorResponse(error, bodySize) };
  }
}

function toErrorResponse(error: unknown, bodySize: number): Response {
  if (error instanceof BodyTooLargeError) return tooLarge(bodySize);
  if (error instanceof BodyCutOffError) return tooSlow();
  if (error instanceof BodyConsumedError) return internalErrorResponse(error.message);
  // The client has disconnected, or the bytes are not UTF-8 (RFC 8259 §8.1).
  return errorResponse({ status: 400, code: PARSE_ERROR, message: "The body could not be read as UTF-8." });
}

function tooLarge(bodySize: number): Response {
  return errorResponse({
    status: 413,
    message: `The body is larger than ${bodySize} bytes, the maximum on this server.`,
    // The unread rest of the body would be parsed as the next request of the connection.
    headers: { connection: "close" },
  });
}

function tooSlow(): Response {
  const message = "The body did not arrive in time. Send the request again.";
  return errorResponse({ status: 408, message, headers: { connection: "close" } });
}

function parseJson(text: string, maxDepth: number): JsonBody {
  if (isDeeperThan(text, maxDepth)) {
    const message = `The body has more than ${maxDepth} levels of nested arrays and objects, the maximum on this server.`;
    return { ok: false, response: errorResponse({ status: 400, code: INVALID_REQUEST, message }) };
  }
  try {
    return { ok: true, message: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = text.trim() === "" ? "it is empty" : shorten((error as Error).message);
    const message = `The body is not valid JSON: ${reason}.`;
    return { ok: false, response: errorResponse({ status: 400, code: PARSE_ERROR, message }) };
  }
}
