import { type McpServer, SdkError, SdkErrorCode, type Transport } from "@modelcontextprotocol/server";
import { RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";

/**
 * Replaces the SDK's error for an invalid answer of a client, which repeats the dump of a
 * validation library and reaches the client as the result of its call.
 */
export function nameInvalidAnswers(server: McpServer["server"]): void {
  type Ask = (...args: readonly unknown[]) => Promise<unknown>;
  const target = server as unknown as { request: Ask; createMessage: Ask };
  for (const name of ["request", "createMessage"] as const) {
    const ask = target[name].bind(server);
    target[name] = async (...args) => {
      try {
        return await ask(...args);
      } catch (error) {
        if (!(error instanceof SdkError) || error.code !== SdkErrorCode.InvalidResult) throw error;
        const { method = "sampling/createMessage" } = Object(args[0]) as { readonly method?: string };
        throw new SdkError(SdkErrorCode.InvalidResult, `The client's answer to ${method} is not valid.`);
      }
    };
  }
}

/**
 * Restores -32002 for missing resources, which MCP requires up to 2025-11-25. The SDK sends -32602
 * in both eras.
 * @param notFound The ids of the requests that failed so
 */
export function restoreNotFoundCode(transport: Transport, notFound: Set<string | number>): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    if ("error" in message && message.id !== undefined && notFound.delete(message.id)) {
      return send({ ...message, error: { ...message.error, code: RESOURCE_NOT_FOUND } }, options);
    }
    return send(message, options);
  };
}

/**
 * Accepts any parameters, which are checked before. With its own schema, the SDK would copy them
 * and drop some.
 */
export const AS_GIVEN = {
  params: {
    "~standard": {
      version: 1,
      vendor: "methodic",
      validate: (value: unknown): { readonly value: unknown } => ({ value }),
    },
  },
} as const;
