import type { PackageValues } from "../packages.ts";

const messages = [{ role: "user", content: "Hello, Claude" }];
const weather = {
  name: "get_weather",
  description: "Get the current weather in a given location",
  input_schema: { type: "object", properties: { location: { type: "string" } }, required: ["location"] },
};

export const anthropic: PackageValues = {
  createMessage: {
    accepted: [
      { model: "claude-sonnet-4-5", max_tokens: 1024, messages },
      {
        model: "claude-sonnet-4-5",
        max_tokens: 1024,
        stop_sequences: ["END"],
        tools: [weather],
        tool_choice: { type: "auto" },
        system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
        messages: [
          { role: "user", content: [{ type: "text", text: "Weather in Paris?" }] },
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "toolu_01", name: "get_weather", input: { location: "Paris" } }],
          },
          { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_01", content: "15 degrees" }] },
        ],
      },
    ],
    refused: [
      [{ model: "claude-sonnet-4-5", messages }, "params.max_tokens"],
      [
        { model: "claude-sonnet-4-5", max_tokens: 1024, messages: [{ role: "robot", content: "Hi" }] },
        "params.messages[0].role",
      ],
    ],
  },
  countTokens: {
    accepted: [{ model: "claude-sonnet-4-5", messages, tools: [weather] }],
    refused: [[{ model: "claude-sonnet-4-5" }, "params.messages"]],
  },
  defineTool: {
    accepted: [weather],
    refused: [[{ ...weather, input_schema: { type: "array" } }, "definition.input_schema.type"]],
  },
  createBatch: {
    accepted: [
      { requests: [{ custom_id: "first", params: { model: "claude-haiku-4-5", max_tokens: 100, messages } }] },
    ],
    refused: [[{ requests: [{ params: { model: "x", max_tokens: 1, messages } }] }, "params.requests[0].custom_id"]],
  },
  latestMessage: {
    accepted: [
      {
        id: "msg_01XFDUDYJgAACzvnptvVoYEL",
        type: "message",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [{ type: "text", text: "Hello!", citations: null }],
        container: null,
        diagnostics: null,
        stop_reason: "end_turn",
        stop_sequence: null,
        stop_details: null,
        usage: {
          input_tokens: 12,
          output_tokens: 6,
          cache_creation: null,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          inference_geo: null,
          iterations: null,
          output_tokens_details: null,
          server_tool_use: null,
          service_tier: "standard",
          speed: null,
        },
      },
    ],
    refused: [[{ id: "msg_01", type: "message" }, "role"]],
  },
  conversation: {
    accepted: [messages, [{ role: "assistant", content: [{ type: "text", text: "Hi" }] }]],
    refused: [[[{ role: "robot", content: "Hi" }], "[0].role"]],
  },
};
