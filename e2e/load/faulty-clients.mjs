// Clients that vanish, read slowly, or send invalid requests. No other client may notice them.
import { setTimeout as pause } from "node:timers/promises";
import { JSON_HEADERS, messagesOf, requestOf, settleAnswer } from "./calls.mjs";
import { RawClient } from "./raw-client.mjs";
import { beginSession, headersOf } from "./sessions.mjs";

const KINDS = ["hang", "hang", "count", "wait", "big", "echo"];

/** Disconnects in the middle of calls and streams. */
export async function vanish(run) {
  while (!run.isOver()) {
    const way = run.pick(["stateless", "sessions", "resumable"]);
    const client = await RawClient.open(run.ports[way]);
    const isModern = way === "stateless" && run.random(2) === 0;
    const session = way === "stateless" ? undefined : await beginSession(client);
    if (session) run.sessions.push({ port: run.ports[way], session });
    const answers = Array.from({ length: 1 + run.random(3) }, () => {
      const call = run.ledger.begin(run.pick(KINDS));
      run.ledger.abandon(call);
      return client.request("POST", "/mcp", requestOf(call, { isModern, session }));
    });
    const sawHead = (answer) => answer.head !== undefined;
    const moments = [
      async () => undefined,
      () => pause(run.random(20)),
      // A call that hangs reports progress at once, and nothing more.
      () => Promise.race([answers[0].until(sawHead), pause(200)]),
    ];
    await run.pick(moments)();
    client.close(run.random(2) === 0);
  }
}

/** Reads streams and long answers slowly, sometimes not to their end. */
export async function readSlowly(run) {
  while (!run.isOver()) {
    const isModern = run.random(2) === 0;
    const client = await RawClient.open(run.ports.stateless);
    const isLong = run.random(10) === 0;
    const given = isLong ? { steps: 200, padding: 30_000 } : { steps: 1 + run.random(40), padding: 20_000 };
    const call = run.random(3) === 0 ? run.ledger.begin("big") : run.ledger.begin("count", given);
    const answer = client.request("POST", "/mcp", requestOf(call, { isModern }));
    for (let stops = 1 + run.random(5); stops > 0 && !answer.isOver; stops--) {
      client.socket.pause();
      await pause(run.random(60));
      client.socket.resume();
      await Promise.race([answer.until(), pause(5)]);
    }
    if (run.random(3) === 0) run.ledger.abandon(call);
    else settleAnswer(run.ledger, call, await answer.until());
    client.close(run.random(2) === 0);
  }
}

/** Starts to send a body and stops. */
export async function abortUploads(run) {
  const length = { ...JSON_HEADERS, Host: "localhost", "Content-Length": 200_000 };
  const chunked = { ...JSON_HEADERS, Host: "localhost", "Transfer-Encoding": "chunked" };
  const expecting = { ...length, Expect: "100-continue" };
  const head = (headers) =>
    `POST /mcp HTTP/1.1\r\n${Object.entries(headers)
      .map(([k, v]) => `${k}: ${v}\r\n`)
      .join("")}`;
  const part = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"x":"${"y".repeat(60_000)}`;
  const uploads = [
    head(length),
    `${head(length)}\r\n`,
    `${head(length)}\r\n${part}`,
    `${head(chunked)}\r\n${part.length.toString(16)}\r\n${part}\r\n`,
    `${head(chunked)}\r\nffff\r\n${part.slice(0, 100)}`,
    `${head(expecting)}\r\n`,
  ];
  for (let i = 0; !run.isOver(); i++) {
    const client = await RawClient.open(run.ports[run.pick(["stateless", "sessions"])]);
    const answer = client.send(run.pick(uploads));
    await pause(run.random(i % 50 === 0 ? 1000 : 15));
    if (answer.head)
      run.ledger.violate("wrong", undefined, `an upload that stopped was answered with ${answer.head.status}`);
    client.close(run.random(2) === 0);
  }
}

