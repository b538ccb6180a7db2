import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { apiKey } from "../../src/auth/index.ts";
import { MemoryEventStore } from "../../src/http/index.ts";
import { type Context, createServer, type HttpLimits, type HttpOptions, type Server, tool } from "../../src/index.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { defineService } from "../fixtures/service.ts";

let release: (() => void)[] = [];

class Service {
  hello(): string {
    return "hi";
  }
  async wait(): Promise<string> {
    await new Promise<void>((resolve) => release.push(resolve));
    return "done";
  }
  chatter(count: number, ctx: Context): string {
    for (let i = 0; i < count; i++) ctx.log.info(`message ${i}`);
    return "said";
  }
}
defineService(Service, {
  hello: { as: tool() },
  wait: { as: tool() },
  chatter: { as: tool(), properties: { count: { type: "integer" } }, contextIndex: 1 },
});

const KEYS = ["ada", "bob", "eve"].map((name) => ({ name, key: `key-of-${name}` }));

let server: Server;
beforeEach(() => void (release = []));
afterEach(async () => {
  for (const one of release) one();
  await server.close();
  vi.restoreAllMocks();
});

function create(limits: HttpLimits, http: HttpOptions = {}, auth: "none" | "keys" = "keys"): void {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  server = createServer({
    name: "s",
    version: "1",
    services: [Service],
    shutdownTimeout: 0,
    auth: auth === "keys" ? apiKey({ keys: KEYS }) : auth,
    http: { ...http, limits },
  });
}

/** A client: the name of its key, or its address. */
type Who = "ada" | "bob" | "eve" | `10.${string}`;

interface SendOptions {
  readonly method?: string;
  readonly session?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(who: Who, message: object | undefined, options: SendOptions = {}): Promise<Response> {
  const { method = "POST", session, signal, headers } = options;
  const init = {
    method,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(/^\d/.test(who) ? {} : { "x-api-key": `key-of-${who}` }),
      ...(session !== undefined && { "mcp-session-id": session }),
      ...headers,
    },
    ...(signal && { signal }),
    ...(message && { body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }) }),
  };
  return server.fetch(new Request("http://localhost/mcp", init), { requestIP: () => ({ address: who }) });
}

const callTool = (name: string, args: object = {}, id: number | string = 1): object => ({
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

const clientInfo = { name: "c", version: "1" };

/** Opens a session, and uses it. Returns its id, or the status of the refusal. */
async function openSession(who: Who): Promise<string | number> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const response = await send(who, { method: "initialize", params });
  const id = response.headers.get("mcp-session-id");
  if (id === null) return response.status;
  await send(who, { id: undefined, method: "notifications/initialized" }, { session: id });
  return id;
}

const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};

function subscribe(who: Who): Promise<Response> {
  const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "subscriptions/listen" };
  const params = { notifications: { toolsListChanged: true }, _meta: MODERN_META };
  return send(who, { method: "subscriptions/listen", params }, { headers });
}

const statusesOf = (responses: readonly Response[]): number[] => responses.map(({ status }) => status);
const many = <T>(count: number, create: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, create));

