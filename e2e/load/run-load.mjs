// One load test from start to end: warm up, measure, load, measure, end.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { requestOf, settleAnswer } from "./calls.mjs";
import { abortUploads, dropSessions, listen, readSlowly, sendGarbage, vanish } from "./faulty-clients.mjs";
import { Ledger } from "./ledger.mjs";
import { callOfficially } from "./official-clients.mjs";
import { RawClient } from "./raw-client.mjs";
import { resume } from "./resuming-clients.mjs";
import { ServerProcess } from "./server-process.mjs";
import { headersOf } from "./sessions.mjs";
import { callInSession, callStateless, pipeline } from "./steady-clients.mjs";

const CLIENTS = [
  { work: callStateless, count: 4 },
  { work: pipeline, count: 2 },
  { work: callInSession, count: 4 },
  { work: callOfficially, count: 4 },
  { work: resume, count: 2 },
  { work: vanish, count: 4 },
  { work: readSlowly, count: 2 },
  { work: abortUploads, count: 2 },
  { work: sendGarbage, count: 2 },
  { work: dropSessions, count: 2 },
  { work: listen, count: 2 },
];
/**
 * Time for clients to finish after the load, and for the server to become idle; only a hang takes
 * longer.
 */
const TIMEOUT_MS = 60_000;
const SHUTDOWN_MS = 60_000;

/** Runs a load of a number of seconds or calls, after a shorter warm-up. */
export async function runLoad(file, { seconds, calls, seed, only }) {
  const random = createRandom(seed);
  const server = await ServerProcess.start(file);
  try {
    const fresh = await server.ask("measure");
    const warmUp = new Run(server.ports, { random, only });
    await warmUp.go({ seconds: seconds && Math.max(seconds / 5, 5), calls: calls && Math.ceil(calls / 4) });
    const before = await server.measureAtRest(fresh, TIMEOUT_MS);
    const run = new Run(server.ports, { random, only, last: warmUp.ledger });
    const watching = watchMemory(server);
    const { ms } = await run.go({ seconds, calls });
    const watched = await watching.stop();
    const after = await server.measureAtRest(fresh, TIMEOUT_MS);
    // The warm-up comes first, because its sessions have been over the longest.
    const open = await countOpen([...warmUp.sessions, ...run.sessions]);
    const end = await endUnderLoad(server, run.ledger);
    return {
      ledgers: [warmUp.ledger, run.ledger],
      ms,
      fresh,
      before,
      after,
      watched,
      sessions: run.sessions.length,
      open,
      end,
      complaints: server.complaints,
    };
  } finally {
    server.kill();
  }
}

class Run {
  ports;
  ledger;
  random;
  /** Sessions that must be over when the server is idle. */
  sessions = [];
  #clients;
  #isOver = () => false;

  constructor(ports, { random, only, last }) {
    this.ports = ports;
    this.random = random;
    this.ledger = new Ledger(random, last);
    this.#clients = CLIENTS.filter(({ work }) => only === undefined || only.includes(work.name));
  }

  isOver() {
    return this.#isOver();
  }

  pick(list) {
    return list[this.random(list.length)];
  }

  async go({ seconds, calls }) {
    const begin = performance.now();
    this.#isOver = () =>
      (seconds && performance.now() - begin > seconds * 1000) || (calls && this.ledger.started >= calls);
    const open = new Set();
    const clients = this.#clients.flatMap(({ work, count }) => Array.from({ length: count }, () => work));
    const done = Promise.all(
      clients.map(async (work) => {
        open.add(work.name);
        await work(this).catch((error) => this.ledger.violate("wrong", undefined, error.stack));
        open.delete(work.name);
      }),
    );
    const stuck = new AbortController();
    await Promise.race([done, this.#waitForStuck(open, stuck.signal)]);
    stuck.abort();
    return { ms: performance.now() - begin };
  }

  /** Reports clients that wait forever as lost answers. */
  async #waitForStuck(open, signal) {
    while (!signal.aborted && !this.isOver()) await pause(100);
    await pause(TIMEOUT_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) this.ledger.violate("lost", undefined, `clients that still wait: ${[...open].join()}`);
  }
}

/** Samples memory and stalls of the event loops until it is stopped. */
function watchMemory(server) {
  const watching = { peakRss: 0, serverStall: 0, clientStall: 0, isOver: false };
  const delays = monitorEventLoopDelay();
  delays.enable();
  const watch = async () => {
    while (!watching.isOver) {
      const { rss, stall } = await server.ask("look");
      watching.peakRss = Math.max(watching.peakRss, rss);
      watching.serverStall = Math.max(watching.serverStall, stall);
      watching.clientStall = delays.max / 1e6;
      await pause(250);
    }
    return watching;
  };
  const watched = watch();
  return {
    stop() {
      watching.isOver = true;
      return watched;
    },
  };
}

/** Counts the ended or dropped sessions that still answer. */
async function countOpen(sessions) {
  let open = 0;
  for (const { port, session } of sessions.slice(-500)) {
    const client = await RawClient.open(port);
    const { head } = await client.request("DELETE", "/mcp", { headers: headersOf(session) }).until();
    if (head?.status !== 404) open++;
    client.close();
  }
  return open;
}

/** Sends SIGTERM during calls: they are answered, hanging ones aborted, and the process ends. */
async function endUnderLoad(server, ledger) {
  const begin = (kind, given) => ledger.begin(kind, given);
  const waiting = Array.from({ length: 20 }, () => begin("wait", { ms: 1000 }));
  const hanging = Array.from({ length: 5 }, () => begin("hang"));
  const sent = [];
  for (const [i, call] of [...waiting, ...hanging].entries()) {
    const client = await RawClient.open(server.ports.stateless);
    sent.push({ call, answer: client.request("POST", "/mcp", requestOf(call, { isModern: i % 2 === 0 })) });
  }
  while ((await server.ask("look")).running < sent.length) await pause(10);
  const end = await server.terminate(SHUTDOWN_MS);
  for (const { call, answer } of sent) {
    if (call.kind === "hang") ledger.abandon(call);
    else settleAnswer(ledger, call, await answer.until());
  }
  return end;
}

/** Creates a function that returns pseudorandom integers below n, by a seed (mulberry32). */
function createRandom(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}
