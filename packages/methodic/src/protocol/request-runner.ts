import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { ProtocolEra } from "../context/call-info.ts";
import type { ConnectionSession } from "../context/state.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { RequestError } from "../dispatch/failures.ts";
import type { DispatchRequest } from "../dispatch/invoke.ts";
import { RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import { readRequestFacts } from "./call-facts.ts";
import { findAccess } from "./caller.ts";
import type { ConnectionMode } from "./connection.ts";
import type { StatefulRequest } from "./request-state.ts";
import { runRequest } from "./run-request.ts";
import type { StateCodec } from "./state-codec.ts";

interface RequestRunnerDeps {
  readonly dispatcher: Dispatcher;
  readonly codec: StateCodec;
  readonly era: ProtocolEra;
  readonly mode: ConnectionMode;
  readonly server: McpServer["server"];
}

/** Runs the requests of one connection, each with the access decisions of its caller. */
export class RequestRunner {
  /** The session of the connection; undefined until it is open, and for single requests. */
  session: ConnectionSession | undefined;
  /** The requests for missing resources that have not been answered yet. */
  readonly notFound: Set<string | number> = new Set();
  readonly #deps: RequestRunnerDeps;

  constructor(deps: RequestRunnerDeps) {
    this.#deps = deps;
  }

  /**
   * Returns the access decisions of a request. Over HTTP, a request without a known caller is
   * anonymous, never trusted.
   */
  accessOf(ctx: ServerContext): RequestAccess {
    const { dispatcher } = this.#deps;
    const { http } = ctx;
    if (!http) return this.createAccess(ctx);
    const access =
      findAccess({ authInfo: http.authInfo, request: http.req }) ?? dispatcher.createAccess({ auth: undefined });
    return this.#describe(access, ctx);
  }

  /** Creates the access decisions of the connection's caller, for a request or an event. */
  createAccess(ctx?: ServerContext): RequestAccess {
    const { dispatcher, mode } = this.#deps;
    return this.#describe(dispatcher.createAccess(mode.caller), ctx);
  }

  #describe(access: RequestAccess, ctx: ServerContext | undefined): RequestAccess {
    const { era, server } = this.#deps;
    if (access.variesByRequest) access.describe(() => readRequestFacts({ era, server }, ctx, this.session));
    return access;
  }

  /** Runs a request; on 2026-07-28 this is one round trip of it. */
  async run<T>(
    ctx: ServerContext,
    request: StatefulRequest,
    answer: (request: DispatchRequest) => Promise<T>,
  ): Promise<T> {
    const { dispatcher, era, codec, server } = this.#deps;
    const { session } = this;
    const access = this.accessOf(ctx);
    try {
      return await runRequest({ dispatcher, era, server, ctx, session, access, codec, request }, answer);
    } catch (error) {
      const isAnswered = !ctx.mcpReq.signal.aborted;
      if (isAnswered && error instanceof RequestError && error.code === RESOURCE_NOT_FOUND)
        this.notFound.add(ctx.mcpReq.id);
      throw error;
    }
  }
}
