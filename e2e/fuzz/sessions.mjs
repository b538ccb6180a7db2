// A few sessions of clients up to 2025-11-25, which come and go.
import { Random } from "./random.mjs";

const JSON_HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};
const MAX = 8;

export class Sessions {
  #ids = [];
  #cancellations = new Map();
  #client;

  constructor(client) {
    this.#client = client;
  }

  /** Returns the id of an open session; begins another one now and then. */
  async take(index) {
    const random = new Random(index, 99);
    if (this.#ids.length < MAX || random.chance(0.01)) this.#ids.push(await this.open());
    if (this.#ids.length > MAX) await this.#end(this.#ids[0]);
    return random.of(this.#ids);
  }

  /** Returns the ids of the requests that were cancelled in a session, for callers to add to. */
  cancellations(id) {
    const known = this.#cancellations.get(id) ?? [];
    this.#cancellations.set(id, known);
    return known;
  }

  /** Forgets a session that has ended. */
  drop(id) {
    this.#ids = this.#ids.filter((other) => other !== id);
  }

  /** Checks whether a session has ended, with all its calls. */
  hasEnded(id) {
    return !this.#ids.includes(id);
  }

  /** Answers a question of the server. */
  async answer(id, message) {
    await this.#post({ method: "POST", headers: { "mcp-session-id": id }, body: JSON.stringify(message) });
  }

  async #end(id) {
    this.drop(id);
    await this.#post({ method: "DELETE", headers: { "mcp-session-id": id } });
  }

  /** Opens a session. */
  async open() {
    const capabilities = { elicitation: { form: {} }, sampling: {} };
    const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "fuzz", version: "1" } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: "open", method: "initialize", params });
    const { headers } = await this.#post({ method: "POST", headers: {}, body });
    const id = headers.get("mcp-session-id");
    if (!id) throw new Error("No session was opened.");
    await this.answer(id, { jsonrpc: "2.0", method: "notifications/initialized" });
    return id;
  }

  async #post({ method, headers, body }) {
    const answer = await this.#client.send({ method, headers: { ...JSON_HEADERS, ...headers }, body });
    let text = "";
    for await (const chunk of answer.chunks) text += chunk;
    return { ...answer, text };
  }
}
