import { type ContentBlock, isContentBlock } from "./content.ts";
import { InvalidResultError, toBlock } from "./results.ts";

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
export function toPromptResult(value: unknown, description: string | undefined): GetPromptResult {
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
