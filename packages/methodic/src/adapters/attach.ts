import type { McpServer } from "@modelcontextprotocol/server";
import { MethodicError } from "../errors.ts";
import { createServerFactories } from "../protocol/server-factories.ts";
import { showValue } from "../util/check-options.ts";
import { ATTACHABLE, type Attachable } from "../server/attachable.ts";
import { AttachedConnection } from "./attached-connection.ts";
import { RequestOwners } from "./request-owner.ts";
import { assertUniqueNames, SdkNames } from "./sdk-names.ts";
import { readSdkServer, type SdkChoice, type SdkProtocolServer, type SdkTransport } from "./sdk-server.ts";

const attached = new WeakSet<object>();

/**
 * Reads the parts of a server that `createServer` made.
 * @throws MethodicError `INVALID_ARGUMENT`
 */
export function readAttachable(server: unknown, label: string): Attachable {
  const { [ATTACHABLE]: read } = Object(server) as { readonly [ATTACHABLE]?: () => Attachable };
  if (read) return read.call(server);
  throw new MethodicError(
    "INVALID_ARGUMENT",
    `${label}: invalid server: ${showValue(server)}. Pass what createServer returned.`,
  );
}

/** Serves the components of a server through another SDK's server, from its next connection on. */
export function attach(target: unknown, server: unknown, choice: SdkChoice): Attachable {
  const methodic = readAttachable(server, choice.label);
  const sdk = readSdkServer(target, choice);
  assertAttachable(sdk, choice);
  const names = new SdkNames(target as object);
  const { registry } = methodic.dispatcher;
  assertUniqueNames(names.list(), registry);
  const capabilities = readCapabilities(methodic);
  sdk.registerCapabilities(capabilities);
  const owners = new RequestOwners({ sdk, names, methodic, capabilities });
  const connect = sdk.connect.bind(sdk) as (transport: SdkTransport) => Promise<void>;
  sdk.connect = async (transport: SdkTransport) => {
    // Components may have been registered since.
    assertUniqueNames(names.list(), registry);
    if (!methodic.isStarted || !methodic.isOpen) await methodic.start();
    new AttachedConnection({ methodic, sdk, owners }, transport);
    await connect(transport);
  };
  attached.add(sdk);
  return methodic;
}

function assertAttachable(sdk: SdkProtocolServer, { label }: SdkChoice): void {
  if (attached.has(sdk)) {
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `${label}: the SDK's server has an attached server. Pass all services to one createServer.`,
    );
  }
  if (sdk.transport === undefined) return;
  throw new MethodicError(
    "INVALID_ARGUMENT",
    `${label}: the SDK's server is connected, and its client knows its capabilities. Attach before you call connect.`,
  );
}

/** Returns the capabilities that a client of a live connection would see. */
function readCapabilities(methodic: Attachable): { readonly [capability: string]: unknown } {
  const factory = methodic.factories(createServerFactories)({ live: true });
  // Without a request, it is created at once.
  const { server } = factory({ era: "legacy" }) as McpServer;
  return server.getCapabilities();
}
