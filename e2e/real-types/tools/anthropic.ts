import type { Anthropic } from "@anthropic-ai/sdk";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class AnthropicTools {
  /** Sends a structured list of messages and generates the next message. */
  @tool() createMessage(params: Anthropic.MessageCreateParamsNonStreaming): void {}

  /** Counts the tokens of a message. */
  @tool() countTokens(params: Anthropic.MessageCountTokensParams): void {}

  /** Defines a tool for the model. */
  @tool() defineTool(definition: Anthropic.Tool): void {}

  /** Creates a batch of messages. */
  @tool() createBatch(params: Anthropic.Messages.BatchCreateParams): void {}

  /** Returns the latest message. */
  @tool() latestMessage(): Anthropic.Message {
    return recorded();
  }

  /** Returns the conversation so far. */
  @tool() conversation(): Anthropic.MessageParam[] {
    return recorded();
  }
}
