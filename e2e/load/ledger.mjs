// Records every call and checks its answer: not lost, not doubled, not another client's.
import { randomUUID } from "node:crypto";

const EXAMPLES = 10;

/**
 * Arguments of each tool in addition to id and token. A tool answers `<name> <id> <token>` unless
 * `expect` says otherwise.
 */
const KINDS = {
  echo: {},
  lookup: { expect: (text) => JSON.stringify({ text }) },
  refuse: { fails: true },
  fail: { fails: true },
  touch: {},
  ask: {},
  hang: { streams: true },
  wait: { given: (random) => ({ ms: random(60) }) },
  big: { given: (random) => ({ size: random(100_000) }), expect: (text, { size }) => `${text} ${"x".repeat(size)}` },
  count: { given: (random) => ({ steps: 1 + random(12), padding: random(200) }), streams: true },
  read: { method: "resources/read" },
  draft: { method: "prompts/get" },
};

/** All calls of a run. */
export class Ledger {
  started = 0;
  answered = 0;
  /** Calls whose client disconnected on purpose. */
  abandoned = 0;
  /** Invalid requests that were refused. */
  refused = 0;
  progress = 0;
  byKind = {};
  violations = { lost: 0, doubled: 0, crossed: 0, wrong: 0 };
  examples = [];
  #random;
  #lastId;

  /** @param last An earlier ledger, whose ids this one continues */
  constructor(random, last) {
    this.#random = random;
    this.#lastId = last?.lastId ?? 0;
  }

  get lastId() {
    return this.#lastId;
  }

  /** Records a call that is about to be made. */
  begin(kind, given) {
    const { method = "tools/call", given: choose, fails = false, streams = false, expect } = KINDS[kind];
    const id = ++this.#lastId;
    this.started++;
    // Partly not ASCII, to expose a character that is split between two packets.
    const token = `${randomUUID().slice(0, 13)}-ü€😀`;
    const args = { id, token, ...(given ?? choose?.(this.#random)) };
    const text = `${kind} ${id} ${token}`;
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
    return { id, rpcId: `call-${id}`, kind, method, fails, streams, args, expected: expect?.(text, args) ?? text };
  }

  /** Settles a call with the text of its answer. */
  settle(call, { text, isError = false }) {
    if (text !== call.expected || isError !== call.fails) {
      return this.violate("crossed", call, `expected ${call.expected}, got ${isError ? "the error " : ""}${text}`);
    }
    if (call.isSettled) return this.violate("doubled", call, text);
    call.isSettled = true;
    this.answered++;
  }

  lose(call, why) {
    if (!call.isSettled) this.violate("lost", call, why);
  }

  /** Records that a call's client disconnects on purpose. */
  abandon() {
    this.abandoned++;
  }

  violate(kind, call, why) {
    this.violations[kind]++;
    if (this.examples.length >= EXAMPLES) return;
    this.examples.push(`${kind}: ${call?.kind ?? ""} ${call?.rpcId ?? ""}: ${String(why).slice(0, 600)}`);
  }
}
