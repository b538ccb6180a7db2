import type { ServerContext } from "@modelcontextprotocol/server";
import type { Context } from "../context/context.ts";
import { SDK_CONTEXT } from "../context/create-context.ts";
import { MethodicError } from "../errors.ts";

export { acceptedContent, createRequestStateCodec, inputRequired, inputResponse } from "@modelcontextprotocol/server";
export type { InputRequiredResult, ServerContext } from "@modelcontextprotocol/server";

/**
 * Gives the official SDK's `ServerContext` of a running call, for what {@link Context} does not offer: sampling, roots, answers to
 * `inputRequired(…)`, the web request. Its shape is the SDK's, which Methodic does not promise to keep.
 *
 * A method may return `inputRequired(…)`: clients of 2026-07-28 ask and call again, older ones that stay connected are asked on the way. A
 * `requestState` in it is signed and bound to the tool and the caller on its way out; `mcpReq.requestState()` gives it back as it was.
 *
 * @param ctx The context that a method was called with
 * @throws MethodicError `INVALID_ARGUMENT` if it is anything else
 *
 * @example
 * ```ts
 * import { type Context, tool } from "methodic";
 * import { acceptedContent, inputRequired, type InputRequiredResult, sdkContext } from "methodic/sdk";
 *
 * class Files {
 *   /** Delete a file. *\/ @tool() remove(name: string, ctx: Context): string | InputRequiredResult {
 *     const { mcpReq } = sdkContext(ctx);
 *     const answer = acceptedContent<{ sure: boolean }>(mcpReq.inputResponses, "confirm");
 *     if (answer?.sure === true) return `Deleted ${name}.`;
 *     const confirm = inputRequired.elicit({
 *       message: `Delete ${name}?`,
 *       requestedSchema: { type: "object", properties: { sure: { type: "boolean" } }, required: ["sure"] },
 *     });
 *     return inputRequired({ inputRequests: { confirm } });
 *   }
 * }
 * ```
 */
export function sdkContext(ctx: Context): ServerContext {
  const found = (ctx as { readonly [SDK_CONTEXT]?: ServerContext } | undefined)?.[SDK_CONTEXT];
  if (found) return found;
  throw new MethodicError(
    "INVALID_ARGUMENT",
    "sdkContext takes the Context that a method was called with. Declare a parameter of that type, and pass it on as it is.",
  );
}
