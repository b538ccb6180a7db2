import { explainErrors } from "../json-schema/explain.ts";
import { coerceText } from "../json-schema/repair.ts";
import { reviveInput } from "../json-schema/revive.ts";
import type { Prompt } from "../registry/component.ts";
import { findNamed } from "./access.ts";
import { type ContentBlock, isContentBlock } from "./content.ts";
import type { DispatchDeps, DispatchRequest, NamedCall } from "./dispatch.ts";
import { INTERNAL_ERROR, INVALID_PARAMS } from "../util/json-rpc.ts";
import { isA, promptFailure, RequestError, reportInvalidResult } from "./failures.ts";
import { type InputRequiredResult, isInputRequired } from "./input-required-result.ts";
import { invoke } from "./invoke.ts";
import type { Input } from "../manifest/format.ts";

import { InvalidResultError, toBlock } from "./results.ts";

/** Answers `prompts/get`. */
export async function getPrompt(
  dispatch: DispatchDeps,
  call: NamedCall,
  request: DispatchRequest,
): Promise<GetPromptResult | InputRequiredResult> {
  const prompt = await findPrompt(dispatch, call.name, request);
  const input = readInput(prompt, (call.arguments ?? {}) as Input);
  try {
    const value = await invoke(prompt, input, request);
    return isInputRequired(value) ? value : toPromptResult(value, prompt.description.description);
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (request.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      throw new RequestError(
        INTERNAL_ERROR,
        reportInvalidResult(`Prompt ${prompt.name}`, error.message, dispatch.failures),
      );
    }
    throw promptFailure(error, prompt.name, dispatch.failures);
  }
}

/** Rejects if there is no prompt of that name. */
export async function findPrompt(dispatch: DispatchDeps, name: string, { access }: DispatchRequest): Promise<Prompt> {
  const { prompts } = dispatch.registry;
  return findNamed({ kind: "prompt", find: (key) => prompts.get(key), entries: () => prompts }, name, access);
}

/** MCP sends all arguments of prompts as strings; the method gets them as the types it declares. */
function readInput({ name, member }: Prompt, given: Input): Input {
  const { inputSchema, validators, revival } = member;
  const { properties = {} } = inputSchema;
  const input = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [key, schema && typeof value === "string" ? coerceText(value, schema, inputSchema) : value];
    }),
  );
  const read = validators.input(input)
    ? reviveInput(input, revival)
    : { problems: explainErrors(validators.input.errors ?? [], { value: input, schema: inputSchema }) };
  if ("input" in read) return read.input;
  const { problems } = read;
  throw new RequestError(INVALID_PARAMS, `Invalid arguments for prompt ${name}: ${problems.join("; ")}`);
}

/** The answer to `prompts/get`. */
export interface GetPromptResult {
  readonly description?: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: ContentBlock }[];
}

type Message = GetPromptResult["messages"][number];

/**
 * Turns what a prompt's method returned into messages: a string or block is a message of the user, `{ role, content }` is a message,
 * an array is several of these, and `{ messages, description }` is the whole result.
 */
function toPromptResult(value: unknown, description: string | undefined): GetPromptResult {
  const whole =
    typeof value === "object" && value !== null && "messages" in value
      ? (value as { messages: unknown; description?: unknown })
      : undefined;
  const said = typeof whole?.description === "string" ? whole.description : description;
  return {
    ...(said !== undefined && { description: said }),
    messages: [whole ? whole.messages : value].flat().map(toMessage),
  };
}

function toMessage(item: unknown): Message {
  if (isContent(item)) return { role: "user", content: toBlock(item) };
  if (typeof item === "object" && item !== null && "role" in item && "content" in item) {
    const { role, content } = item;
    if ((role === "user" || role === "assistant") && isContent(content)) return { role, content: toBlock(content) };
  }
  throw new InvalidResultError('it is no string, content block, or message { role: "user" | "assistant", content }');
}

function isContent(value: unknown): value is string | ContentBlock {
  return typeof value === "string" || isContentBlock(value);
}
