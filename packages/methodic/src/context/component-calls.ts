import { ToolError } from "../errors.ts";
import { markHandled } from "../util/handled.ts";
import { textsOf } from "../util/text.ts";
import type { ContentBlock, ResourceContents } from "./content.ts";
import type { Context } from "./context.ts";

/** The result of a tool (MCP `CallToolResult`). */
export interface CallToolResult<T = unknown> {
  readonly content: readonly ContentBlock[];
  /** The value that the tool returned, as JSON. Absent if the tool has no output schema. */
  readonly structuredContent?: T;
  /** True if the call failed; `content` is the reason. */
  readonly isError?: boolean;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** The contents of a resource (MCP `ReadResourceResult`). */
export interface ReadResourceResult {
  readonly contents: readonly ResourceContents[];
}

/** The messages of a prompt (MCP `GetPromptResult`). */
export interface GetPromptResult {
  readonly description?: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: ContentBlock }[];
}

/** A result, and all of its text. */
export type WithText<Result> = Result & {
  /** The text blocks or contents, joined by line breaks. */
  readonly text: string;
};

/** The arguments of a tool or prompt, by name. */
export interface CallArguments {
  readonly [name: string]: unknown;
}

/** Calls the server's components for the method of a request. The protocol layer provides it. */
export interface ComponentCalls {
  callTool(name: string, args: CallArguments | undefined): Promise<CallToolResult>;
  readResource(uri: string): Promise<ReadResourceResult>;
  getPrompt(name: string, args: CallArguments | undefined): Promise<GetPromptResult>;
}

/** The members of a {@link Context} that call other components. */
export type ComponentCallMembers = Pick<Context, "callTool" | "readResource" | "getPrompt">;

/** Creates the members of a context that call other components. */
export function createComponentCalls(
  source: { readonly components: ComponentCalls },
  isEnded: () => boolean,
): ComponentCallMembers {
  const call = <T extends object>(
    send: (components: ComponentCalls) => Promise<T>,
    listTexts: (result: T) => readonly string[],
  ): Promise<WithText<T>> => {
    const run = async (): Promise<WithText<T>> => {
      if (isEnded()) throw createEndedError();
      const result = await send(source.components);
      return { ...result, text: listTexts(result).join("\n") };
    };
    return markHandled(run());
  };
  return {
    callTool: <T>(name: string, args?: CallArguments) =>
      call(
        (components) => components.callTool(name, args) as Promise<CallToolResult<T>>,
        ({ content }) => textsOf(content),
      ),
    readResource: (uri) =>
      call(
        (components) => components.readResource(uri),
        ({ contents }) => contents.flatMap((part) => ("text" in part ? [part.text] : [])),
      ),
    getPrompt: (name, args) =>
      call(
        (components) => components.getPrompt(name, args),
        ({ messages }) => textsOf(messages.map(({ content }) => content)),
      ),
  };
}

function createEndedError(): ToolError {
  return new ToolError("The call has ended, so it can no longer call other components. Await them before you return.");
}
