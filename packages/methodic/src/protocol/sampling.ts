import type {
  SampledContent,
  SamplingContent,
  SamplingMessage,
  SamplingOptions,
  SamplingResult,
} from "../context/sampling.ts";
import { MethodicError } from "../errors.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { isRecord } from "../util/record.ts";
import { showValue } from "../util/check-options.ts";
import { quote, textsOf } from "../util/text.ts";
import { findProblems, NUMBER, TEXT, TEXTS, toPlainQuestion } from "./check-question.ts";
import type { ClientQuestion, ReadAnswer } from "./client-question.ts";

/** A result without what can be computed from the rest: it travels with the client. */
export type StoredSample = Omit<SamplingResult, "text">;

type Prompt = string | readonly SamplingMessage[];

interface BlockMessage {
  readonly role: SamplingMessage["role"];
  readonly content: readonly SamplingContent[];
}

// A page of text.
const DEFAULT_MAX_TOKENS = 1024;

const OBJECT = { type: "object" };
const SHARE = { type: "number", minimum: 0, maximum: 1 };

function blockOf(types: readonly string[], properties: JsonSchema, required: readonly string[]): JsonSchema {
  return { type: "object", properties: { type: { enum: types }, ...properties }, required: ["type", ...required] };
}

const PLAIN_BLOCKS = [
  blockOf(["text"], { text: TEXT }, ["text"]),
  blockOf(["image", "audio"], { data: TEXT, mimeType: TEXT }, ["data", "mimeType"]),
];
const TOOL_USE = blockOf(["tool_use"], { id: TEXT, name: TEXT, input: OBJECT }, ["id", "name", "input"]);
const TOOL_RESULT = blockOf(
  ["tool_result"],
  {
    toolUseId: TEXT,
    content: { type: "array", items: { anyOf: PLAIN_BLOCKS } },
    structuredContent: OBJECT,
    isError: { type: "boolean" },
  },
  ["toolUseId", "content"],
);

function listOf(blocks: readonly JsonSchema[]): JsonSchema {
  return { type: "array", items: { anyOf: blocks } };
}

const ROLE = { enum: ["user", "assistant"] };

/** The schema of a request (MCP 2025-11-25, "Creating Messages"). */
const REQUEST_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    messages: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: { role: ROLE, content: listOf([...PLAIN_BLOCKS, TOOL_USE, TOOL_RESULT]) },
        required: ["role", "content"],
      },
    },
    maxTokens: { type: "integer", minimum: 1 },
    systemPrompt: TEXT,
    temperature: NUMBER,
    stopSequences: TEXTS,
    modelPreferences: {
      type: "object",
      properties: {
        hints: { type: "array", items: { type: "object", properties: { name: TEXT } } },
        costPriority: SHARE,
        speedPriority: SHARE,
        intelligencePriority: SHARE,
      },
      additionalProperties: false,
    },
    metadata: OBJECT,
    tools: {
      type: "array",
      items: {
        type: "object",
        properties: {
          name: TEXT,
          description: TEXT,
          inputSchema: { type: "object", properties: { type: { const: "object" } }, required: ["type"] },
        },
        required: ["name", "inputSchema"],
      },
    },
    toolChoice: {
      type: "object",
      properties: { mode: { enum: ["auto", "required", "none"] } },
      additionalProperties: false,
    },
  },
  required: ["messages", "maxTokens"],
  additionalProperties: false,
};

function resultSchema(blocks: readonly JsonSchema[]): JsonSchema {
  const properties = { role: ROLE, model: TEXT, stopReason: TEXT, content: listOf(blocks) };
  return { type: "object", properties, required: ["role", "model", "content"] };
}

const RESULT_SCHEMA = resultSchema(PLAIN_BLOCKS);
const RESULT_WITH_TOOLS_SCHEMA = resultSchema([...PLAIN_BLOCKS, TOOL_USE]);

