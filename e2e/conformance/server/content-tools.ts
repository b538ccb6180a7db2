import { type Context, type ContentBlock, audio, file, image, tool, ToolError } from "methodic";

// The smallest files of their kinds: one red pixel, and silence.
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const SILENCE = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Every kind of tool result that the official conformance suite asks for. */
export class ContentTools {
  /** Answers with text. */
  @tool() testSimpleText(): string {
    return "This is a simple text response for testing.";
  }

  /** Answers with an image. */
  @tool() testImageContent(): ContentBlock {
    return image(PIXEL, "image/png");
  }

  /** Answers with sound. */
  @tool() testAudioContent(): ContentBlock {
    return audio(SILENCE, "audio/wav");
  }

  /** Answers with a resource inside of the result. */
  @tool() testEmbeddedResource(): ContentBlock {
    return file("test://embedded-resource", "This is an embedded resource content.", "text/plain");
  }

  /** Answers with text, an image and a resource. */
  @tool() testMultipleContentTypes(): (ContentBlock | string)[] {
    const json = JSON.stringify({ test: "data", value: 123 });
    return [
      "Multiple content types test:",
      image(PIXEL, "image/png"),
      file("test://mixed-content-resource", json, "application/json"),
    ];
  }

  /** Logs three times while it runs. */
  @tool() async testToolWithLogging(ctx: Context): Promise<string> {
    for (const message of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      ctx.log.info(message);
      await pause(50);
    }
    return "Logged three messages.";
  }

  /** Logs once, for a client that asks for it. */
  @tool() testLoggingTool(ctx: Context): string {
    ctx.log.info("A message of test_logging_tool");
    return "Logged a message.";
  }

  /** Fails. */
  @tool() testErrorHandling(): string {
    throw new ToolError("This tool intentionally returns an error for testing");
  }

  /** Reports progress three times while it runs. */
  @tool() async testToolWithProgress(ctx: Context): Promise<string> {
    for (const done of [0, 50, 100]) {
      await ctx.progress(done, 100, `Completed step ${done} of 100`);
      await pause(50);
    }
    return String(ctx.meta["progressToken"] ?? "done");
  }

  /** Has a schema that no TypeScript type yields. */
  @tool({
    name: "json_schema_2020_12_tool",
    inputSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: {
          $anchor: "addressDef",
          type: "object",
          properties: { street: { type: "string" }, city: { type: "string" } },
        },
      },
      properties: {
        name: { type: "string" },
        address: { $ref: "#/$defs/address" },
        contactMethod: { type: "string", enum: ["phone", "email"] },
        phone: { type: "string" },
        email: { type: "string" },
      },
      allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
      if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
      // oxlint-disable-next-line unicorn/no-thenable
      then: { required: ["phone"] },
      else: { required: ["email"] },
      additionalProperties: false,
    },
  })
  jsonSchema(input: { name?: string }): string {
    return `Received ${input.name ?? "nothing"}.`;
  }

  /** Has a parameter that clients mirror in a header. */
  @tool({
    name: "test_x_mcp_header",
    inputSchema: {
      type: "object",
      properties: { region: { type: "string", "x-mcp-header": "Region" }, level: { type: "integer" } },
      additionalProperties: false,
    },
  })
  header(input: { region?: string; level?: number }): string {
    return `Region ${input.region ?? "none"}, level ${input.level ?? 0}.`;
  }
}
