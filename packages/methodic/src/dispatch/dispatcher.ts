import type { Caller } from "../context/auth-info.ts";
import type { CallToolResult, GetPromptResult, ReadResourceResult } from "../context/component-calls.ts";
import type { Component } from "../registry/component.ts";
import type { PromptDescription, ResourceTemplateDescription, ToolDescription } from "../manifest/descriptions.ts";
import { type ComponentTable, computeFrom } from "../registry/component-table.ts";
import type { Registry } from "../registry/registry.ts";
import { RequestAccess } from "./access.ts";
import { type CacheHintSource, createCacheHints } from "./cache-hints.ts";
import { complete, type CompleteResult, type CompletionRequest, hasCompletions } from "./completion.ts";
import type { DispatchDeps, DispatchRequest, InputRequiredResult, NamedCall } from "./invoke.ts";
import { listResources, type ResourceList } from "./list-resources.ts";
import { endPage, type ListMethod, type NextPage, type Paged, readCursor, refuseCursors, takePage } from "./pages.ts";
import { getPrompt } from "./prompts.ts";
import { assertResource, readResource } from "./resources.ts";
import { callTool } from "./tools.ts";

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
  /** True if the server has a filter, which may hide any component. */
  readonly isFiltered: boolean;
  listTools(access: RequestAccess, cursor?: string): Promise<Paged<{ readonly tools: readonly ToolDescription[] }>>;
  callTool(call: NamedCall, request: DispatchRequest): Promise<CallToolResult | InputRequiredResult>;
  listResources(request: DispatchRequest, cursor?: string): Promise<Paged<ResourceList>>;
  listResourceTemplates(
    access: RequestAccess,
    cursor?: string,
  ): Promise<Paged<{ readonly resourceTemplates: readonly ResourceTemplateDescription[] }>>;
  readResource(uri: string, request: DispatchRequest): Promise<ReadResourceResult | InputRequiredResult>;
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
  const { registry } = deps;
  const { pageSize } = deps;
  const tools = prepareList("tools/list", registry.tools, pageSize);
  const templates = prepareList("resources/templates/list", registry.templates, pageSize);
  const prompts = prepareList("prompts/list", registry.prompts, pageSize);
  const offersValues = computeFrom([registry.prompts, registry.templates], () => hasCompletions(registry));
  return {
    registry,
    get hasCompletions() {
      return offersValues();
    },
    isFiltered: deps.filter !== undefined,
    cacheHints: createCacheHints(registry, deps.cacheHints, deps.filter !== undefined),
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
    readResource: (uri, request) => readResource(deps, uri, request),
    assertResource: (uri, access) => assertResource(deps, uri, access),
    async listPrompts(access, cursor) {
      const { entries, next } = await prompts(access, cursor);
      return { prompts: entries, ...next };
    },
    getPrompt: (call, request) => getPrompt(deps, call, request),
    complete: (completion, request) => complete(deps, completion, request),
    async findMissingScopes(request, access) {
      if (registry.scopes.length === 0) return undefined;
      const component = findComponent(registry, request, access);
      return component && (await access.findMissingScopes(component));
    },
    createAccess: (caller) => new RequestAccess(caller, deps.failures.log, deps.filter),
  };
}

interface Described<D> extends Component {
  readonly description: D;
}

interface ListPage<D> {
  readonly entries: readonly D[];
  readonly next: NextPage;
}

/** Prepares a list, whose pages the returned function answers. */
function prepareList<D>(
  list: ListMethod,
  table: ComponentTable<Described<D>>,
  pageSize: number | undefined,
): (access: RequestAccess, cursor: string | undefined) => Promise<ListPage<D>> {
  const describe = (listed: readonly Described<D>[]): readonly D[] => listed.map(({ description }) => description);
  if (pageSize !== undefined) {
    return async (access, cursor) => {
      const after = readCursor(list, cursor)?.order;
      const found = await takePage(table.listed(), { access, after, pageSize });
      const { entries, next } = endPage(list, found, pageSize);
      return { entries: describe(entries), next };
    };
  }
  const prepare = computeFrom([table], () => {
    const all = table.listed();
    const whole = { entries: describe(all), next: {} };
    return { all, whole, isOpen: all.every(({ access }) => access === undefined) };
  });
  return async (access, cursor) => {
    refuseCursors(list, cursor);
    const { all, whole, isOpen } = prepare();
    const isWhole = !access.isFiltered && (isOpen || access.isTrusted);
    return isWhole ? whole : { entries: describe(await access.filter(all)), next: {} };
  };
}

function findComponent(
  registry: Registry,
  { method, params }: RawRequest,
  access: RequestAccess,
): Component | undefined {
  const { name, uri } = (params ?? {}) as { readonly name?: unknown; readonly uri?: unknown };
  if (method === "tools/call") return registry.tools.find(name as string);
  if (method === "prompts/get") return registry.prompts.find(name as string);
  return method === "resources/read" && typeof uri === "string"
    ? access.findResource(registry, uri)?.component
    : undefined;
}
