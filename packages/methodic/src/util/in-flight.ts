/** Counts the requests that are being answered, so that there are never too many and a closing server can wait for them. */
export class InFlight {
  readonly #max: number;
  #count = 0;
  #waiting: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts one more; false if there are as many as there may be. */
  enter(): boolean {
    if (this.#count >= this.#max) return false;
    this.#count++;
    return true;
  }

  leave(): void {
    this.#count--;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Leaves when the response has been sent whole, or the client has gone. */
  leaveAfter(response: Response, onDone: () => void = () => undefined): Response {
    if (!isStream(response)) {
      this.leave();
      onDone();
      return response;
    }
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let left = false;
    const leaveOnce = (): void => {
      if (left) return;
      left = true;
      this.leave();
      onDone();
    };
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = await reader.read();
            if (!done) return controller.enqueue(value);
            leaveOnce();
            controller.close();
          } catch (error) {
            leaveOnce();
            controller.error(error);
          }
        },
        cancel(reason) {
          leaveOnce();
          return reader.cancel(reason);
        },
      },
      // Passes on what there is, and reads nothing ahead.
      { highWaterMark: 0 },
    );
    return new Response(body, { status: response.status, headers: response.headers });
  }

  /** Resolves when nothing is being answered, or the time is over. */
  async drained(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Whether a response goes on after its headers. */
function isStream(response: Response): boolean {
  return response.body !== null && (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}