/**
 * Creates the question of `Context.sample`.
 * @throws MethodicError `INVALID_ARGUMENT` if the messages or the options are invalid
 */
export function createSamplingQuestion(prompt: Prompt, options: SamplingOptions = {}): ClientQuestion<StoredSample> {
  const given: unknown = options;
  if (!isRecord(given)) throw createError(`options: expected an object, received ${showValue(given)}.`);
  const { key, ...rest } = options;
  const params = checkParams({ messages: toMessages(prompt), maxTokens: DEFAULT_MAX_TOKENS, ...rest });
  const messages = params["messages"] as readonly BlockMessage[];
  const usesTools = params["tools"] !== undefined || params["toolChoice"] !== undefined;
  return {
    label: `sampling request ${quote(lastText(messages))}`,
    capability: usesTools ? "sampling.tools" : "sampling",
    method: "sampling/createMessage",
    params: { ...params, messages: messages.map(unwrapSingle) },
    key,
    read: (response) => readSample(response, usesTools ? RESULT_WITH_TOOLS_SCHEMA : RESULT_SCHEMA),
  };
}

/** Writes all contents as lists of blocks. */
function toMessages(prompt: Prompt): unknown {
  if (typeof prompt === "string") return [{ role: "user", content: toTextBlocks(prompt) }];
  if (!Array.isArray(prompt)) return prompt;
  // A `SamplingResult` has more properties than a message.
  return (prompt as readonly unknown[]).map((message) => {
    if (!isRecord(message)) return message;
    const { role, content } = message;
    return withBlocks({ role, ...(content !== undefined && { content }) });
  });
}

function withBlocks(message: { readonly [name: string]: unknown }): object {
  const { content } = message;
  if (typeof content === "string") return { ...message, content: toTextBlocks(content) };
  return isRecord(content) ? { ...message, content: [content] } : message;
}

function toTextBlocks(text: string): readonly SamplingContent[] {
  return [{ type: "text", text }];
}

/** Replaces a list of one block by the block: clients older than 2025-11-25 know no lists. */
function unwrapSingle({ role, content }: BlockMessage): object {
  return { role, content: content.length === 1 ? content[0] : content };
}

function checkParams(given: object): { readonly [name: string]: unknown } {
  const copied = toPlainQuestion(given);
  const problems = "problem" in copied ? [copied.problem] : findProblems(copied.plain, REQUEST_SCHEMA, "the request");
  if (problems) throw createError(problems.join(" "));
  return (copied as { readonly plain: { readonly [name: string]: unknown } }).plain;
}

function createError(problems: string): MethodicError {
  return new MethodicError(
    "INVALID_ARGUMENT",
    `Invalid sampling request: ${problems} Pass ctx.sample a text or messages, and options.`,
  );
}

/** Returns the text that names a request in errors. */
function lastText(messages: readonly BlockMessage[]): string {
  return messages.flatMap(({ content }) => textsOf(content)).at(-1) ?? "";
}

/** Reads a client's response. Without tools, MCP has one block in place of a list. */
function readSample(response: unknown, schema: JsonSchema): ReadAnswer<StoredSample> {
  const sample = isRecord(response) ? withBlocks(response) : response;
  const problems = findProblems(sample, schema, "the answer");
  if (problems) return { problems };
  const { role, model, stopReason, content } = sample as StoredSample;
  return { answer: { role, model, ...(stopReason !== undefined && { stopReason }), content: content.map(pickBlock) } };
}

/** Keeps the known properties of a block: nothing checked the others. */
function pickBlock(block: SampledContent): SampledContent {
  const { type } = block;
  if (type === "text") return { type, text: block.text };
  if (type === "tool_use") return { type, id: block.id, name: block.name, input: block.input };
  return { type, data: block.data, mimeType: block.mimeType };
}

/** Adds the text of a result. */
export function withText(sample: StoredSample): SamplingResult {
  return { ...sample, text: textsOf(sample.content).join("\n") };
}
