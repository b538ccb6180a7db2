// Sends cases over HTTP, several at a time, to servers of all modes.
import { createCase, parse } from "./cases.mjs";
import { viaFetch, viaSockets } from "./http-clients.mjs";
import { cancelledIds, isQuestion, judgeAnswer, messagesOf } from "./judge.mjs";
import { hostile } from "./messages.mjs";
import { Random } from "./random.mjs";
import { Sessions } from "./sessions.mjs";

const MODES = ["stateless", "sessions", "resumable"];
const AT_ONCE = 48;
const TIMEOUT_MS = 15_000;
const HEALTH_INTERVAL = 1000;

/** Sends the cases of some indexes; returns the problems and the counts of statuses. */
export async function fuzzHttp(createTarget, { seed, indexes, transport, report }) {
  const targets = await Promise.all(
    MODES.map(async (mode) => {
      const { server, service } = createTarget(mode);
      const client = transport === "fetch" ? viaFetch(server) : await viaSockets(server);
      return { mode, service, client, sessions: new Sessions(client) };
    }),
  );
  const statuses = new Map();
  const worker = async () => {
    for (let next = indexes.next(); !next.done; next = indexes.next()) {
      const sent = createCase(seed, next.value);
      const target = targets[sent.index % MODES.length];
      const answer = await exchange(target, sent, seed);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      for (const problem of judgeAnswer(sent, answer)) report({ transport, mode: target.mode, problem, sent, answer });
      if (sent.index % HEALTH_INTERVAL === 0) await checkHealth(target, report);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const target of targets) await checkEnd(target, report);
  return { statuses, close: () => Promise.all(targets.map(({ client }) => client.close())) };
}

async function exchange({ mode, client, sessions }, sent, seed) {
  const session =
    mode !== "stateless" && sent.era === "legacy" && sent.hasSession ? await sessions.take(sent.index) : undefined;
  const headers = { ...(session && { "mcp-session-id": session }), ...sent.headers };
  const cancellations = session ? sessions.cancellations(session) : [];
  const earlier = cancellations.length;
  const own = cancelledIds(sent.body);
  cancellations.push(...own);
  const leaving = new AbortController();
  const limit = setTimeout(() => leaving.abort(new Error("timeout")), TIMEOUT_MS);
  const answer = { status: 0, text: "", hasLeft: false };
  const leave = (ms) =>
    setTimeout(() => {
      answer.hasLeft = true;
      leaving.abort(new Error("left"));
    }, ms);
  if (sent.leavesAfter !== undefined) leave(sent.leavesAfter);
  try {
    const response = await client.send({ ...sent, headers }, leaving.signal);
    answer.status = response.status;
    answer.type = response.headers.get("content-type");
    // Streams that last as long as their client does.
    if (isEndless(sent)) leave(10);
    let asked = 0;
    for await (const chunk of response.chunks) {
      answer.text += chunk;
      const questions = session ? messagesOf(answer).filter(isQuestion) : [];
      for (; asked < questions.length; asked++) await sessions.answer(session, reply(questions[asked], sent, seed));
    }
  } catch (error) {
    if (!answer.hasLeft) answer.text += `\n(${String(error.cause ?? error)})`;
    if (!answer.hasLeft && leaving.signal.aborted) answer.status = -1;
  } finally {
    clearTimeout(limit);
  }
  // Again: a request that was sent later may have arrived earlier.
  cancellations.push(...own);
  answer.cancelled = cancellations.slice(earlier);
  if (answer.hasLeft && answer.status === 0) answer.status = 200;
  if (session && (answer.status === 404 || sent.method === "DELETE")) sessions.drop(session);
  if (session && sessions.hasEnded(session)) answer.hasLeft = true;
  return answer;
}

function isEndless({ method, body }) {
  if (method === "GET") return true;
  const parsed = typeof body === "string" ? parse(body) : undefined;
  return [parsed].flat().some((message) => {
    const { method: name, params } = Object(message);
    return name === "subscriptions/listen" || Object(params).name === "hang";
  });
}

/** Answers a question of the server, validly or not. */
function reply({ id, method }, { index }, seed) {
  const random = new Random(seed, index, 7);
  const base = { jsonrpc: "2.0", id };
  if (random.chance(0.2)) return { ...base, error: { code: -1, message: "no" } };
  if (random.chance(0.3)) return { ...base, result: hostile(random) };
  if (method !== "elicitation/create")
    return { ...base, result: { role: "user", model: "m", content: { type: "text", text: "x" } } };
  const content = random.chance(0.5) ? { name: "Ada", kinds: ["a"] } : { name: hostile(random), kinds: ["a", "a"] };
  return { ...base, result: { action: random.of(["accept", "accept", "decline", "x"]), content } };
}

async function checkHealth({ mode, client }, report) {
  const { status } = await client.send({ method: "GET", headers: {}, path: "/health" });
  if (status !== 200) report({ mode, problem: `/health answers ${status}` });
}

/** Waits until no method runs, and checks that all places are free. */
async function checkEnd({ mode, service, client, sessions }, report) {
  const deadline = Date.now() + 10_000;
  while (service.running > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  if (service.running > 0) report({ mode, problem: `${service.running} methods still run` });
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "wait", arguments: { ms: 20 } },
  });
  const session = mode === "stateless" ? undefined : await sessions.open();
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(session && { "mcp-session-id": session }),
  };
  const answers = await Promise.all(
    Array.from({ length: 190 }, async (_, i) => {
      const { status, chunks } = await client.send({
        method: "POST",
        headers,
        body: body.replace('"id":1', `"id":${i}`),
      });
      let text = "";
      for await (const chunk of chunks) text += chunk;
      return status === 200 && text.includes("waited") ? undefined : `${status} ${text}`;
    }),
  );
  const lost = answers.filter((text) => text !== undefined);
  if (lost.length > 0) report({ mode, problem: `${lost.length} of 190 places are not free: ${lost[0].slice(0, 300)}` });
}
