import { describe, expect, it, vi } from "vitest";
import { type ReadAheadOptions, trackStream } from "./sse.ts";

const headers = { "content-type": "text/event-stream; charset=utf-8", "x-own": "kept" };
const bound = (maxBufferedBytes: number | undefined): ReadAheadOptions | undefined =>
  maxBufferedBytes === undefined ? undefined : { maxBufferedBytes, lastEvent: () => undefined };
const text = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);

/** A response whose body the test writes. */
function makeStream(): {
  readonly response: Response;
  readonly write: (chunk: string) => void;
  readonly end: () => void;
  readonly cancelled: ReturnType<typeof vi.fn>;
} {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const cancelled = vi.fn<(reason: unknown) => void>();
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: cancelled,
  });
  return {
    response: new Response(body, { status: 200, headers }),
    write: (chunk) => controller?.enqueue(new TextEncoder().encode(chunk)),
    end: () => controller?.close(),
    cancelled,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("trackStream", () => {
  it.each([[undefined], [1000]])("passes an event stream on, to its end (limit %j)", async (limit) => {
    const { response, write, end } = makeStream();
    const onDone = vi.fn<() => void>();
    const tracked = trackStream(response, onDone, bound(limit));
    write("one ");
    write("two");
    end();
    await settled();
    expect(onDone).not.toHaveBeenCalled();
    expect(await tracked.text()).toBe("one two");
    expect(tracked.headers.get("x-own")).toBe("kept");
    expect(onDone).toHaveBeenCalledOnce();
  });

  it("cuts a stream off when more than the limit waits, but for one message", async () => {
    const { response, write, cancelled } = makeStream();
    const onDone = vi.fn<() => void>();
    const reader = (trackStream(response, onDone, bound(4)).body as ReadableStream<Uint8Array>).getReader();
    write("a long message");
    await settled();
    expect(cancelled).not.toHaveBeenCalled();
    expect(text((await reader.read()).value as Uint8Array)).toBe("a long message");
    write("1234");
    write("5");
    await settled();
    expect(cancelled).toHaveBeenCalledOnce();
    // Done already: a client that never reads must not keep its place.
    expect(onDone).toHaveBeenCalledOnce();
    await expect(reader.read()).rejects.toThrow("The client did not read the stream.");
    expect(onDone).toHaveBeenCalledOnce();
  });

  it("reads nothing ahead without a limit, so that the source feels its reader", async () => {
    let pulled = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      pulled++;
      controller.enqueue(new Uint8Array(1));
    };
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    const reader = trackStream(new Response(body, { headers }), () => undefined).body?.getReader();
    await settled();
    expect(pulled).toBe(0);
    await reader?.read();
    expect(pulled).toBe(1);
  });

  it.each([[undefined], [1000]])("cancels its source when the reader has gone (limit %j)", async (limit) => {
    const { response, cancelled } = makeStream();
    const onDone = vi.fn<() => void>();
    await trackStream(response, onDone, bound(limit)).body?.cancel("gone");
    await settled();
    expect(cancelled.mock.calls).toEqual([["gone"]]);
    expect(onDone).toHaveBeenCalledOnce();
  });

  it("is done at once with a response that is not an event stream", () => {
    for (const response of [Response.json({}), new Response(null, { status: 202 })]) {
      const onDone = vi.fn<() => void>();
      expect(trackStream(response, onDone, bound(1000))).toBe(response);
      expect(onDone).toHaveBeenCalledOnce();
    }
  });
});
