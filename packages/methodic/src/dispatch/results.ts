import type { JsonValue, MemberManifest } from "../manifest/format.ts";
import { blockProblem } from "./block-problem.ts";
import { type ContentBlock, isContentBlock, isToolResult, type ToolResult } from "./content.ts";
import { explainErrors } from "./explain.ts";
import { isA } from "./failures.ts";
import { NotJsonError, toPlainJson } from "./plain-json.ts";

/** The result of a tool call, as MCP has it. */
export interface CallToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: JsonValue;
  readonly isError?: boolean;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** A method returned something that its type or JSON forbids: a mistake of the server, which its client cannot mend. */
export class InvalidResultError extends Error {
  override readonly name: string = "InvalidResultError";
}

/**
 * Turns what a tool's method returned into its result, as the method's type says.
 * @throws InvalidResultError if it cannot be sent
 */
export function toToolResult(value: unknown, member: MemberManifest): CallToolResult {
  if (isToolResult(value)) return fromToolResult(value, member);
  if (member.result === "empty") return { content: [] };
  if (member.result === "structured") return structured(value, member);
  if (value === undefined) return { content: [] };
  if (typeof value === "string") return { content: [{ type: "text", text: value }] };
  if (isContentBlock(value)) return { content: [plainBlock(value)] };
  if (Array.isArray(value) && isBlockList(value, member)) return { content: value.map(toBlock) };
  if (member.result === "content")
    throw new InvalidResultError("it is no content block, array of content blocks, or toolResult(…)");
  // What a value's type does not say, its JSON text does.
  return { content: [{ type: "text", text: JSON.stringify(plain(value)) ?? "" }] };
}

/** Whether an array holds content: all of it blocks, or, where the type says so, blocks and strings. */
function isBlockList(list: readonly unknown[], { result }: MemberManifest): list is readonly (ContentBlock | string)[] {
  const isContent = list.every((item) => isContentBlock(item) || typeof item === "string");
  return isContent && (result === "content" || (list.length > 0 && list.every(isContentBlock)));
}

/** Makes a content block of a block or of text. */
export function toBlock(item: ContentBlock | string): ContentBlock {
  return typeof item === "string" ? { type: "text", text: item } : plainBlock(item);
}

function plainBlock(block: ContentBlock): ContentBlock {
  const copy = plain(block) as unknown as ContentBlock;
  const problem = blockProblem(copy);
  if (problem !== undefined)
    throw new InvalidResultError(`a content block of type '${copy.type}' is wrong: ${problem}`);
  return copy;
}

function structured(value: unknown, member: MemberManifest): CallToolResult {
  const json = plain(value) ?? null;
  assertOutput(json, member);
  // A union such as `Note | string` may come out as text, which a model should not have to read with quotes.
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return { content: [{ type: "text", text }], structuredContent: json };
}

function fromToolResult(result: ToolResult, member: MemberManifest): CallToolResult {
  const { content, structuredContent, meta, isError } = result;
  const blocks = [content].flat() as readonly (ContentBlock | string)[];
  const wrong = blocks.findIndex((item) => typeof item !== "string" && !isContentBlock(item));
  if (wrong !== -1)
    throw new InvalidResultError(`content[${wrong}] of its toolResult(…) is neither a string nor a content block`);
  if (isError !== undefined && typeof isError !== "boolean")
    throw new InvalidResultError("isError of its toolResult(…) must be true or false");
  if (meta !== undefined && (typeof meta !== "object" || meta === null || Array.isArray(meta)))
    throw new InvalidResultError("meta of its toolResult(…) must be an object");
  const json = plain(structuredContent);
  if (member.outputSchema && isError !== true) assertOutput(json ?? null, member);
  return {
    content: blocks.map(toBlock),
    ...(json !== undefined && { structuredContent: json }),
    ...(meta && { _meta: plain(meta) as { readonly [key: string]: unknown } }),
    ...(isError !== undefined && { isError }),
  };
}

function assertOutput(json: JsonValue, member: MemberManifest): void {
  const validate = member.validators.output;
  if (!validate || !member.outputSchema || validate(json)) return;
  const problems = explainErrors(validate.errors ?? [], { value: json, schema: member.outputSchema });
  throw new InvalidResultError(
    `it does not follow the output schema: ${problems.join("; ").replaceAll("arguments:", "the result:")}`,
  );
}

/**
 * The value as plain JSON data.
 * @throws InvalidResultError if it has no JSON form
 */
export function plain(value: unknown): JsonValue | undefined {
  try {
    return toPlainJson(value);
  } catch (error) {
    if (isA(NotJsonError, error)) throw new InvalidResultError(error.message, { cause: error });
    throw error;
  }
}
