import type { Attachable } from "../server/attachable.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { hasHandler, type SdkProtocolServer } from "./sdk-server.ts";
import type { SdkNames } from "./sdk-names.ts";

/** The server that answers a request. `both`: their lists are joined. */
export type RequestOwner = "sdk" | "methodic" | "both";

/** Dependencies of a {@link RequestOwners}. */
export interface RequestOwnersDeps {
  readonly sdk: SdkProtocolServer;
  readonly names: SdkNames;
  readonly methodic: Pick<Attachable, "dispatcher" | "extensionMethods">;
  /** The capabilities that the decorated components need. */
  readonly capabilities: { readonly [capability: string]: unknown };
}

interface RequestParams {
  readonly name?: unknown;
  readonly uri?: unknown;
  readonly ref?: { readonly type?: unknown; readonly name?: unknown; readonly uri?: unknown };
}

/** The capability behind each method that decorated components answer. */
const CAPABILITY_OF: { readonly [method: string]: string } = {
  "tools/list": "tools",
  "tools/call": "tools",
  "prompts/list": "prompts",
  "prompts/get": "prompts",
  "resources/list": "resources",
  "resources/templates/list": "resources",
  "resources/read": "resources",
  "resources/subscribe": "resources",
  "resources/unsubscribe": "resources",
  "completion/complete": "completions",
  "logging/setLevel": "logging",
};

/** Decides which server answers each request. */
export class RequestOwners {
  readonly #deps: RequestOwnersDeps;

  constructor(deps: RequestOwnersDeps) {
    this.#deps = deps;
  }

  find(method: string, params: unknown): RequestOwner {
    const { sdk, methodic, capabilities } = this.#deps;
    if (methodic.extensionMethods.has(method)) return "methodic";
    const capability = CAPABILITY_OF[method];
    if (capability === undefined) return "sdk";
    const isServed = capabilities[capability] !== undefined;
    // The other server may declare completions, but does not know the names of decorated prompts.
    if (!isServed && method !== "completion/complete") return "sdk";
    if (!hasHandler(sdk, method)) return isServed ? "methodic" : "sdk";
    if (method.endsWith("/list") || method === "logging/setLevel") return "both";
    return this.#isDecorated(method, Object(params) as RequestParams) ? "methodic" : "sdk";
  }

  #isDecorated(method: string, { name, uri, ref }: RequestParams): boolean {
    const { registry } = this.#deps.methodic.dispatcher;
    if (method === "tools/call") return registry.tools.has(String(name));
    if (method === "prompts/get") return registry.prompts.has(String(name));
    if (method === "completion/complete") {
      if (ref?.type !== "ref/prompt") return this.#hasTemplate(ref?.uri);
      return registry.prompts.has(String(ref.name));
    }
    return typeof uri === "string" && this.#servesUri(uri);
  }

  /** Clients may also ask to complete the URI of a resource, which offers nothing. */
  #hasTemplate(uriTemplate: unknown): boolean {
    const { registry } = this.#deps.methodic.dispatcher;
    if (typeof uriTemplate !== "string") return false;
    const key = lowerScheme(uriTemplate);
    return (
      registry.templates.listed().some(({ template }) => lowerScheme(template.source) === key) ||
      registry.resources.find(key) !== undefined
    );
  }

  /** An exact URI of either server is preferred to a template of the other. */
  #servesUri(uri: string): boolean {
    const { methodic, names } = this.#deps;
    const { dispatcher } = methodic;
    const { registry } = dispatcher;
    if (registry.resources.find(lowerScheme(uri))) return true;
    return !names.hasResource(uri) && dispatcher.createAccess(undefined).findResource(registry, uri) !== undefined;
  }
}
