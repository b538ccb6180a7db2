import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { apiKey } from "../../src/auth/index.ts";
import { createServer, type HttpAddress, type HttpLimits, type Server, tool } from "../../src/index.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { defineService } from "../fixtures/service.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MIB = 1024 * 1024;
// More than the buffers of a local connection hold.
const SIZE = 12 * MIB;

class Big {
  big(): string {
    return "x".repeat(SIZE);
  }
}
defineService(Big, { big: { as: tool() } });

const KEYS = ["ada", "eve"].map((name) => ({ name, key: `key-of-${name}` }));

let server: Server;
let address: HttpAddress;
beforeEach(() => void vi.spyOn(process.stderr, "write").mockReturnValue(true));
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

async function start(limits: HttpLimits, auth: "none" | "keys" = "none"): Promise<void> {
  const given = auth === "keys" ? apiKey({ keys: KEYS }) : auth;
  server = createServer({ name: "s", version: "1", services: [Big], shutdownTimeout: 0, auth: given });
  address = await server.serve({ transport: "http", port: 0, limits });
}

const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "big", arguments: {} } });
const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };

/** Calls a tool with a big result, and does not read it. */
async function callAndStopReading(key?: string): Promise<RawConnection> {
  const connection = await RawConnection.open(address.port);
  connection.request("POST", "/mcp", { headers: { ...headers, ...(key && { "X-API-Key": key }) }, body });
  await connection.until((received) => received.length > 0);
  connection.socket.pause();
  return connection;
}

/** Reads what is left of a response. Returns its length, which is short if it was cut off. */
async function readRest(connection: RawConnection): Promise<number> {
  connection.socket.resume();
  await connection.until((received) => received.length > SIZE);
  return connection.received.length;
}

async function callAndRead(key?: string): Promise<number> {
  const response = await fetch(address.url, {
    method: "POST",
    headers: { ...headers, ...(key && { "X-API-Key": key }) },
    body,
  });
  return (await response.text()).length;
}

describe("A client that does not read its JSON response", () => {
  it("is cut off after readTimeout", async () => {
    await start({ readTimeout: 50 });
    using unread = await callAndStopReading();
    await eventually(() => {
      // A connection that the other side has closed is found by writing to it.
      unread.send("x");
      expect(unread.isClosed).toBe(true);
    });
    expect(unread.received.length).toBeLessThan(SIZE);
  });

  it("keeps its response with readTimeout 0", async () => {
    await start({ readTimeout: 0 });
    using unread = await callAndStopReading();
    expect(await readRest(unread)).toBeGreaterThan(SIZE);
  });

  it("keeps the bytes of its response, but not the text", async () => {
    await start({});
    // Loads what is loaded on demand.
    await callAndRead();
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const unread: RawConnection[] = [];
    for (let i = 0; i < 6; i++) unread.push(await callAndStopReading());
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 * SIZE);
    for (const connection of unread) connection[Symbol.dispose]();
  });

  it("gives way to others beyond responseBuffer", async () => {
    await start({ responseBuffer: 2 * SIZE });
    const unread: RawConnection[] = [];
    for (let i = 0; i < 4; i++) unread.push(await callAndStopReading());
    expect(await callAndRead()).toBeGreaterThan(SIZE);
    const lengths: number[] = [];
    for (const connection of unread) lengths.push(await readRest(connection));
    expect(lengths.map((length) => length > SIZE)).toEqual([false, false, false, true]);
  });

  it("does not make the responses of other callers give way", async () => {
    await start({ responseBuffer: 4 * SIZE }, "keys");
    using ofAda = await callAndStopReading("key-of-ada");
    const ofEve: RawConnection[] = [];
    for (let i = 0; i < 4; i++) ofEve.push(await callAndStopReading("key-of-eve"));
    expect(await readRest(ofAda)).toBeGreaterThan(SIZE);
    const lengths: number[] = [];
    for (const connection of ofEve) lengths.push(await readRest(connection));
    expect(lengths.map((length) => length > SIZE)).toEqual([false, false, true, true]);
  });

  it("cannot make many wait by pipelining", async () => {
    await start({ responseBuffer: 4 * SIZE });
    using other = await callAndStopReading();
    using flooding = await callAndStopReading();
    for (let i = 0; i < 6; i++) flooding.request("POST", "/mcp", { headers, body });
    expect(await callAndRead()).toBeGreaterThan(SIZE);
    expect(await readRest(flooding)).toBeLessThan(SIZE);
    expect(await readRest(other)).toBeGreaterThan(SIZE);
  });
});
