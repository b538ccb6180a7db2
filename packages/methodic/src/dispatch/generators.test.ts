import { describe, expect, it } from "vitest";
import { type Progress, ProgressReporter } from "../context/progress.ts";
import { runGenerator } from "./generators.ts";

const { signal } = new AbortController();

describe("runGenerator", () => {
  it("lets the generator go on once the client has taken what it yielded", async () => {
    const events: unknown[] = [];
    let take = (): void => undefined;
    const progress = new ProgressReporter(({ message }: Progress) => {
      events.push(`sent ${message}`);
      return new Promise((resolve) => (take = resolve));
    });
    async function* run(): AsyncGenerator<string, string> {
      yield "a";
      events.push("went on");
      return "b";
    }
    const running = runGenerator(run(), "value", { signal, progress });
    await new Promise(setImmediate);
    expect(events).toEqual(["sent a"]);
    take();
    expect(await running).toBe("b");
    expect(events).toEqual(["sent a", "went on"]);
  });

  it("ends a generator whose client is gone at the yield where it waits", async () => {
    const controller = new AbortController();
    const events: string[] = [];
    const progress = new ProgressReporter(() => new Promise(() => undefined));
    function* run(): Generator<string, void> {
      try {
        yield "a";
        events.push("went on");
      } finally {
        events.push("closed");
      }
    }
    const running = runGenerator(run(), "text", { signal: controller.signal, progress });
    controller.abort(new Error("gone"));
    await expect(running).rejects.toThrow("gone");
    expect(events).toEqual(["closed"]);
  });

  it("ends a generator that waits for nothing once the request is cancelled", async () => {
    const controller = new AbortController();
    let isClosed = false;
    function* run(): Generator<string, string> {
      try {
        for (;;) yield "a";
      } finally {
        isClosed = true;
      }
    }
    setImmediate(() => controller.abort(new Error("gone")));
    const running = runGenerator(run(), "value", { signal: controller.signal, progress: undefined });
    await expect(running).rejects.toThrow("gone");
    expect(isClosed).toBe(true);
  });

  it("drops what a finally block yields", async () => {
    const controller = new AbortController();
    const sent: unknown[] = [];
    const progress = new ProgressReporter(async (report) => {
      sent.push(report.message);
      controller.abort(new Error("gone"));
    });
    async function* run(): AsyncGenerator<string, void> {
      try {
        yield "a";
      } finally {
        yield "b";
      }
    }
    await expect(runGenerator(run(), "text", { signal: controller.signal, progress })).rejects.toThrow("gone");
    expect(sent).toEqual(["a"]);
  });

  it("fails with the error of an iterator, which it does not end again", async () => {
    const iterator = {
      next: () => {
        throw new Error("broken");
      },
      return: () => {
        throw new Error("ended twice");
      },
    };
    await expect(runGenerator(iterator, "value", { signal, progress: undefined })).rejects.toThrow("broken");
  });

  it("fails for the value that it yields, whatever its finally blocks throw", async () => {
    function* run(): Generator<number, void> {
      try {
        yield 5;
      } finally {
        // oxlint-disable-next-line no-unsafe-finally
        throw new Error("cleanup failed");
      }
    }
    const running = runGenerator(run(), "value", { signal, progress: undefined });
    await expect(running).rejects.toThrow("its generator yielded number");
  });

  it("runs an iterator that cannot be ended", async () => {
    const steps = [
      { done: false, value: "a" },
      { done: true, value: undefined },
    ];
    const iterator = { next: () => steps.shift() };
    expect(await runGenerator(iterator, "text", { signal, progress: undefined })).toBe("a");
  });

  it.each([["text"], [5], [null], [undefined], [{ a: 1 }]])("returns %j as it is", async (value) => {
    expect(await runGenerator(value, "value", { signal, progress: undefined })).toBe(value);
  });
});
