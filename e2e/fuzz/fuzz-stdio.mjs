// Sends cases to a server on stdio, one connection for each era.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createCase, parse } from "./cases.mjs";
import { isAnswer, isQuestion, judgeForm, judgeText, requestIds } from "./judge.mjs";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: "open",
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: { elicitation: { form: {} } },
    clientInfo: { name: "fuzz", version: "1" },
  },
};
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const LAST = { jsonrpc: "2.0", id: "last", method: "tools/list", params: { _meta: META } };
const AT_ONCE = 64;

/** Sends the cases of some indexes; reports problems. */
export async function fuzzStdio(file, { seed, indexes, report }) {
  const cases = Array.from(indexes, (index) => createCase(seed, index, { isRaw: true }));
  for (const era of ["legacy", "modern"]) {
    const own = cases.filter((one) => one.era === era);
    const child = spawn(process.execPath, [file, "stdio"], { stdio: ["pipe", "pipe", "ignore"] });
    await new Connection(child, era, report).run(own);
  }
}

class Connection {
  #child;
  #era;
  #report;
  /** Requests that await their answer, and cases by the id of their request. */
  #waiting = new Set();
  #sent = new Map();
  #wake = () => undefined;

  constructor(child, era, report) {
    this.#child = child;
    this.#era = era;
    this.#report = (problem, sent, text) =>
      report({ transport: "stdio", mode: era, problem, sent, answer: { status: "", text } });
  }

  async run(cases) {
    const exited = once(this.#child, "exit");
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#receive(line));
    this.#child.stdin.on("error", () => undefined);
    if (this.#era === "legacy") this.#write(JSON.stringify(INITIALIZE), { ids: ["open"] });
    for (const sent of cases) {
      const ids = uniqueIds(sent.body);
      // A line that ends early is two messages, and the id of one may be that of another.
      if (ids === undefined) continue;
      this.#write(sent.body, { ids, sent });
      while (this.#waiting.size > AT_ONCE) if (!(await this.#progress())) break;
      this.#drop();
    }
    this.#write(JSON.stringify(LAST), { ids: ["last"] });
    while (this.#waiting.size > 0) if (!(await this.#progress())) break;
    for (const id of this.#waiting) this.#report("no answer", this.#sent.get(id), "");
    this.#child.stdin.end();
    const [code] = await exited;
    if (code !== 0) this.#report(`exit status ${code}`, cases.at(-1), "");
  }

  /** Waits for a message. Returns false if it does not come. */
  #progress() {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), 10_000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  /** Stops waiting for requests whose time is over. */
  #drop() {
    if (this.#waiting.size <= AT_ONCE) return;
    for (const id of this.#waiting) this.#report("no answer", this.#sent.get(id), "");
    this.#waiting.clear();
  }

  #write(body, { ids, sent }) {
    for (const id of ids) {
      this.#waiting.add(id);
      this.#sent.set(id, sent);
    }
    this.#child.stdin.write(body);
    this.#child.stdin.write("\n");
  }

  #receive(line) {
    const message = parse(line);
    const sent = this.#sent.get(message?.id);
    const problems = judgeText(line);
    if (message?.jsonrpc !== "2.0") problems.push("a line that is not JSON-RPC");
    else if (isQuestion(message))
      this.#child.stdin.write(
        `${JSON.stringify({ jsonrpc: "2.0", id: message.id, result: questionResult(message) })}\n`,
      );
    else if (isAnswer(message)) {
      problems.push(...judgeForm(message));
      const isKnown = this.#waiting.delete(message.id);
      // A line that is not a request is refused with its id.
      const isRefusal = [-32600, -32700].includes(message.error?.code);
      if (!isKnown && !isRefusal && message.id !== null && message.id !== undefined)
        problems.push(
          this.#sent.has(message.id) ? "a second answer" : `an answer to no request: ${line.slice(0, 300)}`,
        );
    }
    for (const problem of problems) this.#report(problem, sent, line);
    this.#wake();
  }
}

function questionResult({ method }) {
  return method === "elicitation/create"
    ? { action: "decline" }
    : { role: "user", model: "m", content: { type: "text", text: "x" } };
}

/** Lists the ids of a line's requests; undefined if the line is not fit for a shared connection. */
function uniqueIds(body) {
  if (typeof body !== "string" || /[\r\n]/.test(body)) return undefined;
  // They would cancel others, or never end.
  if (/notifications\/cancelled|"hang"|subscriptions\/listen/.test(body)) return undefined;
  if (Array.isArray(parse(body))) return undefined;
  const ids = requestIds(body);
  return ids.every((id) => typeof id === "string" && /^\d+-\d+$/.test(id)) ? ids : undefined;
}
