import { CLIENT_CAPABILITIES_META_KEY } from "@modelcontextprotocol/server";
import { MissingCapabilityError, NoSessionError } from "../context/question-errors.ts";
import { ToolError } from "../errors.ts";
import { isRecord } from "../util/record.ts";
import type { ClientCapability } from "./client-question.ts";
import type { SdkRequest } from "./sdk-request.ts";

/**
 * Checks that the client's answer to a request of the server would arrive.
 * @throws NoSessionError
 */
export function assertCanAsk({ era, session }: SdkRequest): void {
  if (era === "modern" || session) return;
  throw new NoSessionError(
    "This call needs an answer from the client, but the request belongs to no session, so the server cannot ask. " +
      "Turn on sessions on the server (http: { sessions: true }), or use a client of MCP 2026-07-28.",
  );
}

/**
 * Checks that the client declares a capability.
 * @throws ToolError that names the client and the capability
 */
export function assertCapability(request: SdkRequest, capability: ClientCapability): void {
  assertCanAsk(request);
  const { era, server, ctx } = request;
  const envelope = ctx.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const declared = era === "modern" ? envelope?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  if (declares(declared, capability)) return;
  const message =
    `This call has to ask ${ASKED[capability]}, but the client does not declare the capability '${capability}'. ` +
    "Use a client that supports it, or a tool that does not ask.";
  if (era === "legacy") throw new ToolError(message);
  const [group = "", mode] = capability.split(".");
  throw new MissingCapabilityError(message, { [group]: mode === undefined ? {} : { [mode]: {} } });
}

const ASKED: { readonly [Capability in ClientCapability]: string } = {
  "elicitation.form": "the user",
  "elicitation.url": "the user to open a page",
  sampling: "the client's model",
  "sampling.tools": "the client's model, with tools",
  roots: "the client for its roots",
};

function declares(capabilities: unknown, capability: ClientCapability): boolean {
  const [group = "", mode] = capability.split(".");
  const declared = isRecord(capabilities) ? capabilities[group] : undefined;
  if (!isRecord(declared)) return false;
  if (mode === undefined || declared[mode] !== undefined) return true;
  // An empty object means forms: modes were added after the capability.
  return capability === "elicitation.form" && declared["url"] === undefined;
}
