// Requests as clients of each era send them, and the checks of their answers.

const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
export const JSON_HEADERS = {
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
};

/** Returns the headers and body of a call's request. */
export function requestOf(call, { isModern = false, session } = {}) {
  const { method, kind, args, rpcId } = call;
  const params = { ...paramsOf(call), _meta: { ...(isModern && MODERN), progressToken: rpcId } };
  const headers = {
    ...JSON_HEADERS,
    "MCP-Protocol-Version": isModern ? "2026-07-28" : "2025-11-25",
    ...(isModern && { "Mcp-Method": method, "Mcp-Name": method === "resources/read" ? uriOf(args) : kind }),
    ...(session && { "Mcp-Session-Id": session }),
  };
  return { headers, body: JSON.stringify({ jsonrpc: "2.0", id: rpcId, method, params }) };
}

/** Returns the parameters of a call. */
export function paramsOf({ method, kind, args }) {
  if (method === "resources/read") return { uri: uriOf(args) };
  if (method === "prompts/get") return { name: kind, arguments: { id: String(args.id), token: args.token } };
  return { name: kind, arguments: args };
}

function uriOf({ id, token }) {
  return `load://${id}/${encodeURIComponent(token)}`;
}

/** Reads the text of a result, of any method. */
export function readResult({ content, contents, messages, isError }) {
  const text = content?.[0]?.text ?? contents?.[0]?.text ?? messages?.[0]?.content?.text;
  return { text, ...(isError && { isError }) };
}

/** Parses the messages of an answer: JSON or an event stream. */
export function messagesOf(answer) {
  const type = answer.head?.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return answer.isComplete ? [JSON.parse(answer.text)].flat() : [];
  if (!type.startsWith("text/event-stream")) return [];
  return eventsOf(answer.text).flatMap(({ data }) => (data ? [JSON.parse(data)] : []));
}

/** Parses the complete events of a stream. */
export function eventsOf(text) {
  const blocks = text.split("\n\n").slice(0, -1);
  return blocks.map((block) =>
    Object.fromEntries(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    ),
  );
}

/** Checks all messages received for a call. `why` explains a missing answer. */
export function settle(ledger, call, { messages, why }) {
  judgeProgress(ledger, call, messages);
  let isAnswered = false;
  for (const message of messages) {
    if (message.method !== undefined) continue;
    if (message.id !== call.rpcId) ledger.violate("crossed", call, `an answer for ${message.id}`);
    else if (message.error) ledger.violate("wrong", call, JSON.stringify(message));
    else ledger.settle(call, readResult(message.result));
    isAnswered = true;
  }
  if (!isAnswered) ledger.lose(call, why);
}

/** Checks that progress belongs to the call and reports each step once, in order. */
function judgeProgress(ledger, call, messages) {
  const reports = messages.filter(({ method }) => method === "notifications/progress").map(({ params }) => params);
  ledger.progress += reports.length;
  for (const { progressToken, message } of reports) {
    if (progressToken === call.rpcId && (message === undefined || message.startsWith(call.expected))) continue;
    ledger.violate("crossed", call, `the progress of ${progressToken}: ${message}`);
  }
  const steps = reports.map(({ progress }) => progress).join();
  const expected = Array.from({ length: call.kind === "count" ? call.args.steps : reports.length }, (_, i) => i + 1);
  if (steps !== expected.join()) ledger.violate("lost", call, `progress ${steps}, expected ${expected.join()}`);
}

/** Checks a connection's answer to a call. */
export function settleAnswer(ledger, call, answer) {
  const { head, isComplete, body } = answer;
  const why = `status ${head?.status}, ${isComplete ? "complete" : "cut off"}: ${body.slice(0, 300)}`;
  if (!isComplete) return ledger.lose(call, why);
  settle(ledger, call, { messages: messagesOf(answer), why });
}
