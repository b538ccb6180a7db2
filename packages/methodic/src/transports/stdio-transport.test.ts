import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { StdioTransport } from "./stdio-transport.ts";

function setUp() {
  const stdin = new PassThrough();
  const written: unknown[] = [];
  const reports: string[] = [];
  const onEnd = vi.fn<() => void>();
  const transport = new StdioTransport({
    stdin,
    write: (text, done) => {
      written.push(JSON.parse(text));
      done();
    },
    log: (text) => reports.push(text),
    onEnd,
    onClose: () => undefined,
  });
  const messages: unknown[] = [];
  Object.assign(transport, { onmessage: (message: unknown) => messages.push(message) });
  return { stdin, written, reports, onEnd, transport, messages };
}

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const big = "x".repeat(11 * 1024 * 1024);

describe("StdioTransport", () => {
  it("reads and writes messages as lines", async () => {
    const { stdin, transport, messages, written } = setUp();
    await transport.start();
    stdin.write(`${JSON.stringify(ping)}\n`);
    await eventually(() => expect(messages).toEqual([ping]));
    await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
    expect(written).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  it("answers with an error if a response has no JSON form", async () => {
    const { transport, written, reports } = setUp();
    await transport.start();
    await transport.send({ jsonrpc: "2.0", id: 1, result: { size: 5n } });
    const message = "The response cannot be serialized to JSON. See the log of the server.";
    expect(written).toEqual([{ jsonrpc: "2.0", id: 1, error: { code: -32603, message } }]);
    expect(reports).toEqual([expect.stringContaining("BigInt")]);
    await expect(transport.send({ jsonrpc: "2.0", method: "m", params: { size: 5n } })).rejects.toThrow("BigInt");
  });

  it("fails its request if the client's response is invalid", async () => {
    const { stdin, transport, messages, written } = setUp();
    await transport.start();
    await transport.send({ jsonrpc: "2.0", id: 1, method: "elicitation/create" });
    for (const line of ['{"jsonrpc":"2.0","id":1,"result":null}', '{"jsonrpc":"2.0","id":2,"result":null}', "[]", "{}"])
      stdin.write(`${line}\n`);
    stdin.write(`${JSON.stringify(ping)}\n`);
    const failed = expect.objectContaining({ id: 1, error: expect.objectContaining({ code: -32600 }) as unknown });
    await eventually(() => expect(messages).toEqual([failed, ping]));
    // A response must not be answered.
    expect(written).toHaveLength(1);
  });

  it("reports the end of stdin, and still writes", async () => {
    const { stdin, transport, onEnd, messages, written } = setUp();
    await transport.start();
    stdin.end(JSON.stringify(ping));
    await eventually(() => expect(onEnd).toHaveBeenCalled());
    expect(messages).toEqual([ping]);
    await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
    expect(written).toHaveLength(1);
  });

  it("stops reading while too much waits for a client that does not read", async () => {
    const pending: (() => void)[] = [];
    const stdin = new PassThrough();
    const write = (_: string, done: () => void): void => void pending.push(done);
    const none = (): void => undefined;
    const transport = new StdioTransport({ stdin, write, log: none, onEnd: none, onClose: none });
    await transport.start();
    const answer = { jsonrpc: "2.0", id: 1, result: { text: big } } as const;
    const sent = [transport.send(answer)];
    expect(stdin.isPaused()).toBe(false);
    sent.push(transport.send(answer));
    expect(stdin.isPaused()).toBe(true);
    pending.shift()?.();
    expect(stdin.isPaused()).toBe(false);
    sent.push(transport.send(answer));
    transport.stopReading();
    for (const done of pending) done();
    await Promise.all(sent);
    expect(stdin.isPaused()).toBe(true);
  });

  it("receives no messages after stopReading, and sends none after close", async () => {
    const { stdin, transport, messages } = setUp();
    await transport.start();
    transport.stopReading();
    stdin.write(`${JSON.stringify(ping)}\n`);
    await transport.close();
    await transport.close();
    await expect(transport.send({ jsonrpc: "2.0", id: 1, result: {} })).rejects.toThrow("The connection is closed.");
    expect(messages).toEqual([]);
  });

  it("fails its requests that the client can no longer answer", async () => {
    const { stdin, transport, messages } = setUp();
    await transport.start();
    const ask = (id: number) => transport.send({ jsonrpc: "2.0", id, method: "elicitation/create" });
    await Promise.all([ask(1), ask(2)]);
    const answer = { jsonrpc: "2.0", id: 1, result: {} };
    stdin.write(`${JSON.stringify(answer)}\n`);
    await eventually(() => expect(messages).toEqual([answer]));
    transport.stopReading();
    await ask(3);
    const error = { code: -32000, message: "The client can no longer answer: the connection is closing." };
    expect(messages.slice(1)).toEqual([2, 3].map((id) => ({ jsonrpc: "2.0", id, error })));
  });

  it.each<[string, string, unknown, string]>([
    ["garbage", "}{", undefined, 'ignored a line on stdin that is not JSON: "}{"'],
    ["JSON that is not an object", "5", undefined, "Invalid JSON-RPC 2.0 message: "],
    ["a batch", `[${JSON.stringify({ ...ping, id: 7 })},5]`, 7, "Batches are not supported"],
    ["an empty batch", "[]", undefined, "Invalid JSON-RPC 2.0 message: "],
    ["an invalid request", '{"jsonrpc":"2.0","id":7,"method":5}', 7, "Invalid JSON-RPC 2.0 message: "],
    [
      "a request of another JSON-RPC version",
      '{"jsonrpc":"1.0","id":"a","method":"ping"}',
      "a",
      "Invalid JSON-RPC 2.0 message: ",
    ],
    ["an invalid response", '{"jsonrpc":"2.0","id":7,"result":5}', undefined, "Invalid JSON-RPC 2.0 message: "],
    [
      "a line that is too long, with its id first",
      `{"jsonrpc":"2.0","id":8,"method":"m","params":{"a":"${big}"}}`,
      8,
      "The message is too long. Send at most 10485760 bytes.",
    ],
    [
      "a line that is too long, with its id last",
      `{"method":"m","params":{"a":"${big}"},"jsonrpc":"2.0","id":"x"}`,
      "x",
      "The message is too long",
    ],
    [
      "a line that is too long, with the id of an inner object",
      `{"method":"m","params":{"a":"${big}","id":9}}`,
      undefined,
      "The message is too long",
    ],
    ["a line that is too long, and not JSON", big, undefined, "The message is too long"],
  ])("survives %s, and answers it if it has an id", async (...[, line, id, problem]) => {
    const { stdin, transport, messages, written, reports } = setUp();
    await transport.start();
    stdin.write(`${line}\n\n${JSON.stringify(ping)}\n`);
    await eventually(() => expect(messages).toEqual([ping]));
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain(problem);
    expect(reports[0]?.length).toBeLessThan(300);
    expect(written).toEqual(
      id === undefined
        ? []
        : [{ jsonrpc: "2.0", id, error: { code: -32600, message: expect.stringContaining(problem) as string } }],
    );
  });
});
