import type { Client } from "@modelcontextprotocol/client";
import type { Connected } from "./connect.ts";

/** One request of a script. */
export type Step =
  | ToolStep
  | { readonly read: string }
  | { readonly prompt: string; readonly args?: Readonly<Record<string, string>> }
  | { readonly complete: Parameters<Client["complete"]>[0] }
  /** Subscribes to a resource, calls a tool, and waits for the notification of a change. */
  | { readonly watch: string; readonly tool: string; readonly args?: Arguments };

type Arguments = Readonly<Record<string, unknown>>;

interface ToolStep {
  readonly tool: string;
  readonly args?: Arguments;
  /**
   * Number of progress reports to record. The official client loses one that arrives together with
   * the result.
   */
  readonly progress?: number;
  /** The arguments are wrong, so that each server explains them in its own words. */
  readonly invalid?: true;
}

/** All that a server publishes, and its answers to a script. */
export interface Transcript {
  readonly answers: Readonly<Record<string, Recorded>>;
  readonly [part: string]: unknown;
}

/** The answer to a step: a result, or an error. */
export interface Recorded {
  readonly content?: readonly { readonly text?: string }[];
  readonly contents?: readonly { readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly progress?: unknown;
  readonly [member: string]: unknown;
}

/** Records what a server publishes and answers. `clean` replaces texts that differ in each run. */
export async function record(
  { client, questions }: Connected,
  steps: readonly Step[],
  clean: (text: string) => string,
): Promise<Transcript> {
  const { tools } = await client.listTools();
  const canRead = client.getServerCapabilities()?.resources !== undefined;
  const canPrompt = client.getServerCapabilities()?.prompts !== undefined;
  const resources = canRead ? (await client.listResources()).resources : [];
  const templates = canRead ? (await client.listResourceTemplates()).resourceTemplates : [];
  const prompts = canPrompt ? (await client.listPrompts()).prompts : [];
  const answers: [string, unknown][] = [];
  for (const [i, step] of steps.entries()) {
    const answer = await take(client, step).catch(toError);
    answers.push([`${i + 1} ${titleOf(step)}`, answer]);
  }
  const transcript = {
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    capabilities: client.getServerCapabilities(),
    tools: keyBy(tools, ({ name }) => name),
    resources: keyBy(resources, ({ uri }) => uri),
    templates: keyBy(templates, ({ uriTemplate }) => uriTemplate),
    prompts: keyBy(prompts, ({ name }) => name),
    answers: Object.fromEntries(answers),
    questions,
  };
  return JSON.parse(clean(JSON.stringify(transcript))) as Transcript;
}

async function take(client: Client, step: Step): Promise<unknown> {
  if ("watch" in step) return watch(client, step.watch, { name: step.tool, arguments: { ...step.args } });
  if ("read" in step) return client.readResource({ uri: step.read });
  if ("prompt" in step) return client.getPrompt({ name: step.prompt, arguments: { ...step.args } });
  if ("complete" in step) return client.complete(step.complete);
  const params = { name: step.tool, arguments: { ...step.args } };
  if (step.progress === undefined) return client.callTool(params);
  const progress: unknown[] = [];
  const result = await client.callTool(params, { onprogress: (report) => void progress.push(report) });
  return { ...result, progress: progress.slice(0, step.progress) };
}

/** Calls a tool that changes a resource, and returns the URI in the notification. */
async function watch(client: Client, uri: string, call: Parameters<Client["callTool"]>[0]): Promise<unknown> {
  const told = new Promise<string>((resolve) => {
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => resolve(params.uri));
  });
  const isModern = client.getProtocolEra() === "modern";
  const listening = isModern ? await client.listen({ resourceSubscriptions: [uri] }) : undefined;
  if (!listening) await client.subscribeResource({ uri });
  await client.callTool(call);
  const updated = await told;
  await listening?.close();
  if (!listening) await client.unsubscribeResource({ uri });
  return { updated };
}

function toError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message: string };
  return { error: { code, message } };
}

function titleOf(step: Step): string {
  if ("tool" in step) return "invalid" in step ? `invalid ${step.tool}` : step.tool;
  if ("read" in step) return step.read;
  if ("prompt" in step) return step.prompt;
  return `complete ${step.complete.argument.name}`;
}

function keyBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, T> {
  return Object.fromEntries(items.map((item) => [keyOf(item), item]));
}