describe.each([
  ["keys", "eve", "bob"],
  ["none", "10.0.0.66", "10.0.0.2"],
] as const)("One caller of a server with auth %s", (auth, eve, bob) => {
  it("cannot take all sessions", async () => {
    create({}, { sessions: { max: 6 } }, auth);
    const opened: (string | number)[] = [];
    for (let i = 0; i < 10; i++) opened.push(await openSession(eve));
    expect(opened.filter((result) => typeof result === "string")).toHaveLength(3);
    expect(opened.filter((result) => result === 429)).toHaveLength(7);
    expect(await openSession(bob)).toEqual(expect.any(String));
  });

  it("cannot take all subscriptions", async () => {
    create({ subscriptions: 4 }, {}, auth);
    const responses = await many(6, () => subscribe(eve));
    expect(statusesOf(responses).sort()).toEqual([200, 200, 429, 429, 429, 429]);
    const refused = responses.find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(await refused?.json()).toMatchObject({ id: 1, error: { message: expect.stringContaining("your share") } });
    const served = await subscribe(bob);
    expect(served.status).toBe(200);
    for (const { body } of [...responses, served]) if (body?.locked === false) await body.cancel();
    // The places of subscriptions that have ended are free.
    await eventually(async () => expect((await subscribe(eve)).status).toBe(200));
  });

  it("cannot take all concurrent requests", async () => {
    create({ concurrentRequests: 4 }, {}, auth);
    const running = many(6, () => send(eve, callTool("wait")));
    await eventually(() => expect(release).toHaveLength(2));
    expect((await send(bob, callTool("hello"))).status).toBe(200);
    for (const one of release) one();
    expect(statusesOf(await running).sort()).toEqual([200, 200, 429, 429, 429, 429]);
  });

  it("cannot take all calls that wait for a client to return", async () => {
    create({ concurrentRequests: 4 }, { sessions: { eventStore: new MemoryEventStore() } }, auth);
    const [session, other] = [String(await openSession(eve)), String(await openSession(bob))];
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      const leaving = new AbortController();
      const response = await send(eve, callTool("wait", {}, i), { session, signal: leaving.signal });
      statuses.push(response.status);
      // A client that has received an event may return, so its call continues.
      await response.body?.getReader().read();
      leaving.abort();
    }
    expect(statuses).toEqual([200, 200, 429, 429, 429, 429]);
    expect(release).toHaveLength(2);
    const served = await send(bob, callTool("hello"), { session: other });
    expect([served.status, await served.text()]).toEqual([200, expect.stringContaining('"hi"')]);
  });

  it("cannot push out the kept messages of others", async () => {
    create({}, { sessions: { eventStore: new MemoryEventStore({ maxEvents: 20 }) } }, auth);
    const [sessions, other] = [await many(3, () => openSession(eve)), String(await openSession(bob))];
    const leaving = new AbortController();
    const broken = await send(bob, callTool("wait"), { session: other, signal: leaving.signal });
    const { value } = await broken.body!.getReader().read();
    const [, lastEventId = ""] = /id: (\S+)/.exec(new TextDecoder().decode(value)) ?? [];
    leaving.abort();
    for (const session of sessions) {
      await (await send(eve, callTool("chatter", { count: 50 }), { session: String(session) })).text();
    }
    release[0]?.();
    const headers = { "last-event-id": lastEventId };
    const resumed = await send(bob, undefined, { method: "GET", session: other, headers });
    expect([resumed.status, await resumed.text()]).toEqual([200, expect.stringContaining('"done"')]);
  });
});

it("Callers on this machine, which may be clients of a proxy, share the full limits", async () => {
  create({ concurrentRequests: 4 }, {}, "none");
  const running = many(5, () =>
    server.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
        body: JSON.stringify({ jsonrpc: "2.0", ...callTool("wait") }),
      }),
      { requestIP: () => ({ address: "127.0.0.1" }) },
    ),
  );
  await eventually(() => expect(release).toHaveLength(4));
  for (const one of release) one();
  expect(statusesOf(await running).sort()).toEqual([200, 200, 200, 200, 503]);
});

describe("Clients that send their bodies slowly", () => {
  const slowly = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  it("do not take places: others are served, and the oldest ones are cut off", async () => {
    create({ concurrentRequests: 10 }, {}, "none");
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { url, port } = await server.serve({ transport: "http", port: 0 });
    const connections = await many(15, () => RawConnection.open(port));
    for (const connection of connections) connection.send(`${slowly}Content-Length: 100\r\n\r\n{`);
    // The first five have given way to the last five.
    const answers = await Promise.all(connections.slice(0, 5).map((connection) => connection.answers()));
    expect(answers.flat().map(({ status }) => status)).toEqual([408, 408, 408, 408, 408]);
    for (let i = 0; i < 3; i++) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
        body: JSON.stringify({ jsonrpc: "2.0", ...callTool("hello") }),
      });
      expect(response.status).toBe(200);
    }
    for (const connection of connections) connection[Symbol.dispose]();
  });

  it("are cut off after requestTimeout in every runtime", async () => {
    create({ requestTimeout: 20 }, {}, "none");
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
      cancel: () => void (isCancelled = true),
    });
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
    const response = await server.fetch(new Request("http://localhost/mcp", init));
    expect([response.status, await response.json(), isCancelled]).toEqual([
      408,
      expect.objectContaining({ error: expect.objectContaining({ message: expect.stringContaining("in time") }) }),
      true,
    ]);
  });
});

it("callerShare outside the range from 0 to 1 is an invalid option", () => {
  for (const callerShare of [0, 1.5, -1, "0.5" as never, Number.NaN]) {
    expect(() => create({ callerShare })).toThrow(/limits\.callerShare.*above 0 and up to 1/);
  }
  create({ callerShare: 1 });
});
