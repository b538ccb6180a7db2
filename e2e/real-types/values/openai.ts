import type { PackageValues } from "../packages.ts";

const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };

export const openai: PackageValues = {
  createResponse: {
    accepted: [
      { model: "gpt-4o", input: "Tell me a bedtime story about a unicorn." },
      {
        model: "gpt-4o",
        input: [{ role: "user", content: [{ type: "input_text", text: "What is in this image?" }] }],
        tools: [{ type: "function", name: "get_weather", parameters: { type: "object" }, strict: true }],
      },
    ],
    refused: [[{ model: "gpt-4o", input: 5 }, "params.input"]],
  },
  createChatCompletion: {
    accepted: [
      {
        model: "gpt-4o",
        messages: [
          { role: "developer", content: "You are helpful." },
          { role: "user", content: "Hello!" },
        ],
        temperature: 0.2,
        response_format: { type: "json_object" },
      },
    ],
    refused: [
      [{ model: "gpt-4o" }, "params.messages"],
      [{ model: "gpt-4o", messages: [{ role: "user" }] }, "params.messages[0].content"],
    ],
  },
  createEmbedding: {
    accepted: [{ model: "text-embedding-3-small", input: ["a", "b"], encoding_format: "float" }],
    refused: [
      [{ model: "text-embedding-3-small", input: "a", encoding_format: "int8" }, "params.encoding_format"],
      [{ model: "text-embedding-3-small" }, "params.input"],
    ],
  },
  generateImage: {
    accepted: [{ model: "gpt-image-1", prompt: "A baby sea otter", n: 1, size: "1024x1024" }],
    refused: [[{ n: 1 }, "params.prompt"]],
  },
  latestCompletion: {
    accepted: [
      {
        id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        object: "chat.completion",
        created: 1741569952,
        model: "gpt-4o",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "Hello!", refusal: null },
            logprobs: null,
            finish_reason: "stop",
          },
        ],
        usage,
      },
    ],
    refused: [[{ id: "chatcmpl-1", object: "chat.completion" }, "choices"]],
  },
  latestUsage: { accepted: [usage], refused: [[{ ...usage, total_tokens: "21" }, "total_tokens"]] },
};
