import { describe, expect, it } from "vitest";
import { type Progress, ProgressReporter } from "./progress.ts";

function createReporter(): { readonly reporter: ProgressReporter; readonly sent: Progress[] } {
  const sent: Progress[] = [];
  return { reporter: new ProgressReporter(async (report) => void sent.push(report)), sent };
}

describe("ProgressReporter", () => {
  it("sends the method's reports unchanged", async () => {
    const { reporter, sent } = createReporter();
    await reporter.report(-1);
    await reporter.report(0, 10);
    await reporter.report(2.5, 10, "two and a half");
    expect(sent).toEqual([
      { progress: -1 },
      { progress: 0, total: 10 },
      { progress: 2.5, total: 10, message: "two and a half" },
    ]);
  });

  it.each([[1], [0.5], [Number.NaN], [Number.POSITIVE_INFINITY]])("drops %d after 1", async (next) => {
    const { reporter, sent } = createReporter();
    await reporter.report(1);
    await reporter.report(next);
    expect(sent).toEqual([{ progress: 1 }]);
  });

  it("beats between the method's reports, whose first may be 0", async () => {
    const { reporter, sent } = createReporter();
    await reporter.beat();
    await reporter.beat();
    await reporter.report(0, 100, "start");
    await reporter.beat();
    await reporter.report(50, 100);
    await reporter.beat();
    await reporter.report(100, 100);
    expect(sent.map(({ progress }) => progress)).toEqual([0, 0.000001, 0.000002, 0.000003, 50, 50.00005, 100]);
  });

  it("beats with the last total, without the last message", async () => {
    const { reporter, sent } = createReporter();
    await reporter.report(1, 4, "first of four");
    await reporter.beat();
    expect(sent[1]).toEqual({ progress: 1.000001, total: 4 });
  });

  it.each([[0], [1], [0.3], [-7], [1e12], [-1e12]])("grows from %d for clients with 32-bit floats", async (start) => {
    const { reporter, sent } = createReporter();
    await reporter.report(start);
    for (let i = 0; i < 50; i++) await reporter.beat();
    const values = sent.map(({ progress }) => Math.fround(progress));
    expect(values).toHaveLength(51);
    expect(values.every((value, i) => i === 0 || value > Number(values[i - 1]))).toBe(true);
  });

  it("sends smaller steps of the method than the heartbeat's, each of which grows", async () => {
    const { reporter, sent } = createReporter();
    await reporter.report(1e9);
    await reporter.beat();
    await reporter.report(1e9 + 1);
    await reporter.report(1e9 + 2);
    await reporter.report(2e9);
    expect(sent.map(({ progress }) => progress)).toEqual([
      1e9, 1_000_001_000, 1_000_002_000.001, 1_000_003_000.003, 2e9,
    ]);
  });

  it("does not beat again before the client has taken the last beat", async () => {
    let take = (): void => undefined;
    const taken = new Promise<void>((resolve) => (take = resolve));
    const sent: number[] = [];
    const reporter = new ProgressReporter(({ progress }) => {
      sent.push(progress);
      return taken;
    });
    const first = reporter.beat();
    await reporter.beat();
    expect(sent).toEqual([0]);
    take();
    await first;
    void reporter.beat();
    expect(sent).toEqual([0, 0.000001]);
  });

  it("does not fail if the client is gone", async () => {
    const reporter = new ProgressReporter(() => Promise.reject(new Error("gone")));
    await expect(reporter.report(1)).resolves.toBeUndefined();
    await expect(reporter.beat()).resolves.toBeUndefined();
  });
});
