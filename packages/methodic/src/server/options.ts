import type { TimeSpan } from "../context/duration.ts";
import type { ServerAuth } from "../auth/server-auth.ts";
import type { Icon } from "../decorators/definition.ts";
import type { HttpOptions } from "../http/http-options.ts";
import type { Naming } from "../registry/names.ts";

export type { ServerAuth } from "../auth/server-auth.ts";
export type { Naming } from "../registry/names.ts";

/** A class with decorated methods, constructed with no arguments when the server is created. */
export type ServiceClass = new () => object;

/** What {@link createServer} takes. */
export interface ServerOptions {
  /** The server's name, as clients show it. */
  readonly name: string;
  /** The server's version, as clients show it. */
  readonly version: string;
  /** A name for people. */
  readonly title?: string;
  /** How to use the server, for the model. */
  readonly instructions?: string;
  readonly websiteUrl?: string;
  readonly icons?: readonly Icon[];
  /** Service classes (constructed with no arguments) or instances. */
  readonly services: readonly (ServiceClass | object)[];
  /** Default `as-is`. */
  readonly naming?: Naming;
  /** Replace messages of unexpected errors by an id that is in the log. Default: true when `NODE_ENV` is `production`. */
  readonly maskErrors?: boolean;
  /** Never repair arguments that do not validate. Default false. */
  readonly strict?: boolean;
  /**
   * Check what tools return against their output schemas. Default true: a result that does not follow its schema is a mistake of the
   * server, which is logged, and its client gets an error without details. `process.env.NODE_ENV !== "production"` saves the time in production.
   * A schema of a library (zod …) given as `outputSchema` always runs, because it makes the value that is sent.
   */
  readonly validateOutput?: boolean;
  /**
   * Who may use the server over HTTP: an authenticator of `methodic/auth`, such as `jwt({ … })` or `apiKey()`; with rules for all callers in a list,
   * `[jwt({ … }), requireScopes("notes:read")]`; or `"none"`, everybody, which must be spelled out for a server that other computers can reach.
   * Over stdio the client has started the process, and nobody else can call.
   */
  readonly auth?: ServerAuth;
  /** How the server is reached over HTTP. */
  readonly http?: HttpOptions;
  /**
   * A secret of at least 32 bytes that all processes of this server share, so that any of them can go on with a call which another one answered with a
   * question to the user (`ctx.elicit` on 2026-07-28): what was asked before travels with the client, signed with it. Default: a random one
   * for each process, which is right as long as there is only one.
   */
  readonly stateKey?: string;
  /** How long a closing server waits for calls in flight: milliseconds, or a text such as `"30s"`. Default 10 seconds. */
  readonly shutdownTimeout?: TimeSpan;
}
