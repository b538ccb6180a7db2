import type { Step } from "../transcript.ts";

const GZIP = "gzip-file-as-resource";
const DATA = "data:text/plain,hello%20hello%20hello";

export const EVERYTHING_STEPS: readonly Step[] = [
  { tool: "echo", args: { message: "hi ✓" } },
  { tool: "get-annotated-message", args: { messageType: "error" } },
  { tool: "get-annotated-message", args: { messageType: "success" } },
  { tool: "get-annotated-message", args: { messageType: "debug", includeImage: true } },
  { tool: "get-resource-links" },
  { tool: "get-resource-links", args: { count: 2 } },
  { tool: "get-resource-links", args: { count: 11 }, invalid: true },
  { tool: "get-resource-reference" },
  { tool: "get-resource-reference", args: { resourceType: "Blob", resourceId: 5 } },
  { tool: "get-resource-reference", args: { resourceId: 0 } },
  { tool: "get-structured-content", args: { location: "New York" } },
  { tool: "get-structured-content", args: { location: "Chicago" } },
  { tool: "get-structured-content", args: { location: "Los Angeles" } },
  { tool: "get-structured-content", args: { location: "Rome" }, invalid: true },
  { tool: "get-sum", args: { a: 1.5, b: 2 } },
  { tool: "get-tiny-image" },
  { tool: "trigger-long-running-operation", args: { duration: 0.9, steps: 3 }, progress: 2 },
  { tool: "get-roots-list" },
  { tool: "trigger-elicitation-request" },
  { tool: "trigger-url-elicitation", args: { url: "https://example.com/login", elicitationId: "login" } },
  { tool: "trigger-sampling-request", args: { prompt: "Say hi" } },
  { tool: GZIP, args: { name: "hello.gz", data: DATA } },
  { tool: GZIP, args: { name: "hello.gz", data: DATA, outputType: "resource" } },
  { tool: GZIP, args: { data: "ftp://example.com/file" } },
  { read: "demo://resource/session/hello.gz" },
  { read: "demo://resource/dynamic/text/7" },
  { read: "demo://resource/dynamic/blob/7" },
  { read: "demo://resource/dynamic/text/x" },
  { read: "demo://resource/static/document/architecture.md" },
  { read: "demo://resource/none" },
  { watch: "demo://resource/static/document/features.md", tool: "toggle-subscriber-updates" },
  { tool: "toggle-subscriber-updates" },
  { tool: "toggle-simulated-logging" },
  { tool: "toggle-simulated-logging" },
  { prompt: "simple-prompt" },
  { prompt: "args-prompt", args: { city: "Paris" } },
  { prompt: "args-prompt", args: { city: "Paris", state: "Texas" } },
  { prompt: "completable-prompt", args: { department: "Sales", name: "Eve" } },
  { prompt: "resource-prompt", args: { resourceType: "Blob", resourceId: "3" } },
  { prompt: "resource-prompt", args: { resourceType: "Text", resourceId: "0" } },
  complete("completable-prompt", { name: "department", value: "S" }),
  complete("completable-prompt", { name: "name", value: "" }, { department: "Sales" }),
  complete("resource-prompt", { name: "resourceType", value: "" }),
  complete("resource-prompt", { name: "resourceId", value: "12" }),
  { tool: "no_such_tool" },
];

function complete(
  prompt: string,
  argument: { readonly name: string; readonly value: string },
  chosen?: Record<string, string>,
): Step {
  const ref = { type: "ref/prompt" as const, name: prompt };
  return { complete: { ref, argument, ...(chosen && { context: { arguments: chosen } }) } };
}
