import type { Caller } from "../context/auth-info.ts";
import type { CallToolResult, GetPromptResult, ReadResourceResult } from "../context/component-calls.ts";
import type { Component, Tool } from "../registry/component.ts";
import type { PromptDescription, ResourceTemplateDescription, ToolDescription } from "../manifest/descriptions.ts";
import { type ComponentTable, computeFrom } from "../registry/component-table.ts";
import type { Registry } from "../registry/registry.ts";
import { variesByRequest, RequestAccess } from "./access.ts";
import { type CacheHintSource, createCacheHints } from "./cache-hints.ts";
import { prepareList } from "./component-lists.ts";
import { complete, hasCompletions } from "./completion.ts";
import type { CompleteResult, CompletionRequest } from "./completion-method.ts";
import { findInTable, type VersionedUri } from "./find-component.ts";
import type { DispatchDeps, DispatchRequest, InputRequiredResult, NamedCall } from "./invoke.ts";
import { listResources, type ResourceList } from "./list-resources.ts";
import type { Paged } from "./pages.ts";
import { getPrompt } from "./prompts.ts";
import { assertResource, readResource } from "./resources.ts";
import { callTool, type ToolCall } from "./tools.ts";
import { readAskedVersion, selectVersions } from "./versions.ts";

/** A JSON-RPC request whose parameters have not been validated. */
export interface RawRequest {
  readonly method: string;
  readonly params: unknown;
}

/** Answers MCP's methods from the registry of one server, independently of SDK and transport. */
export interface Dispatcher {
  readonly registry: Registry;
  /** True if a parameter has values that `complete` can offer, or one may be added that has. */
  readonly hasCompletions: boolean;
  /** True if options of the server decide for each request, and may hide any component. */
  readonly variesByRequest: boolean;
  listTools(access: RequestAccess, cursor?: string): Promise<Paged<{ readonly tools: readonly ToolDescription[] }>>;
  callTool(call: ToolCall, request: DispatchRequest): Promise<CallToolResult | InputRequiredResult>;
  /**
   * Finds the tool that a call gets.
   * @throws RequestError if it does not exist
   */
  findTool(call: Pick<NamedCall, "name" | "version">, access: RequestAccess): Promise<Tool>;
  listResources(request: DispatchRequest, cursor?: string): Promise<Paged<ResourceList>>;
  listResourceTemplates(
    access: RequestAccess,
    cursor?: string,
  ): Promise<Paged<{ readonly resourceTemplates: readonly ResourceTemplateDescription[] }>>;
  readResource(resource: VersionedUri, request: DispatchRequest): Promise<ReadResourceResult | InputRequiredResult>;
  /** Rejects as `readResource` does if the resource does not exist, without running its method. */
  assertResource(uri: string, access: RequestAccess): Promise<void>;
  listPrompts(
    access: RequestAccess,
    cursor?: string,
  ): Promise<Paged<{ readonly prompts: readonly PromptDescription[] }>>;
  getPrompt(call: NamedCall, request: DispatchRequest): Promise<GetPromptResult | InputRequiredResult>;
  complete(completion: CompletionRequest, request: DispatchRequest): Promise<CompleteResult>;
  /**
   * Returns the scopes that the component named in a request requires, if missing scopes are the
   * only reason why the caller may not use it. Clients use them for step-up authorization.
   */
  findMissingScopes(request: RawRequest, access: RequestAccess): Promise<readonly string[] | undefined>;
  readonly cacheHints: CacheHintSource;
  /** Creates the access decisions of one request; `caller` is undefined for trusted connections. */
  createAccess(caller: Caller | undefined): RequestAccess;
}

/**
 * Creates the dispatcher of a server. Lists that are the same for every caller are built again only
 * after a change.
 */
export function createDispatcher(deps: DispatchDeps): Dispatcher {
  const { registry, pageSize } = deps;
  const varies = variesByRequest(deps);
  const tools = prepareList("tools/list", registry.tools, pageSize);
  const templates = prepareList("resources/templates/list", registry.templates, pageSize);
  const prompts = prepareList("prompts/list", registry.prompts, pageSize);
  const offersValues = computeFrom([registry.prompts, registry.templates, registry.completions], () =>
    hasCompletions(registry),
  );
  return {
    registry,
    get hasCompletions() {
      return offersValues();
    },
    variesByRequest: varies,
    cacheHints: createCacheHints(registry, deps.cacheHints, {
      variesByRequest: varies,
      isGuarded: deps.isGuarded ?? false,
    }),
    async listTools(access, cursor) {
      const { entries, next } = await tools(access, cursor);
      return { tools: entries, ...next };
    },
    callTool: (call, request) => callTool(deps, call, request),
    listResources: (request, cursor) => listResources(deps, request, cursor),
    async listResourceTemplates(access, cursor) {
      const { entries, next } = await templates(access, cursor);
      return { resourceTemplates: entries, ...next };
    },
    readResource: (resource, request) => readResource(deps, resource, request),
    assertResource: (uri, access) => assertResource(deps, uri, access),
    async listPrompts(access, cursor) {
      const { entries, next } = await prompts(access, cursor);
      return { prompts: entries, ...next };
    },
    getPrompt: (call, request) => getPrompt(deps, call, request),
    complete: (completion, request) => complete(deps, completion, request),
    async findMissingScopes(request, access) {
      if (registry.scopes.length === 0) return undefined;
      return await findMissingScopes(registry, request, access);
    },
    findTool: (call, access) => findInTable(registry.tools, { ...call, kind: "tool" }, { access }),
    createAccess: (caller) => new RequestAccess(caller, deps.failures.log, deps),
  };
}

/** Lists the components that a request may mean: of a name with versions, those that it may get. */
async function findCandidates(
  registry: Registry,
  { method, params }: RawRequest,
  access: RequestAccess,
): Promise<readonly Component[]> {
  const { name, uri } = (params ?? {}) as { readonly name?: unknown; readonly uri?: unknown };
  const version = readAskedVersion(params);
  if (method === "tools/call" || method === "prompts/get") {
    const table: ComponentTable<Component> = method === "tools/call" ? registry.tools : registry.prompts;
    return typeof name === "string" ? selectVersions(table, name, { version, access }) : [];
  }
  if (method !== "resources/read" || typeof uri !== "string") return [];
  const found = access.findResource(registry, uri);
  if (!found) return [];
  const table: ComponentTable<Component> = found.match ? registry.templates : registry.resources;
  return table.isVersioned ? selectVersions(table, found.component.key, { version, access }) : [found.component];
}

async function findMissingScopes(
  registry: Registry,
  request: RawRequest,
  access: RequestAccess,
): Promise<readonly string[] | undefined> {
  const candidates = await findCandidates(registry, request, access);
  if (candidates.length > 1 && (await access.filter(candidates)).length > 0) return undefined;
  for (const candidate of candidates) {
    const missing = await access.findMissingScopes(candidate);
    if (missing) return missing;
  }
  return undefined;
}
