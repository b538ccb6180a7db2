// Checks of what a server sends: each request gets exactly one answer, of the right form.
import { parse } from "./cases.mjs";

// 504: a call that takes longer than the limit.
const STATUSES = new Set([200, 202, 204, 400, 403, 404, 405, 406, 409, 413, 415, 504]);
/** Texts of validation libraries and stacks. */
const LEAK =
  /ZodError|"code\\*":\s*\\*"(?:invalid_|unrecognized|too_)|node_modules|file:\/\/\/\w+\/|\\n\s+at \w|instancePath|schemaPath/;

/** Lists the ids of a message's requests: those that JSON-RPC requires an answer to. */
export function requestIds(body) {
  const parsed = typeof body === "string" ? parse(body) : undefined;
  const messages = Array.isArray(parsed) ? parsed : [parsed];
  return messages.filter(isRequest).map(({ id }) => id);
}

/** Lists the ids of the requests that a body cancels. */
export function cancelledIds(body) {
  const parsed = typeof body === "string" ? parse(body) : undefined;
  return [parsed]
    .flat()
    .filter((message) => Object(message).method === "notifications/cancelled")
    .map(({ params }) => Object(params).requestId);
}

/** Lists the ids of messages, valid or not. */
function idsOf(body) {
  const parsed = typeof body === "string" ? parse(body) : undefined;
  return [parsed].flat().map((message) => Object(message).id);
}

function isRequest(message) {
  const { jsonrpc, method, id } = Object(message);
  return jsonrpc === "2.0" && typeof method === "string" && (typeof id === "string" || Number.isSafeInteger(id));
}

/** Parses the messages of a body. */
export function messagesOf({ type, text }) {
  if (type?.startsWith("text/event-stream")) {
    // Not with a pattern: to those, U+2028 ends a line.
    const lines = text.split("\n").filter((line) => line.startsWith("data: ") && line !== "data: ");
    return lines.map((line) => parse(line.slice("data: ".length)));
  }
  return text === "" ? [] : [parse(text)].flat();
}

/** Lists the problems of an HTTP answer; empty if it is right. */
export function judgeAnswer(sent, answer) {
  const { status, text } = answer;
  const problems = [];
  if (!STATUSES.has(status) && !answer.hasLeft) problems.push(`status ${status}`);
  problems.push(...judgeText(text));
  if (sent.method !== "POST" || answer.hasLeft) return problems;
  const messages = messagesOf(answer);
  if (messages.some((message) => Object(message).jsonrpc !== "2.0")) problems.push("a body that is not JSON-RPC");
  const ids = requestIds(sent.body);
  const answers = messages.filter(isAnswer);
  problems.push(...answers.flatMap(judgeForm));
  if (status >= 400) {
    if (answers.length !== 1) problems.push(`${answers.length} answers with status ${status}`);
    else if (![null, undefined, ...idsOf(sent.body)].includes(answers[0].id)) problems.push("an answer to another id");
    return problems;
  }
  return [
    ...problems,
    ...judgeIds(
      ids,
      answers.map(({ id }) => id),
      answer.cancelled,
    ),
  ];
}

/** Lists the parts of a text that a client must never see. */
export function judgeText(text) {
  const [found] = LEAK.exec(text) ?? [];
  return found === undefined ? [] : [`a text of a library or a stack: ${found}`];
}

/** Lists the problems of one answer's form. */
export function judgeForm({ jsonrpc, id, result, error, ...others }) {
  if (jsonrpc !== "2.0" || Object.keys(others).length > 0) return ["an answer with other members"];
  if (error === undefined) return typeof result === "object" && result !== null && id !== null ? [] : ["no result"];
  const isRight =
    result === undefined && Number.isInteger(error.code) && typeof error.message === "string" && error.message !== "";
  if (!isRight) return ["an error of the wrong form"];
  // Only the components that fail may do so.
  return error.code === -32603 && !/failing|fuzz:\/\/fail|^failed$/i.test(error.message)
    ? [`an internal error: ${error.message}`]
    : [];
}

function judgeIds(ids, answered, cancelled) {
  // A request that was cancelled meanwhile may have been answered before.
  const expected = ids.filter((id) => answered.includes(id) || !cancelled.includes(id));
  const found = [...answered].sort().join();
  return expected.sort().join() === found ? [] : [`answers to [${found}] instead of [${expected.join()}]`];
}

/** Checks whether a message is an answer. */
export function isAnswer(message) {
  const { method, result, error } = Object(message);
  return method === undefined && (result !== undefined || error !== undefined);
}

/** Checks whether a message is a request of the server. */
export function isQuestion(message) {
  const { method, id } = Object(message);
  return typeof method === "string" && id !== undefined;
}
