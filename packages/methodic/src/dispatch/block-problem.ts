import type { ContentBlock } from "./content.ts";

type Facts = { readonly [key: string]: unknown };

/**
 * Says what MCP forbids in a block that has the form of its type, or nothing. Left to the protocol layer, it would be told to the
 * client as a fault of its request.
 */
export function blockProblem(block: ContentBlock): string | undefined {
  const { type, annotations, _meta } = block;
  if (annotations !== undefined) {
    const problem = isObject(annotations) ? annotationsProblem(annotations) : "must be an object";
    if (problem !== undefined) return `its annotations ${problem}`;
  }
  if (_meta !== undefined && !isObject(_meta)) return "its _meta must be an object";
  if (type === "image" || type === "audio") return isBase64(block.data) ? undefined : "its data is not base64";
  if (type === "resource") return resourceProblem(block.resource as unknown as Facts);
  return type === "resource_link" ? linkProblem(block as unknown as Facts) : undefined;
}

/** Says what MCP forbids in the contents of a resource, or nothing. */
export function resourceProblem({ mimeType, text, blob, _meta }: Facts): string | undefined {
  if (mimeType !== undefined && typeof mimeType !== "string") return "its mimeType must be a string";
  if (_meta !== undefined && !isObject(_meta)) return "its _meta must be an object";
  if (typeof text === "string") return undefined;
  return isBase64(blob) ? undefined : "its blob is not base64";
}

function annotationsProblem({ audience, priority, lastModified }: Facts): string | undefined {
  const isAudience = Array.isArray(audience) && audience.every((one) => one === "user" || one === "assistant");
  if (audience !== undefined && !isAudience) return 'must have an audience of "user" and "assistant"';
  if (priority !== undefined && !(typeof priority === "number" && priority >= 0 && priority <= 1))
    return "must have a priority from 0 to 1";
  return lastModified === undefined || typeof lastModified === "string"
    ? undefined
    : "must have a lastModified that is a string";
}

function linkProblem(link: Facts): string | undefined {
  const odd = ["title", "description", "mimeType"].find(
    (key) => link[key] !== undefined && typeof link[key] !== "string",
  );
  if (odd !== undefined) return `its ${odd} must be a string`;
  if (link["size"] !== undefined && typeof link["size"] !== "number") return "its size must be a number";
  return link["icons"] === undefined || Array.isArray(link["icons"]) ? undefined : "its icons must be an array";
}

/** Base64 as `atob` reads it, which is what clients use. */
function isBase64(data: unknown): boolean {
  try {
    atob(data as string);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