const GARBAGE = [
  () => ({ body: "{" }),
  () => ({ body: "" }),
  () => ({ body: "[]" }),
  () => ({ body: "null" }),
  () => ({ body: '{"jsonrpc":"1.0","id":1,"method":"tools/call"}' }),
  () => ({ body: '{"jsonrpc":"2.0","id":{},"method":"tools/call"}' }),
  () => ({ body: "[".repeat(5000) }),
  () => ({ body: `"${"x".repeat(300_000)}"` }),
  () => ({ body: "{}", headers: { "Content-Type": "text/plain" } }),
  () => ({ body: "{}", headers: { Host: "evil.example" } }),
  () => ({ body: "{}", headers: { Origin: "https://evil.example" } }),
  () => ({ body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', headers: { "MCP-Protocol-Version": "1999-01-01" } }),
  () => ({ body: "{}", headers: { "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call" } }),
  () => ({ method: "GET", headers: { Accept: "text/event-stream", "Mcp-Session-Id": "none" } }),
  () => ({ method: "DELETE", headers: { "Mcp-Session-Id": "none" } }),
  () => ({ method: "PATCH", body: "{}" }),
  () => ({ method: "GET", path: "//nowhere/%00" }),
  () => ({ method: "TRACE" }),
];
const NOT_HTTP = [
  "\x16\x03\x01\x00\xa5\x01\x00\x00",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "\0".repeat(500),
];

/** Sends invalid requests, which must get a 4xx status, and bytes that are not HTTP. */
export async function sendGarbage(run) {
  while (!run.isOver()) {
    const client = await RawClient.open(run.ports[run.pick(["stateless", "sessions", "resumable"])]);
    for (let i = 0; i < 20 && !run.isOver() && !client.isClosed; i++) {
      const { method = "POST", path = "/mcp", headers = {}, body } = run.pick(GARBAGE)();
      const answer = client.request(method, path, { headers: { ...JSON_HEADERS, ...headers }, body });
      await expectRefusal(
        run,
        await answer.until(),
        `${method} ${path} ${JSON.stringify(headers)} ${body?.slice(0, 60)}`,
      );
      await pause(run.random(10));
    }
    if (!client.isClosed)
      await expectRefusal(run, await client.send(run.pick(NOT_HTTP)).until(), "bytes that are not HTTP");
    client.close(run.random(2) === 0);
  }
}

function expectRefusal({ ledger }, { head, body }, what) {
  ledger.refused++;
  // Closing the connection is a valid answer to bytes that are not HTTP.
  if (head && (head.status < 400 || head.status >= 500)) {
    ledger.violate("wrong", undefined, `${what} was answered with ${head.status} ${body}`);
  }
}

/** Starts sessions, listens and calls in them, and leaves without DELETE. */
export async function dropSessions(run) {
  while (!run.isOver()) {
    const port = run.ports[run.pick(["sessions", "resumable"])];
    const client = await RawClient.open(port);
    const session = await beginSession(client);
    run.sessions.push({ port, session });
    const stream = await RawClient.open(port);
    const listening = stream.request("GET", "/mcp", {
      headers: { ...headersOf(session), Accept: "text/event-stream" },
    });
    await listening.until(({ head }) => head !== undefined);
    if (listening.head?.status !== 200)
      run.ledger.violate("wrong", undefined, `GET was answered with ${listening.head?.status}`);
    const call = run.ledger.begin("hang");
    run.ledger.abandon(call);
    client.request("POST", "/mcp", requestOf(call, { session }));
    await pause(run.random(40));
    for (const one of [client, stream]) one.close(run.random(2) === 0);
  }
}

const TOUCHED = "load://touched/now";

/** Subscribes to a resource, waits for an update, and disconnects. */
export async function listen(run) {
  while (!run.isOver()) {
    const client = await RawClient.open(run.ports.stateless);
    const listening = client.request("POST", "/mcp", subscription());
    const hears = (method) => (answer) => messagesOf(answer).some((message) => message.method === method);
    await listening.until(hears("notifications/subscriptions/acknowledged"));
    const caller = await RawClient.open(run.ports.stateless);
    const call = run.ledger.begin("touch");
    settleAnswer(run.ledger, call, await caller.request("POST", "/mcp", requestOf(call, { isModern: true })).until());
    await listening.until(hears("notifications/resources/updated"));
    if (listening.isOver)
      run.ledger.violate("lost", call, `a change: ${listening.head?.status} ${listening.body.slice(0, 300)}`);
    caller.close();
    client.close(run.random(2) === 0);
    await pause(run.random(30));
  }
}

function subscription() {
  const listen = { kind: "", method: "subscriptions/listen", rpcId: "listen", args: {} };
  const { headers, body } = requestOf(listen, { isModern: true });
  const { params, ...message } = JSON.parse(body);
  delete headers["Mcp-Name"];
  const notifications = { resourceSubscriptions: [TOUCHED] };
  return { headers, body: JSON.stringify({ ...message, params: { _meta: params._meta, notifications } }) };
}
