import type { ServerOptions as SdkServerOptions } from "@modelcontextprotocol/server";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { allowsMediaType } from "../util/media-types.ts";
import type { ServerFactories, ServerIdentity } from "./connection.ts";
import { ANSWER_VALIDATORS } from "./elicitation-form.ts";
import type { EventBus } from "./event-bus.ts";
import { HeaderParameters } from "./header-parameters.ts";
import { DispatcherServer } from "./sdk-server.ts";
import { createStateCodec } from "./state-codec.ts";

/**
 * Connects a dispatcher to the SDK. The factories create one SDK server per connection, over HTTP
 * one per request, at a cost that does not depend on the number of components.
 */
export function createServerFactories(
  dispatcher: Dispatcher,
  identity: ServerIdentity,
  bus: EventBus,
): ServerFactories {
  const codec = createStateCodec(identity.info.name, identity.stateKey);
  const { discover: discoverHint } = dispatcher.cacheHints;
  const options: SdkServerOptions = {
    ...(identity.instructions !== undefined && { instructions: identity.instructions }),
    ...(discoverHint && { cacheHints: { "server/discover": discoverHint } }),
    requestState: { verify: (state) => codec.open(state) },
    jsonSchemaValidator: ANSWER_VALIDATORS,
  };
  const headerParameters = new HeaderParameters(dispatcher);
  return (mode) => (request) => {
    const { info, extensions } = identity;
    const { era, requestInfo } = request;
    // Transports of earlier revisions know what each of their requests accepts.
    const accept = era === "modern" ? requestInfo?.headers.get("accept") : undefined;
    const acceptsStream = allowsMediaType(accept ?? null, "text/event-stream");
    const server = new DispatcherServer({
      dispatcher,
      codec,
      era,
      bus,
      info,
      mode,
      acceptsStream,
      options,
      extensions,
    });
    const search = headerParameters.find(request);
    if (!search) return server;
    return search.then((tool) => {
      if (tool) server.compareHeadersOf(tool);
      return server;
    });
  };
}
