import type { DecoratorSchema } from "../json-schema/decorator-schema.ts";
import { explainErrors } from "../json-schema/explain.ts";
import type { SchemaValidators } from "../json-schema/validate.ts";
import { NotJsonError, toPlainJson } from "../json-schema/to-json.ts";
import type { JsonSchema, JsonValue, ResultKind, ValidationError, Validator } from "../manifest/format.ts";
import type { Tool } from "../registry/component.ts";
import { isRecord } from "../util/record.ts";
import { type ContentBlock, isToolResult, type ResourceContents, type ToolResult } from "./content.ts";
import { InvalidResultError, isA } from "./failures.ts";

/** The result of `tools/call`. */
export interface CallToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: JsonValue;
  readonly isError?: boolean;
  readonly _meta?: { readonly [key: string]: unknown };
}

type Fields = { readonly [key: string]: unknown };

/** Decides how results are checked. */
export interface OutputPolicy {
  /** Validates results against output schemas, unless a tool says otherwise. */
  readonly validateOutput: boolean;
  /** Validates values against the schemas that decorators set. */
  readonly schemaValidators: SchemaValidators;
}

/**
 * Turns a tool method's return value into a result, guided by the method's return type.
 * @throws InvalidResultError if the value cannot be sent
 */
export async function toToolResult(value: unknown, tool: Tool, policy: OutputPolicy): Promise<CallToolResult> {
  const { result, outputSchema } = tool.schemas;
  if (isToolResult(value)) return fromToolResult(value, tool, policy);
  if (result === "empty") return { content: [] };
  if (result === "structured") return toStructuredResult(value, tool, policy);
  if (outputSchema)
    throw new InvalidResultError(
      "it lacks the structured content that its output schema requires. Return toolResult({ content, structuredContent })",
    );
  if (value === undefined) return { content: [] };
  if (typeof value === "string") return { content: [{ type: "text", text: value }] };
  if (isContentBlock(value)) return { content: [copyBlock(value)] };
  if (Array.isArray(value) && isBlockList(value, result)) return { content: value.map(toBlock) };
  if (result === "content")
    throw new InvalidResultError("expected a content block, an array of content blocks, or toolResult(…)");
  // A value whose type has no output schema is sent as JSON text.
  return { content: [{ type: "text", text: JSON.stringify(toJson(value)) ?? "" }] };
}

/**
 * Checks whether an array is content: blocks only or, if the return type says so, blocks and
 * strings.
 */
function isBlockList(list: readonly unknown[], result: ResultKind): list is readonly (ContentBlock | string)[] {
  const isContent = list.every((item) => isContentBlock(item) || typeof item === "string");
  return isContent && (result === "content" || (list.length > 0 && list.every(isContentBlock)));
}

/** Creates the content block to send from a block, which is validated, or from text. */
export function toBlock(item: ContentBlock | string): ContentBlock {
  return typeof item === "string" ? { type: "text", text: item } : copyBlock(item);
}

function copyBlock(block: ContentBlock): ContentBlock {
  const copy: unknown = toJson(block);
  const problem = findBlockProblem(copy as Fields);
  if (problem !== undefined)
    throw new InvalidResultError(`a content block of type '${block.type}' is invalid: ${problem}`);
  return copy as ContentBlock;
}

/** Creates the contents to send from those that a method returned, which are validated. */
export function copyContents(contents: ResourceContents): ResourceContents {
  const copy: unknown = toJson(contents);
  const problem = findContentsProblem(copy as Fields);
  if (problem !== undefined) throw new InvalidResultError(`the contents of '${contents.uri}' are invalid: ${problem}`);
  return copy as ResourceContents;
}

async function toStructuredResult(value: unknown, tool: Tool, policy: OutputPolicy): Promise<CallToolResult> {
  const json = (await readOutput(value, tool, policy)) ?? null;
  // The string of a union such as `Note | string` is sent without quotes: a model reads it as text.
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return { content: [{ type: "text", text }], structuredContent: json };
}

async function fromToolResult(result: ToolResult, tool: Tool, policy: OutputPolicy): Promise<CallToolResult> {
  const { content, structuredContent, meta, isError } = result;
  const blocks = [content].flat() as readonly (ContentBlock | string)[];
  const invalid = blocks.findIndex((item) => typeof item !== "string" && !isContentBlock(item));
  if (invalid !== -1)
    throw new InvalidResultError(`content[${invalid}] of its toolResult(…) is neither a string nor a content block`);
  if (isError !== undefined && typeof isError !== "boolean")
    throw new InvalidResultError("isError of its toolResult(…) must be true or false");
  if (meta !== undefined && !isRecord(meta))
    throw new InvalidResultError("meta of its toolResult(…) must be an object");
  const isChecked = tool.schemas.outputSchema !== undefined && isError !== true;
  const json = isChecked ? await readOutput(structuredContent, tool, policy) : toJson(structuredContent);
  return {
    content: blocks.map(toBlock),
    ...(json !== undefined && { structuredContent: json }),
    ...(meta && { _meta: toJson(meta) as { readonly [key: string]: unknown } }),
    ...(isError !== undefined && { isError }),
  };
}

/**
 * Reads the structured content of a value and validates it against the tool's output schema.
 * @throws InvalidResultError
 */
async function readOutput(value: unknown, tool: Tool, policy: OutputPolicy): Promise<JsonValue | undefined> {
  const { decoratorOutput, outputSchema } = tool.schemas;
  if (decoratorOutput?.standard) {
    // A Standard Schema may transform the value that is sent, so it runs even if outputs are not
    // validated.
    const verdict = await policy.schemaValidators.check(decoratorOutput, value);
    return "value" in verdict ? toJson(verdict.value) : refuseOutput(verdict.errors, value, decoratorOutput.schema);
  }
  const json = toJson(value);
  if (!outputSchema || !(tool.validateOutput ?? policy.validateOutput)) return json;
  const errors = decoratorOutput
    ? await findDecoratorSchemaErrors(decoratorOutput, json ?? null, policy)
    : findTypeErrors(tool.member.validators.output, json ?? null);
  return errors.length === 0 ? json : refuseOutput(errors, json ?? null, outputSchema);
}

function findTypeErrors(validate: Validator | undefined, json: JsonValue): readonly ValidationError[] {
  return !validate || validate(json) ? [] : (validate.errors ?? []);
}

async function findDecoratorSchemaErrors(
  schema: DecoratorSchema,
  json: JsonValue,
  { schemaValidators }: OutputPolicy,
): Promise<readonly ValidationError[]> {
  const verdict = await schemaValidators.check(schema, json);
  return "errors" in verdict ? verdict.errors : [];
}

function refuseOutput(errors: readonly ValidationError[], value: unknown, schema: JsonSchema): never {
  const problems = explainErrors(errors, { value, schema });
  throw new InvalidResultError(
    `it violates the output schema: ${problems.join("; ").replaceAll("arguments:", "the result:")}`,
  );
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

/** Checks whether a value has the form of a content block. */
export function isContentBlock(value: unknown): value is ContentBlock {
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
