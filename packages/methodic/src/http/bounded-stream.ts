/**
 * Hands on the event stream of a response, and cuts it off when too much waits for a reader that does not read: neither a method
 * that reports its progress nor a server that tells of changes would wait for it. Other responses are returned as they are.
 */
export function boundStream(response: Response, maxWaitingBytes: number): Response {
  const { body, status, headers } = response;
  if (!body || !headers.get("content-type")?.startsWith("text/event-stream")) return response;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const bounded = new ReadableStream<Uint8Array>(
    {
      // Not awaited: a stream is not read before it has started.
      start: (controller) => void forward(reader, controller),
      cancel: (reason) => reader.cancel(reason),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxWaitingBytes }),
  );
  return new Response(bounded, { status, headers });
}

async function forward(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  controller: ReadableStreamDefaultController<Uint8Array>,
): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return controller.close();
      // What waits may pass the limit by one message, so that a single large one always gets through.
      if ((controller.desiredSize ?? 0) <= 0) throw new Error("The stream was not read.");
      controller.enqueue(value);
    }
  } catch (error) {
    controller.error(error);
    await reader.cancel(error).catch(() => undefined);
  }
}
