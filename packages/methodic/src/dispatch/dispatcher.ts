import type { AuthInfo } from "../context/auth-info.ts";
import type { RequestAccess, RequestChannel } from "../context/create-context.ts";
import type { Component } from "../registry/component.ts";
import type {
  PromptDescription,
  ResourceDescription,
  ResourceTemplateDescription,
  ToolDescription,
} from "../registry/descriptions.ts";
import { findResource } from "../registry/find-resource.ts";
import type { Registry } from "../registry/registry.ts";
import { AccessCheck } from "./access.ts";
import { complete, type CompleteResult, type CompletionRequest, hasCompletions } from "./completion.ts";
import type { DispatchDeps, NamedCall } from "./dispatch.ts";
import type { InputRequiredResult } from "./input-required-result.ts";
import { listResources } from "./list-resources.ts";
import { getPrompt, type GetPromptResult } from "./prompts.ts";
import { assertResource, readResource, type ReadResourceResult } from "./resources.ts";
import type { CallToolResult } from "./results.ts";
import { callTool } from "./tools.ts";

/** A request for a component, as it came: nothing of it is checked. */
export interface RawRequest {
  readonly method: string;
  readonly params: unknown;
}

/** Answers MCP's methods from the tables of one server. It knows no SDK and no transport. */
export interface Dispatcher {
  readonly registry: Registry;
  /** Whether `complete` has anything to offer. */
  readonly hasCompletions: boolean;
  listTools(access: RequestAccess | undefined): Promise<{ readonly tools: readonly ToolDescription[] }>;
  callTool(call: NamedCall, port: RequestChannel): Promise<CallToolResult | InputRequiredResult>;
  listResources(port: RequestChannel): Promise<{ readonly resources: readonly ResourceDescription[] }>;
  listResourceTemplates(
    access: RequestAccess | undefined,
  ): Promise<{ readonly resourceTemplates: readonly ResourceTemplateDescription[] }>;
  readResource(uri: string, port: RequestChannel): Promise<ReadResourceResult | InputRequiredResult>;
  /** Rejects as `readResource` does if there is no such resource; runs nothing. */
  assertResource(uri: string, access: RequestAccess | undefined): Promise<void>;
  listPrompts(access: RequestAccess | undefined): Promise<{ readonly prompts: readonly PromptDescription[] }>;
  getPrompt(call: NamedCall, port: RequestChannel): Promise<GetPromptResult | InputRequiredResult>;
  complete(request: CompletionRequest, port: RequestChannel): Promise<CompleteResult>;
  /**
   * For a request over HTTP that uses one component: all scopes that the component needs, if the caller may not use it for want of scopes alone,
   * so that a client can get them (MCP "step-up authorization"). Undefined in every other case.
   */
  findMissingScopes(request: RawRequest, auth: AuthInfo | undefined): Promise<readonly string[] | undefined>;
  /** Whether the component that a request over HTTP uses is there for its caller. */
  mayUse(request: RawRequest, auth: AuthInfo | undefined): Promise<boolean>;
}

/** Makes the dispatcher of a server. Lists that no request can change are built here, once. */
export function createDispatcher(dispatch: DispatchDeps): Dispatcher {
  const { registry } = dispatch;
  const tools = prepareList(dispatch, registry.tools.values());
  const templates = prepareList(dispatch, registry.templateList);
  const prompts = prepareList(dispatch, registry.prompts.values());
  return {
    registry,
    hasCompletions: hasCompletions(registry),
    listTools: async (access) => ({ tools: await tools(access) }),
    callTool: (call, port) => callTool(dispatch, call, port),
    listResources: (port) => listResources(dispatch, port),
    listResourceTemplates: async (access) => ({ resourceTemplates: await templates(access) }),
    readResource: (uri, port) => readResource(dispatch, uri, port),
    assertResource: (uri, access) => assertResource(dispatch, uri, access),
    listPrompts: async (access) => ({ prompts: await prompts(access) }),
    getPrompt: (call, port) => getPrompt(dispatch, call, port),
    complete: (request, port) => complete(dispatch, request, port),
    async findMissingScopes(request, auth) {
      const component = findComponent(registry, request);
      return component && new AccessCheck({ auth }, dispatch.failures.report).findMissingScopes(component);
    },
    async mayUse(request, auth) {
      const component = findComponent(registry, request);
      return component !== undefined && (await new AccessCheck({ auth }, dispatch.failures.report).allows(component));
    },
  };
}

interface Described<D> extends Component {
  readonly description: D;
}

function prepareList<D>(
  { failures }: DispatchDeps,
  components: Iterable<Described<D>>,
): (access: RequestAccess | undefined) => Promise<readonly D[]> {
  const all = [...components];
  const descriptions = all.map(({ description }) => description);
  if (all.every(({ access }) => access === undefined)) return async () => descriptions;
  return async (access) => {
    if (!access) return descriptions;
    const usable = await new AccessCheck(access, failures.report).filter(all);
    return usable.map(({ description }) => description);
  };
}

function findComponent(registry: Registry, { method, params }: RawRequest): Component | undefined {
  const { name, uri } = (params ?? {}) as { readonly name?: unknown; readonly uri?: unknown };
  if (method === "tools/call") return registry.tools.get(name as string);
  if (method === "prompts/get") return registry.prompts.get(name as string);
  return method === "resources/read" && typeof uri === "string" ? findResource(registry, uri)?.component : undefined;
}
