import type { JsonValue } from "../manifest/format.ts";
import { classNameOf, NotJsonError, toPlainJson } from "../json-schema/to-json.ts";
import { isMarked } from "../util/mark.ts";
import { isRecord } from "../util/record.ts";
import { CONTENT } from "./content.ts";
import type { ContentBlock, ResourceContents } from "../context/content.ts";
import { InvalidResultError, isA } from "./failures.ts";

type Fields = { readonly [key: string]: unknown };

/**
 * Checks whether a value is a content block. In a result whose type does not declare content, only
 * blocks that code created are: any other may be data that the method passes on.
 */
export function isBlock(value: unknown, isDeclared: boolean): value is ContentBlock {
  return (isDeclared || isMarked(value, CONTENT)) && hasBlockForm(value);
}

/** Describes a value that a method returned instead of content. */
export function describeReturned(value: unknown): string {
  if (typeof value !== "object" || value === null) return `received ${value === null ? "null" : typeof value}`;
  return `received ${Array.isArray(value) ? "an array with other items" : `an object (${classNameOf(value)})`}`;
}

/** Creates the content block to send from a block, which is validated, or from text. */
export function toBlock(item: ContentBlock | string): ContentBlock {
  if (typeof item === "string") return { type: "text", text: item };
  const copy: unknown = toJson(item);
  const problem = findBlockProblem(copy as Fields);
  if (problem !== undefined)
    throw new InvalidResultError(`a content block of type '${item.type}' is invalid: ${problem}`);
  return copy as ContentBlock;
}

/** Creates the contents to send from those that a method returned, which are validated. */
export function copyContents(contents: ResourceContents): ResourceContents {
  const copy: unknown = toJson(contents);
  const problem = findContentsProblem(copy as Fields);
  if (problem !== undefined) throw new InvalidResultError(`the contents of '${contents.uri}' are invalid: ${problem}`);
  return copy as ResourceContents;
}

/**
 * Copies a value as plain JSON data.
 * @throws InvalidResultError if the value has no JSON form
 */
export function toJson(value: unknown): JsonValue | undefined {
  try {
    return toPlainJson(value);
  } catch (error) {
    if (isA(NotJsonError, error)) throw new InvalidResultError(error.message, { cause: error });
    throw error;
  }
}

function hasBlockForm(value: unknown): value is ContentBlock {
  if (typeof value !== "object" || value === null) return false;
  const block = value as { readonly [key: string]: unknown };
  switch (block["type"]) {
    case "text":
      return typeof block["text"] === "string";
    case "image":
    case "audio":
      return typeof block["data"] === "string" && typeof block["mimeType"] === "string";
    case "resource":
      return isResourceContents(block["resource"]);
    case "resource_link":
      return typeof block["uri"] === "string" && typeof block["name"] === "string";
    default:
      return false;
  }
}

/** Checks whether a value has the form of a resource's contents. */
export function isResourceContents(value: unknown): value is ResourceContents {
  if (typeof value !== "object" || value === null) return false;
  const { uri, text, blob } = value as { readonly [key: string]: unknown };
  return typeof uri === "string" && (typeof text === "string" || typeof blob === "string");
}

/**
 * Finds a field that MCP forbids in a block that has the form of its type. Left to the SDK, it
 * would be reported to the client as an error of its request.
 */
function findBlockProblem(block: Fields): string | undefined {
  const { type, annotations, _meta } = block;
  if (annotations !== undefined) {
    const problem = isRecord(annotations) ? findAnnotationsProblem(annotations) : "must be an object";
    if (problem !== undefined) return `its annotations ${problem}`;
  }
  if (_meta !== undefined && !isRecord(_meta)) return "its _meta must be an object";
  if (type === "image" || type === "audio") return isDecodable(block["data"]) ? undefined : "its data is not base64";
  if (type === "resource") return findContentsProblem(block["resource"] as Fields);
  return type === "resource_link" ? findLinkProblem(block) : undefined;
}

/** Finds a field that MCP forbids in the contents of a resource. */
function findContentsProblem({ mimeType, text, blob, _meta }: Fields): string | undefined {
  if (mimeType !== undefined && typeof mimeType !== "string") return "its mimeType must be a string";
  if (_meta !== undefined && !isRecord(_meta)) return "its _meta must be an object";
  if (typeof text === "string") return undefined;
  return isDecodable(blob) ? undefined : "its blob is not base64";
}

function findAnnotationsProblem({ audience, priority, lastModified }: Fields): string | undefined {
  const isAudience = Array.isArray(audience) && audience.every((role) => role === "user" || role === "assistant");
  if (audience !== undefined && !isAudience) return 'must have an audience of "user" and "assistant"';
  if (priority !== undefined && !(typeof priority === "number" && priority >= 0 && priority <= 1))
    return "must have a priority from 0 to 1";
  return lastModified === undefined || typeof lastModified === "string"
    ? undefined
    : "must have a lastModified that is a string";
}

function findLinkProblem(link: Fields): string | undefined {
  const wrong = ["title", "description", "mimeType"].find(
    (key) => link[key] !== undefined && typeof link[key] !== "string",
  );
  if (wrong !== undefined) return `its ${wrong} must be a string`;
  if (link["size"] !== undefined && typeof link["size"] !== "number") return "its size must be a number";
  return link["icons"] === undefined || Array.isArray(link["icons"]) ? undefined : "its icons must be an array";
}

/** Checks base64 as `atob` does, which is what clients use. */
function isDecodable(data: unknown): boolean {
  try {
    atob(data as string);
    return true;
  } catch {
    return false;
  }
}
