// Well-behaved clients, whose calls must all be answered.
import { setTimeout as pause } from "node:timers/promises";
import { requestOf, settleAnswer } from "./calls.mjs";
import { RawClient } from "./raw-client.mjs";
import { beginSession, headersOf } from "./sessions.mjs";

const KINDS = ["echo", "echo", "echo", "lookup", "refuse", "fail", "big", "wait", "count", "touch", "read", "draft"];
const CALLS_A_CONNECTION = 200;

/** Calls one after the other on a kept connection, without a session, in a random era. */
export async function callStateless(run) {
  while (!run.isOver()) {
    const client = await RawClient.open(run.ports.stateless);
    for (let i = 0; i < CALLS_A_CONNECTION && !run.isOver(); i++) {
      await callOnce(run, client, { isModern: run.random(2) === 0 });
    }
    finish(run, client);
  }
}

/** Calls one after the other in a session, which is deleted or left behind. */
export async function callInSession(run) {
  while (!run.isOver()) {
    const port = run.ports[run.pick(["sessions", "resumable"])];
    const client = await RawClient.open(port);
    const session = await beginSession(client);
    for (let i = 0; i < CALLS_A_CONNECTION && !run.isOver(); i++) await callOnce(run, client, { session });
    if (run.random(2) === 0) {
      const { head } = await client.request("DELETE", "/mcp", { headers: headersOf(session) }).until();
      if (head?.status !== 204) run.ledger.violate("wrong", undefined, `DELETE was answered with ${head?.status}`);
    }
    run.sessions.push({ port, session });
    finish(run, client);
  }
}

/** Sends many requests without waiting for answers, which must come in the same order. */
export async function pipeline(run) {
  while (!run.isOver()) {
    const client = await RawClient.open(run.ports.stateless);
    for (let i = 0; i < 10 && !run.isOver(); i++) {
      const sent = Array.from({ length: 2 + run.random(20) }, () => {
        const call = run.ledger.begin(run.pick(KINDS));
        return { call, answer: client.request("POST", "/mcp", requestOf(call, { isModern: run.random(2) === 0 })) };
      });
      for (const { call, answer } of sent) settleAnswer(run.ledger, call, await answer.until());
      await pause(run.random(20));
    }
    finish(run, client);
  }
}

async function callOnce(run, client, options) {
  const call = run.ledger.begin(run.pick(KINDS));
  settleAnswer(run.ledger, call, await client.request("POST", "/mcp", requestOf(call, options)).until());
}

function finish({ ledger }, client) {
  if (client.unasked !== "") ledger.violate("doubled", undefined, `unexpected bytes: ${client.unasked}`);
  client.close();
}
