import { BodyConsumedError, BodyTooLargeError, type HttpRequest } from "./request.ts";
import { INVALID_REQUEST, PARSE_ERROR } from "../util/json-rpc.ts";
import { excerpt, refuse, refuseInternal } from "./responses.ts";

/** Reads the JSON of a POST, or says why it cannot be read. */
export async function readMessage(
  request: HttpRequest,
  limits: { readonly bodySize: number; readonly jsonDepth: number },
): Promise<{ readonly message: unknown } | Response> {
  const contentType = request.headers.get("content-type");
  if (!isJson(contentType)) {
    const given = contentType === null ? "it is missing" : `it is '${excerpt(contentType)}'`;
    return refuse({ status: 415, message: `The Content-Type must be application/json, and ${given}.` });
  }
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    return refuse({
      status: 415,
      message: `The body must not be compressed, and its Content-Encoding is '${excerpt(encoding)}'.`,
      headers: { "accept-encoding": "identity" },
    });
  }
  const text = await readText(request, limits.bodySize);
  if (typeof text !== "string") return text;
  if (isDeeperThan(text, limits.jsonDepth)) {
    return refuse({
      status: 400,
      code: INVALID_REQUEST,
      message: `The body nests arrays and objects deeper than ${limits.jsonDepth} levels.`,
    });
  }
  try {
    return { message: JSON.parse(text) as unknown };
  } catch (error) {
    const why = text.trim() === "" ? "it is empty" : excerpt((error as Error).message);
    return refuse({ status: 400, code: PARSE_ERROR, message: `The body is not JSON: ${why}.` });
  }
}

async function readText(request: HttpRequest, bodySize: number): Promise<string | Response> {
  const tooLarge = (): Response =>
    // What was not read stands in the way of the next request on this connection.
    refuse({
      status: 413,
      message: `The body is larger than ${bodySize} bytes, the most this server takes.`,
      headers: { connection: "close" },
    });
  if (Number(request.headers.get("content-length")) > bodySize) return tooLarge();
  try {
    return await request.readText(bodySize);
  } catch (error) {
    if (error instanceof BodyTooLargeError) return tooLarge();
    if (error instanceof BodyConsumedError) return refuseInternal(error.message);
    // A client that goes away, or bytes that are not UTF-8 (RFC 8259 §8.1).
    return refuse({ status: 400, code: PARSE_ERROR, message: "The body could not be read as UTF-8 text." });
  }
}

/** `application/json`, whatever its parameters (RFC 9110 §8.3.1). */
function isJson(contentType: string | null): boolean {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Told from the text: what is parsed first may be too deep for whoever walks it. */
function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = endOfString(text, i);
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > maxDepth) return true;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return false;
}

/** The closing quote of the string that begins at an index. */
function endOfString(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i !== -1; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text.charCodeAt(i - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return i;
  }
  return text.length;
}
