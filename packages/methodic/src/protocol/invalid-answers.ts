import { type McpServer, SdkError, SdkErrorCode } from "@modelcontextprotocol/server";

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
