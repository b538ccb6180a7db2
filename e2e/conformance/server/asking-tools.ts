import { type Answer, type Context, type JsonSchema, tool } from "methodic";
import { sdkContext } from "methodic/sdk";

const CONTACT: JsonSchema = {
  type: "object",
  properties: {
    username: { type: "string", description: "User's response" },
    email: { type: "string", description: "User's email address" },
  },
  required: ["username", "email"],
};

/** One property of every kind, each with a default (SEP-1034). */
const DEFAULTS: JsonSchema = {
  type: "object",
  properties: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
};

const titled = (names: readonly string[]): JsonSchema[] => names.map((title, i) => ({ const: `value${i + 1}`, title }));

/** Every way to offer a choice (SEP-1330). */
const CHOICES: JsonSchema = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string", oneOf: titled(["First Option", "Second Option", "Third Option"]) },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
    titledMulti: { type: "array", items: { anyOf: titled(["First Choice", "Second Choice", "Third Choice"]) } },
  },
};

/**
 * Tools that send requests to the client while they run, which needs a lasting connection
 * (2025-11-25 and before).
 */
export class AskingTools {
  /** Lets the client's model answer a prompt. */
  @tool() async testSampling(prompt: string, ctx: Context): Promise<string> {
    const { text } = await ctx.sample(prompt, { maxTokens: 100 });
    return `LLM response: ${text}`;
  }

  /** Asks the user for a name and an address. */
  @tool() async testElicitation(message: string, ctx: Context): Promise<string> {
    const answer = await ctx.elicit(message, CONTACT);
    return `User response: action=${answer.action}, content=${JSON.stringify(dataOf(answer))}`;
  }

  /** Asks with a form whose fields have defaults. */
  @tool() testElicitationSep1034Defaults(ctx: Context): Promise<string> {
    return this.#ask("Please review and update the form fields with defaults", DEFAULTS, ctx);
  }

  /** Asks with every kind of choice. */
  @tool() testElicitationSep1330Enums(ctx: Context): Promise<string> {
    return this.#ask("Please select options from the enum fields", CHOICES, ctx);
  }

  /** Closes its response stream before it sends the answer. */
  @tool() async testReconnection(ctx: Context): Promise<string> {
    // A resumable stream is a matter of the transport; only the SDK's context has it.
    sdkContext(ctx).http?.closeSSE?.();
    // The scenario needs the answer some time after the stream has ended.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return "Reconnection test completed successfully. If you received this, the client properly reconnected after stream closure.";
  }

  async #ask(message: string, schema: JsonSchema, ctx: Context): Promise<string> {
    const answer = await ctx.elicit(message, schema);
    return `Elicitation completed: action=${answer.action}, content=${JSON.stringify(dataOf(answer))}`;
  }
}

function dataOf(answer: Answer<object>): object {
  return answer.action === "accept" ? answer.data : {};
}
