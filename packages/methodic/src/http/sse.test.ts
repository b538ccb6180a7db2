import { describe, expect, it, vi } from "vitest";
import { boundStream } from "./sse.ts";

const headers = { "content-type": "text/event-stream; charset=utf-8", "x-own": "kept" };
const text = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);

/** A response whose body is written from outside, to whoever may read it. */
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

describe("a bounded event stream", () => {
  it("hands everything on, to the end", async () => {
    const { response, write, end } = makeStream();
    const bounded = boundStream(response, 1000);
    write("one ");
    write("two");
    end();
    expect(await bounded.text()).toBe("one two");
    expect(bounded.headers.get("x-own")).toBe("kept");
  });

  it("is cut off when more waits than may, but for one message", async () => {
    const { response, write, cancelled } = makeStream();
    const reader = (boundStream(response, 4).body as ReadableStream<Uint8Array>).getReader();
    write("a long message");
    await settled();
    expect(cancelled).not.toHaveBeenCalled();
    expect(text((await reader.read()).value as Uint8Array)).toBe("a long message");
    write("1234");
    write("5");
    await settled();
    expect(cancelled).toHaveBeenCalledOnce();
    await expect(reader.read()).rejects.toThrow("The stream was not read.");
  });

  it("tells its source when the reader has gone", async () => {
    const { response, cancelled } = makeStream();
    await boundStream(response, 1000).body?.cancel("gone");
    await settled();
    expect(cancelled.mock.calls).toEqual([["gone"]]);
  });

  it("is made of event streams alone", () => {
    for (const response of [Response.json({}), new Response(null, { status: 202 })]) {
      expect(boundStream(response, 1000)).toBe(response);
    }
  });
});
