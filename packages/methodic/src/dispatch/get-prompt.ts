import type { RequestPort } from "../context/create-context.ts";
import type { Prompt } from "../registry/component.ts";
import type { Input } from "./arguments.ts";
import { coerceText } from "./coerce.ts";
import type { Dispatch, NamedCall } from "./dispatch.ts";
import { explainErrors } from "./explain.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, isA, promptFailure, RequestError, reportInvalidResult } from "./failures.ts";
import { findNamed } from "./find-named.ts";
import { type InputRequiredResult, isInputRequired } from "./input-required-result.ts";
import { invoke } from "./invoke.ts";
import { type GetPromptResult, toPromptResult } from "./prompt-messages.ts";
import { InvalidResultError } from "./results.ts";
import { reviveInput } from "./revive.ts";

/** Answers `prompts/get`. */
export async function getPrompt(
  dispatch: Dispatch,
  call: NamedCall,
  port: RequestPort,
): Promise<GetPromptResult | InputRequiredResult> {
  const prompt = await findPrompt(dispatch, call.name, port);
  const input = readInput(prompt, (call.arguments ?? {}) as Input);
  try {
    const value = await invoke(prompt, input, port);
    return isInputRequired(value) ? value : toPromptResult(value, prompt.description.description);
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (port.signal.aborted) throw error;
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
export async function findPrompt(dispatch: Dispatch, name: string, { access }: RequestPort): Promise<Prompt> {
  const { prompts } = dispatch.registry;
  return findNamed(
    dispatch,
    { what: "prompt", find: (key) => prompts.get(key), known: () => prompts },
    { name, access },
  );
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
