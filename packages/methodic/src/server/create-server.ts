import { readServerAuth } from "../auth/server-auth.ts";
import { createServerLog } from "../context/server-log.ts";
import { createDispatcher } from "../dispatch/dispatcher.ts";
import { SchemaValidators } from "../json-schema/validate.ts";
import { isExtension } from "../extensions/extension.ts";
import { Extensions } from "../extensions/extensions.ts";
import { buildRegistry } from "../registry/build-registry.ts";
import type { Wiring } from "../manifest/site-data.ts";
import { StartupErrors } from "../registry/startup-errors.ts";
import { createContainer } from "../services/container.ts";
import { RequestScope } from "../services/request-scope.ts";
import { ServerState } from "../store/server-state.ts";
import { readVariable } from "../util/env.ts";
import type { WriteLog } from "../util/log.ts";
import { createMethodicServer } from "./methodic-server.ts";
import { createNotifier } from "./notifier.ts";
import { checkServerOptions, readConventions, type ServerOptions } from "./options.ts";
import { RuntimeComponents } from "./runtime-components.ts";
import type { Server } from "./server.ts";
import { hintIfUnused } from "./start-hint.ts";

/**
 * Creates an MCP server from service classes. One error reports all mistakes in the options and the
 * services.
 *
 * @param wiring What constructors and factories need. The compiler adds it to the call
 * @throws MethodicError
 *
 * @example
 * ```ts
 * import { createServer, tool } from "methodic";
 *
 * class Notes {
 *   #notes: string[] = [];
 *
 *   /** Add a note. *\/ @tool() addNote(text: string): void {
 *     this.#notes.push(text);
 *   }
 * }
 *
 * export default createServer({ name: "notes-server", version: "1.0.0", services: [Notes] });
 * ```
 */
export function createServer(options: ServerOptions, wiring?: Wiring): Server {
  const errors = new StartupErrors();
  checkServerOptions(options, errors);
  const container = createContainer(Object(options) as ServerOptions, wiring, errors);
  const registry = buildRegistry(container.services, readConventions(options), errors);
  const extensions = errors.attempt(() => createExtensions(options, (line, details) => log(line, details)));
  errors.throwIfAny();
  const notify = options.notifier ?? createNotifier();
  const { name, version, title } = options;
  const serverLog = createServerLog(options.logger);
  const log = serverLog.writeLine;
  const isProduction = readVariable("NODE_ENV") === "production";
  const state = new ServerState({ name, store: options.store, log });
  const dispatcher = createDispatcher({
    registry,
    pageSize: options.pageSize,
    filter: options.filter,
    versions: options.versions,
    cacheHints: options.cacheHints ?? {},
    isGuarded: (readServerAuth(options.auth ?? "none", "createServer")?.rules.length ?? 0) > 0,
    strict: options.strict ?? false,
    validateOutput: options.validateOutput ?? true,
    schemaValidators: new SchemaValidators(),
    failures: { maskErrors: options.maskErrors ?? (isProduction || undefined), log },
    context: {
      server: Object.freeze({ name, version, title }),
      notify,
      state,
      openScope: (context) => new RequestScope(container, context, log),
      serverLog,
    },
  });
  const server = createMethodicServer(options, {
    dispatcher,
    entries: container.entries,
    components: new RuntimeComponents(registry, notify),
    extensions,
    notify,
    state,
    log,
  });
  hintIfUnused(server);
  return server;
}

/** Returns undefined without extensions, so that a call does not ask for them. */
function createExtensions(options: ServerOptions, log: WriteLog): Extensions | undefined {
  const { extensions = [] } = Object(options) as ServerOptions;
  // Other values are reported with the options.
  const valid = Array.isArray(extensions) ? extensions.filter(isExtension) : [];
  return valid.length > 0 ? new Extensions(valid, log) : undefined;
}
