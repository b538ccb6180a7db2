import type { RequestPort } from "../context/create-context.ts";
import type {
  PromptDescription,
  ResourceDescription,
  ResourceTemplateDescription,
  ToolDescription,
} from "../registry/descriptions.ts";
import type { Registry } from "../registry/registry.ts";
import { callTool } from "./call-tool.ts";
import { complete, type CompleteResult, type CompletionRequest, hasCompletions } from "./complete.ts";
import type { Dispatch, NamedCall } from "./dispatch.ts";
import { getPrompt } from "./get-prompt.ts";
import { listResources } from "./list-resources.ts";
import type { GetPromptResult } from "./prompt-messages.ts";
import { assertResource, readResource, type ReadResourceResult } from "./read-resource.ts";
import type { CallToolResult } from "./results.ts";

/** Answers MCP's methods from the tables of one server. It knows no SDK and no transport. */
export interface Dispatcher {
  readonly registry: Registry;
  /** Whether `complete` has anything to offer. */
  readonly hasCompletions: boolean;
  listTools(): { readonly tools: readonly ToolDescription[] };
  callTool(call: NamedCall, port: RequestPort): Promise<CallToolResult>;
  listResources(port: RequestPort): Promise<{ readonly resources: readonly ResourceDescription[] }>;
  listResourceTemplates(): { readonly resourceTemplates: readonly ResourceTemplateDescription[] };
  readResource(uri: string, port: RequestPort): Promise<ReadResourceResult>;
  /** Rejects as `readResource` does if there is no such resource; runs nothing. */
  assertResource(uri: string, port: RequestPort): Promise<void>;
  listPrompts(): { readonly prompts: readonly PromptDescription[] };
  getPrompt(call: NamedCall, port: RequestPort): Promise<GetPromptResult>;
  complete(request: CompletionRequest, port: RequestPort): Promise<CompleteResult>;
}

/** Makes the dispatcher of a server. Lists that no request can change are built here, once. */
export function createDispatcher(dispatch: Dispatch): Dispatcher {
  const { registry } = dispatch;
  const tools = { tools: Array.from(registry.tools.values(), ({ description }) => description) };
  const templates = { resourceTemplates: registry.templateList.map(({ description }) => description) };
  const prompts = { prompts: Array.from(registry.prompts.values(), ({ description }) => description) };
  return {
    registry,
    hasCompletions: hasCompletions(registry),
    listTools: () => tools,
    callTool: (call, port) => callTool(dispatch, call, port),
    listResources: (port) => listResources(dispatch, port),
    listResourceTemplates: () => templates,
    readResource: (uri, port) => readResource(dispatch, uri, port),
    assertResource: (uri, port) => assertResource(dispatch, uri, port),
    listPrompts: () => prompts,
    getPrompt: (call, port) => getPrompt(dispatch, call, port),
    complete: (request, port) => complete(dispatch, request, port),
  };
}
