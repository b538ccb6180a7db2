import type { AuthInfo } from "./auth-info.ts";
import type { CallInfo } from "./call-info.ts";

/** A component, as a server's options see it that decide for each request. */
export interface ComponentView {
  readonly kind: "tool" | "resource" | "prompt";
  readonly name: string;
  /** The URI, or the URI template. Undefined for tools and prompts. */
  readonly uri: string | undefined;
  readonly title: string | undefined;
  readonly version: string | undefined;
  readonly tags: readonly string[];
  /** The annotations, such as `readOnlyHint`. */
  readonly annotations: { readonly [annotation: string]: unknown } | undefined;
  /** The option `meta`, which clients see as `_meta`. */
  readonly meta: { readonly [key: string]: unknown } | undefined;
}

/** A request, as a server's options see it. The names are those of {@link Context}. */
export interface RequestView extends Pick<CallInfo, "era" | "protocolVersion" | "client" | "http"> {
  /** The caller. Undefined on local connections (stdio) and on servers without authentication. */
  readonly auth: AuthInfo | undefined;
  /** The session. Its id is undefined over HTTP without sessions. */
  readonly session: { readonly id: string | undefined };
}

/**
 * Decides whether a request may see and use a component. Only `true` shows it; an error hides it.
 */
export type ComponentFilter = (component: ComponentView, ctx: RequestView) => boolean | Promise<boolean>;

/**
 * Chooses the version of a component that a request gets if it names none. Undefined: the newest.
 */
export type VersionChoice = (
  component: ComponentView,
  ctx: RequestView,
) => string | undefined | Promise<string | undefined>;
