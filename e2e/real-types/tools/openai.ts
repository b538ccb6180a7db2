import { tool } from "methodic";
import type { OpenAI } from "openai";
import { recorded } from "../recorded.js";

export class OpenAITools {
  /** Creates a model response. */
  @tool() createResponse(params: OpenAI.Responses.ResponseCreateParamsNonStreaming): void {}

  /** Creates a chat completion. */
  @tool() createChatCompletion(params: OpenAI.ChatCompletionCreateParamsNonStreaming): void {}

  /** Creates embeddings. */
  @tool() createEmbedding(params: OpenAI.EmbeddingCreateParams): void {}

  /** Generates images. */
  @tool() generateImage(params: OpenAI.ImageGenerateParams): void {}

  /** Returns the latest chat completion. */
  @tool() latestCompletion(): OpenAI.ChatCompletion {
    return recorded();
  }

  /** Returns the usage of the latest completion. */
  @tool() latestUsage(): OpenAI.CompletionUsage {
    return recorded();
  }
}
