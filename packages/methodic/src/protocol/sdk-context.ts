import {
  inputRequired as sdkInputRequired,
  type InputRequiredResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Context } from "../context/context.ts";
import { SDK_CONTEXT } from "../context/create-context.ts";
import { INPUT_REQUIRED } from "../dispatch/invoke.ts";
import { MethodicError } from "../errors.ts";
import { mark } from "../util/mark.ts";

export { acceptedContent, createRequestStateCodec, inputResponse } from "@modelcontextprotocol/server";
export type { InputRequiredResult, ServerContext };

/**
 * The SDK's `inputRequired`, whose results a method may return. Only a result of this function, or
 * a spread copy of it, asks the client; data of the same form is sent as data.
 */
export const inputRequired: typeof sdkInputRequired = Object.assign(
  (...spec: Parameters<typeof sdkInputRequired>) => mark(sdkInputRequired(...spec), INPUT_REQUIRED),
  sdkInputRequired,
);

/**
 * Returns the SDK's `ServerContext` of a running call, for features that {@link Context} lacks:
 * answers to `inputRequired(…)`, the web request. Its shape is the SDK's and may change between
 * minor versions of Methodic.
 *
 * A method may return `inputRequired(…)`: clients of 2026-07-28 ask their user and call again;
 * connected clients of older revisions are asked during the call. Its `requestState` is encrypted,
 * and bound to the tool, its arguments, and the caller; `mcpReq.requestState()` returns it as it
 * was.
 *
 * @param ctx The context that a method was called with
 * @throws MethodicError `INVALID_ARGUMENT` if it is not the context of a call
 *
 * @example
 * ```ts
 * import { type Context, tool } from "methodic";
 * import { acceptedContent, inputRequired, type InputRequiredResult } from "methodic/sdk";
 * import { sdkContext } from "methodic/sdk";
 *
 * const requestedSchema = {
 *   type: "object" as const,
 *   properties: { sure: { type: "boolean" as const } },
 *   required: ["sure"],
 * };
 *
 * class Files {
 *   /** Delete a file. *\/ @tool() remove(
 *     name: string,
 *     ctx: Context,
 *   ): string | InputRequiredResult {
 *     const { mcpReq } = sdkContext(ctx);
 *     const answer = acceptedContent<{ sure: boolean }>(mcpReq.inputResponses, "confirm");
 *     if (answer?.sure === true) return `Deleted ${name}.`;
 *     const confirm = inputRequired.elicit({ message: `Delete ${name}?`, requestedSchema });
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
    "sdkContext: the argument is not a Context. Declare a parameter of type Context and pass it unchanged.",
  );
}
