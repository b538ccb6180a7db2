import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type Authenticator, bearer } from "../../src/auth/index.ts";
import {
  type AccessPredicate,
  type AccessRule,
  createServer,
  type HttpOptions,
  type Server,
  tool,
} from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

let release: (() => void)[] = [];

class Slow {
  async wait(): Promise<string> {
    await new Promise<void>((resolve) => release.push(resolve));
    return "done";
  }
}
defineService(Slow, { wait: { as: tool() } });

let server: Server;
beforeEach(() => void (release = []));
afterEach(async () => {
  vi.useRealTimers();
  for (const one of release) one();
  await server.close();
});

function serve(http: HttpOptions): void {
  server = createServer({ name: "slow", version: "1", services: [Slow], shutdownTimeout: 0, http });
}

function post(path: string, message: object): Promise<Response> {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    authorization: "Bearer a",
  };
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return server.fetch(new Request(`http://localhost${path}`, { method: "POST", headers, body }));
}

/** A stream of HTTP+SSE, and the path for the client's messages. */
interface OpenStream {
  readonly path: string;
  readonly readEvent: () => Promise<string>;
  readonly leave: () => void;
}

async function openStream(): Promise<OpenStream> {
  const leaving = new AbortController();
  const request = { headers: { accept: "text/event-stream" }, signal: leaving.signal };
  const reader = (await server.fetch(new Request("http://localhost/sse", request))).body!.getReader();
  const readEvent = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  const [, path = ""] = /data: (\S+)/.exec(await readEvent()) ?? [];
  return { path, readEvent, leave: () => leaving.abort() };
}

const wait = (id: number): object => ({ id, method: "tools/call", params: { name: "wait" } });

it("calls over HTTP+SSE count as concurrent requests while they run, though their POSTs are answered at once", async () => {
  serve({ legacySse: true, limits: { concurrentRequests: 2 } });
  const { path, readEvent, leave } = await openStream();
  const statuses = async (...ids: number[]): Promise<number[]> => {
    const found: number[] = [];
    for (const id of ids) found.push((await post(path, wait(id))).status);
    return found;
  };
  expect(await statuses(1, 2, 3)).toEqual([202, 202, 503]);
  const busy = await post(path, wait(3));
  expect([busy.headers.get("retry-after"), await busy.json()]).toMatchObject(["1", { id: 3, error: { code: -32000 } }]);
  await eventually(() => expect(release).toHaveLength(2));
  release[0]!();
  await readEvent();
  expect(await statuses(4, 5)).toEqual([202, 503]);
  leave();
  // The calls of the closed session no longer count.
  await eventually(async () => expect((await post("/mcp", { id: 1, method: "ping" })).status).toBe(200));
});

it("each call of a batch counts as a concurrent request", async () => {
  serve({ limits: { concurrentRequests: 2 } });
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const body = JSON.stringify([1, 2, 3].map((id) => ({ jsonrpc: "2.0", ...wait(id) })));
  const response = await server.fetch(new Request("http://localhost/mcp", { method: "POST", headers, body }));
  expect(response.status).toBe(503);
  expect(release).toHaveLength(0);
});

it("a call that was answered within callTimeout leaves no timer behind", async () => {
  vi.useFakeTimers();
  serve({ limits: { callTimeout: "1h" } });
  const answer = post("/mcp", wait(1));
  await eventually(() => expect(release).toHaveLength(1));
  const waiting = vi.getTimerCount();
  release[0]!();
  expect((await answer).status).toBe(200);
  expect([waiting, vi.getTimerCount()]).toEqual([1, 0]);
});

it("callTimeout ends a call over HTTP+SSE with one error, and frees its place", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  serve({ legacySse: true, limits: { callTimeout: "1h", concurrentRequests: 1 } });
  const { path, readEvent } = await openStream();
  const idle = vi.getTimerCount();
  await post(path, wait(1));
  await eventually(() => expect(release).toHaveLength(1));
  release[0]!();
  expect(await readEvent()).toContain('"id":1');
  expect(vi.getTimerCount()).toBe(idle);
  await post(path, wait(2));
  await eventually(() => expect(release).toHaveLength(2));
  vi.advanceTimersByTime(3_600_000);
  expect(await readEvent()).toMatch(/"id":2,"error":\{"code":-32000,"message":"The call took longer than 60 minutes/);
  release[1]!();
  await post(path, { id: 3, method: "ping" });
  expect(await readEvent()).toMatch(/"result":\{\}.*"id":3/);
});

it("callTimeout: 0 disables the limit", async () => {
  serve({ limits: { callTimeout: 0 } });
  const answer = post("/mcp", wait(1));
  await eventually(() => expect(release).toHaveLength(1));
  release[0]!();
  expect((await answer).status).toBe(200);
});

const never = (): Promise<boolean> => new Promise(() => undefined);
const byKey = (verify: () => true | Promise<boolean>): Authenticator => bearer({ verify });

const listTools = { id: 1, method: "tools/list" };
it.each<[string, readonly (AccessPredicate | AccessRule)[], () => true | Promise<boolean>, object]>([
  ["an authenticator", [() => true], never, wait(1)],
  ["an access rule", [never], () => true, wait(1)],
  ["an access rule with scopes", [{ scopes: ["a"], allows: never }], () => true, wait(1)],
  ["an access rule in a list", [never], () => true, listTools],
])("%s that never decides is limited by callTimeout", async (...[, rules, verify, message]) => {
  class Guarded {
    wait(): string {
      return "done";
    }
  }
  defineService(Guarded, { wait: { as: tool({ auth: rules }) } });
  const limits = { callTimeout: 30, concurrentRequests: 1 };
  server = createServer({ name: "s", version: "1", services: [Guarded], auth: byKey(verify), http: { limits } });
  for (let i = 0; i < 3; i++) {
    const answer = await post("/mcp", message);
    expect([answer.status, await answer.json()]).toMatchObject([504, { error: { code: -32000 } }]);
  }
});
