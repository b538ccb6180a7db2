import type { Client } from "@modelcontextprotocol/client";

/** A request of the script, and the name that places of its answer begin with. */
type Step = readonly [name: string, send: (client: Client) => Promise<unknown>];

const call = (tool: string, args: Readonly<Record<string, unknown>> | undefined, note = ""): Step => [
  `${tool}${note && ` ${note}`}`,
  (client) => client.callTool({ name: tool, ...(args && { arguments: args }) }),
];
const read = (uri: string): Step => [uri, (client) => client.readResource({ uri })];
const get = (prompt: string, args: Readonly<Record<string, string>> | undefined, note = ""): Step => [
  `prompt ${prompt}${note && ` ${note}`}`,
  (client) => client.getPrompt({ name: prompt, ...(args && { arguments: args }) }),
];
const complete = (ref: object, name: string, value: string): Step => [
  `complete ${Object.values(ref).at(-1)} ${name}=${value}`,
  (client) => client.complete({ ref: ref as never, argument: { name, value } }),
];
const page = (method: "tools/list" | "resources/list" | "prompts/list" | "resources/templates/list"): Step => [
  `${method} garbage cursor`,
  async (client) => Object.keys(await client.request({ method, params: { cursor: "garbage" } })).length > 0,
];

const TOOL_CALLS: readonly Step[] = [
  call("text", {}),
  call("text", undefined, "without arguments"),
  call("greet", { name: "Ada" }),
  call("greet", { name: "Ada", mark: "?" }, "with all arguments"),
  call("greet", {}, "missing argument"),
  call("greet", { name: 5 }, "invalid argument"),
  call("greet", { name: "Ada", extra: 1 }, "unknown argument"),
  call("greet", { name: "Ada", mark: null }, "null for a default"),
  call("add", { a: 1, b: 2 }),
  call("add", { a: "1", b: 2 }, "numeric string"),
  call("add", { a: "one", b: 2 }, "invalid argument"),
  call("user", { id: 7 }),
  call("user", { id: 7.5 }, "invalid argument"),
  call("count", { to: 3 }),
  call("count", { to: 0 }, "empty"),
  call("count", { to: 11 }, "invalid argument"),
  call("is_even", { of: 3 }),
  call("nothing", {}),
  call("picture", {}),
  call("mixed", {}),
  call("fail", {}),
  call("refuse", {}),
  call("whole", {}),
  call("paint", { color: "red" }),
  call("paint", { color: "red", coats: 2 }, "with all arguments"),
  call("paint", { color: "rad" }, "invalid argument"),
  call("ship", { address: { street: "Main St" }, items: ["a", "b"] }),
  call("ship", { address: {}, items: "a" }, "invalid argument"),
  call("lie", {}),
  call("described", {}),
  call("no_such_tool", {}),
];

const OTHERS: readonly Step[] = [
  read("diff://text"),
  read("diff://json"),
  read("diff://bytes"),
  read("diff://broken"),
  read("diff://user/ada"),
  read("diff://user/a%20b"),
  read("diff://user/none"),
  read("diff://missing"),
  read("not a uri"),
  get("plain", undefined),
  get("plain", { extra: "1" }, "unknown argument"),
  get("write", { topic: "cats" }),
  get("write", { topic: "cats", tone: "formal" }, "with all arguments"),
  get("write", { topic: "cats", tone: "" }, "empty argument"),
  get("write", { topic: "cats", tone: "rude" }, "invalid argument"),
  get("write", {}, "missing argument"),
  get("write", undefined, "without arguments"),
  get("talk", {}),
  get("stuck", {}),
  get("no_such_prompt", {}),
  complete({ type: "ref/prompt", name: "write" }, "tone", "f"),
  complete({ type: "ref/prompt", name: "write" }, "topic", "c"),
  complete({ type: "ref/prompt", name: "no_such_prompt" }, "x", ""),
  complete({ type: "ref/resource", uri: "diff://user/{id}" }, "id", "a"),
  complete({ type: "ref/resource", uri: "diff://none/{id}" }, "id", "a"),
  page("tools/list"),
  page("resources/list"),
  page("resources/templates/list"),
  page("prompts/list"),
  ["acme/unknown", (client) => client.request({ method: "acme/unknown" }, ANYTHING)],
];

const ANYTHING = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

/** Records what a server publishes and answers to the script, as JSON. */
export async function converse(client: Client): Promise<Readonly<Record<string, unknown>>> {
  const lists = {
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    capabilities: client.getServerCapabilities(),
    tools: keyBy((await client.listTools()).tools, ({ name }) => name),
    resources: keyBy((await client.listResources()).resources, ({ uri }) => uri),
    templates: keyBy((await client.listResourceTemplates()).resourceTemplates, ({ uriTemplate }) => uriTemplate),
    prompts: keyBy((await client.listPrompts()).prompts, ({ name }) => name),
  };
  const answers: Record<string, unknown> = {};
  for (const [name, send] of [...TOOL_CALLS, ...OTHERS]) answers[name] = await send(client).catch(toError);
  const text = JSON.stringify({ ...lists, answers }).replaceAll(ERROR_ID, "error ID in");
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

/** The ids of errors are random. */
const ERROR_ID = /error [\da-f]{8} in/g;

function toError(error: unknown): unknown {
  const { code, message, data } = error as { code?: unknown; message: string; data?: unknown };
  return { error: { code, message, data } };
}

function keyBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, T> {
  return Object.fromEntries(items.map((item) => [keyOf(item), item]));
}
