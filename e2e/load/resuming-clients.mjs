// Clients whose connection breaks in the middle of a stream, which they resume.
import { setTimeout as pause } from "node:timers/promises";
import { eventsOf, requestOf, settle } from "./calls.mjs";
import { RawClient } from "./raw-client.mjs";
import { beginSession, headersOf } from "./sessions.mjs";

/** Calls in a resumable session, and reads each answer in pieces. */
export async function resume(run) {
  while (!run.isOver()) {
    const client = await RawClient.open(run.ports.resumable);
    const session = await beginSession(client);
    client.close();
    for (let i = 0; i < 5 && !run.isOver(); i++) await callInPieces(run, session);
    run.sessions.push({ port: run.ports.resumable, session });
  }
}

async function callInPieces(run, session) {
  const call = run.ledger.begin("count", { steps: 2 + run.random(30), padding: run.random(2000) });
  const events = [];
  const connect = async (method, request) => {
    const client = await RawClient.open(run.ports.resumable);
    const answer = client.request(method, "/mcp", request);
    const wanted = run.random(8);
    await answer.until(({ text }) => eventsOf(text).length > wanted);
    if (run.random(3) > 0) await Promise.race([answer.until(), pause(run.random(10))]);
    events.push(...eventsOf(answer.text));
    client.close(run.random(2) === 0);
    return answer;
  };
  const isAnswered = () => events.some(({ data }) => data?.includes('"result"'));
  let answer = await connect("POST", requestOf(call, { session }));
  while (!isAnswered() && answer.head?.status === 200) {
    const headers = { ...headersOf(session), Accept: "text/event-stream", "Last-Event-ID": lastId(events) };
    answer = await connect("GET", { headers });
  }
  const messages = events.flatMap(({ data }) => (data ? [JSON.parse(data)] : []));
  settle(run.ledger, call, { messages, why: `status ${answer.head?.status} ${answer.body.slice(0, 300)}` });
}

function lastId(events) {
  return events.findLast(({ id }) => id !== undefined)?.id ?? "";
}
