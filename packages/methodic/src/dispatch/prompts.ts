import type { GetPromptResult } from "../context/component-calls.ts";
import type { ContentBlock } from "../context/content.ts";
import { acceptedTypes } from "../json-schema/navigate.ts";
import type { Revived } from "../json-schema/revive.ts";
import type { Input, ResultKind } from "../manifest/format.ts";
import type { Prompt } from "../registry/component.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import { isRecord } from "../util/record.ts";
import { findInTable } from "./find-component.ts";
import { describeReturned, isBlock, toBlock } from "./blocks.ts";
import { convertResult } from "./convert-result.ts";
import { InvalidResultError, reportFailures, RequestError } from "./failures.ts";
import {
  type DispatchDeps,
  type DispatchRequest,
  type InputRequiredResult,
  invoke,
  isInputRequired,
  type NamedCall,
} from "./invoke.ts";
import { readTextInput } from "./read-input.ts";

/** Answers `prompts/get`. */
export async function getPrompt(
  deps: DispatchDeps,
  call: NamedCall,
  request: DispatchRequest,
): Promise<GetPromptResult | InputRequiredResult> {
  const prompt = await findPrompt(deps, call, request);
  const { id, name, member, description } = prompt;
  const read = await readArguments(prompt, (call.arguments ?? {}) as Input, deps);
  if ("problems" in read)
    throw new RequestError(INVALID_PARAMS, `Invalid arguments for prompt ${name}: ${read.problems.join(" ")}`);
  const subject = { id, label: `Prompt ${name}` };
  return reportFailures(subject, { request, failures: deps.failures }, async () => {
    const value = await invoke(deps, { subject, component: prompt, input: read.input, request });
    return isInputRequired(value)
      ? await request.ask(value)
      : convertResult(value, () => toPromptResult(value, member.result, description.description));
  });
}

/**
 * Reads the arguments of a prompt, which MCP sends as strings. Clients send every field of a form:
 * an optional argument that is left empty is absent, unless its type accepts that value.
 */
async function readArguments(prompt: Prompt, given: Input, deps: DispatchDeps): Promise<Revived> {
  const { inputSchema } = prompt.member;
  const { required = [], properties = {} } = inputSchema;
  const isEmpty = (name: string, value: unknown): boolean =>
    (value === null || (typeof value === "string" && value.trim() === "")) && !required.includes(name);
  const accepts = (name: string, value: unknown): boolean => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return acceptedTypes(schema ?? {}, inputSchema).has(value === null ? "null" : "string");
  };
  const filled = filterInput(given, (name, value) => !isEmpty(name, value) || accepts(name, value));
  const read = await readTextInput(prompt, filled, deps);
  if (!("problems" in read)) return read;
  // The values of an enum, for example, are strings, and do not include the empty one.
  const { errors } = deps.schemaValidators.findErrors(inputSchema, filled);
  const invalid = new Set(errors.map(({ path }) => path[0]));
  const others = filterInput(filled, (name, value) => !isEmpty(name, value) || !invalid.has(name));
  return readTextInput(prompt, others, deps);
}

function filterInput(input: Input, keep: (name: string, value: unknown) => boolean): Input {
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => keep(name, value)));
}

/**
 * Finds a prompt by its name.
 * @throws RequestError if it does not exist, or the caller may not use it
 */
export async function findPrompt(
  { registry }: DispatchDeps,
  named: Pick<NamedCall, "name" | "version">,
  request: DispatchRequest,
): Promise<Prompt> {
  return findInTable(registry.prompts, { kind: "prompt", ...named }, request);
}

/**
 * Turns a prompt method's return value into messages. A string or block is a message of the user,
 * `{ role, content }` is a message, or several if the content is a list, an array holds several of
 * these, and `{ messages, description }` is the whole result.
 */
function toPromptResult(value: unknown, result: ResultKind, defaultDescription: string | undefined): GetPromptResult {
  const whole = isRecord(value) && "messages" in value ? value : undefined;
  const description = typeof whole?.["description"] === "string" ? whole["description"] : defaultDescription;
  return {
    ...(description !== undefined && { description }),
    messages: [whole ? whole["messages"] : value].flat().flatMap((item) => toMessages(item, result !== "dynamic")),
  };
}

function toMessages(item: unknown, isDeclared: boolean): GetPromptResult["messages"] {
  if (isContent(item, isDeclared)) return [{ role: "user", content: toBlock(item) }];
  if (isRecord(item)) {
    const { role, content } = item;
    // MCP has one block a message.
    const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
    if ((role === "user" || role === "assistant") && areContent(parts, isDeclared))
      return parts.map((part) => ({ role, content: toBlock(part) }));
  }
  const expected = 'a string, a content block, or a message { role: "user" | "assistant", content }';
  const hint = isDeclared
    ? ""
    : ". Declare the return type, PromptMessage[], or create blocks with image(…), file(…) …";
  throw new InvalidResultError(`expected ${expected}, ${describeReturned(item)}${hint}`);
}

function areContent(parts: readonly unknown[], isDeclared: boolean): parts is readonly (string | ContentBlock)[] {
  return parts.length > 0 && parts.every((part) => isContent(part, isDeclared));
}

/** Checks for content. A text block says no more than a string, so its type does not matter. */
function isContent(value: unknown, isDeclared: boolean): value is string | ContentBlock {
  return typeof value === "string" || isBlock(value, isDeclared || (isRecord(value) && value["type"] === "text"));
}
