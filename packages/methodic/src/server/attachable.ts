import type { AuthInfo } from "../context/auth-info.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { ServerFactories } from "../protocol/connection.ts";
import type { EventBus } from "../protocol/event-bus.ts";
import type { createServerFactories } from "../protocol/server-factories.ts";
import type { DrainingTransport } from "../transports/draining.ts";
import type { WriteLog } from "../util/log.ts";

/**
 * The member of a server that returns its {@link Attachable}. `Symbol.for`: the program may have
 * loaded another copy of this package.
 */
export const ATTACHABLE: unique symbol = Symbol.for("methodic.attachable");

/** A connection that the server drains and closes when it closes. */
export interface OpenConnection {
  readonly transport: DrainingTransport;
  readonly close: () => Promise<void>;
}

/** The parts of a server that another SDK's server serves. */
export interface Attachable {
  readonly name: string;
  readonly dispatcher: Dispatcher;
  readonly bus: EventBus;
  /** The methods that extensions add. */
  readonly extensionMethods: ReadonlySet<string>;
  readonly log: WriteLog;
  /** True until the server closes. */
  readonly isOpen: boolean;
  /** True if there is nothing to wait for. */
  readonly isStarted: boolean;
  /**
   * Checks the rules of the whole server for a caller who is not a trusted local client. Undefined
   * if every caller is welcome.
   */
  readonly admits: ((auth: AuthInfo | undefined) => Promise<boolean>) | undefined;
  /** @throws MethodicError `START_FAILED`, `SERVER_CLOSED` */
  start(): Promise<void>;
  /** Returns the server's factories, which share the key of its states. */
  factories(create: typeof createServerFactories): ServerFactories;
  /** Closes the connection with the server. */
  track(connection: OpenConnection): void;
}
