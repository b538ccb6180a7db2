import { expect, vi } from "vitest";
import { type Context, type Progress, resource, tool } from "../../../src/index.ts";
import { defer, type FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

let started = defer<void>();
let released = defer<boolean>();

class Reports {
  log(ctx: Context): string {
    ctx.log.debug("hidden");
    ctx.log.warning("shown", { size: 3 });
    return "done";
  }

  async progress(ctx: Context): Promise<string> {
    await ctx.progress(1, 3);
    await ctx.progress(2, 3, "nearly");
    return "done";
  }

  async wait({ signal }: Context): Promise<string> {
    signal.addEventListener("abort", () => released.resolve(true));
    started.resolve();
    return `aborted: ${await released.promise}`;
  }

  async *story(): AsyncGenerator<Progress | string, string> {
    yield { progress: 1, total: 3 };
    yield "nearly";
    return "done";
  }

  async work(): Promise<string> {
    started.resolve();
    await released.promise;
    return "done";
  }

  async endless(): Promise<void> {
    await new Promise(() => undefined);
  }

  release(): string {
    released.resolve(false);
    return "released";
  }

  change({ notify }: Context): string {
    notify.toolsChanged();
    notify.resourceUpdated("feature://page");
    return "changed";
  }

  page(): string {
    return "page";
  }
}
const context = { contextIndex: 0 };
defineService(Reports, {
  log: { as: tool(), ...context },
  progress: { as: tool(), ...context },
  wait: { as: tool(), ...context },
  story: { as: tool(), generator: "value" },
  work: { as: tool({ heartbeat: "15s" }) },
  endless: { as: tool({ timeout: 100 }) },
  release: { as: tool() },
  change: { as: tool(), ...context },
  page: { as: resource("feature://page"), kind: "resource" },
});

const isRefused = (request: Promise<unknown>): Promise<boolean> =>
  request.then(
    () => false,
    (error: Error) => error.message.startsWith('Method not found: "resources/subscribe"'),
  );

/** Messages between a running method and its client. */
export const reports: FeatureGroup = {
  service: Reports,
  features: [
    {
      name: "`ctx.log`",
      async check({ call, client, era }) {
        const logs: unknown[] = [];
        client.setNotificationHandler("notifications/message", ({ params }) => void logs.push(params));
        if (era === "legacy") await client.setLoggingLevel("warning");
        await call("log", { logLevel: "warning" });
        const shown = expect.objectContaining({ level: "warning", data: { message: "shown", data: { size: 3 } } });
        expect(logs.at(-1)).toEqual(shown);
        return logs.length === 1 ? "works" : "noLevel";
      },
    },
    {
      name: "`ctx.progress`",
      async check({ call }) {
        const reported: number[] = [];
        await call("progress", { onProgress: (progress) => reported.push(progress) });
        expect(reported).toEqual([1, 2]);
        return "works";
      },
    },
    {
      name: "`yield` in a generator method",
      async check({ call }) {
        const reported: number[] = [];
        expect(await call("story", { onProgress: (progress) => reported.push(progress) })).toBe("done");
        expect(reported).toEqual([1, 1.000001]);
        return "works";
      },
    },
    {
      name: "`heartbeat`",
      async check({ call }) {
        started = defer();
        released = defer();
        vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
        try {
          const reported: number[] = [];
          const called = call("work", { onProgress: (progress) => reported.push(progress) });
          await started.promise;
          while (reported.length < 2) {
            vi.advanceTimersByTime(15_000);
            await new Promise(setImmediate);
          }
          released.resolve(true);
          expect(await called).toBe("done");
        } finally {
          vi.useRealTimers();
        }
        return "works";
      },
    },
    {
      name: "`timeout`",
      async check({ call }) {
        expect(await call("endless")).toBe("Tool endless took longer than 100 ms.");
        return "works";
      },
    },
    {
      name: "`ctx.signal`, aborted by a client that cancels",
      async check(path) {
        started = defer();
        released = defer();
        const controller = new AbortController();
        const call = path.call("wait", { signal: controller.signal }).then(String, String);
        await started.promise;
        controller.abort(new Error("enough"));
        expect(await call).toContain("enough");
        // Without a session, nothing tells when the server has read the cancellation.
        if (path.era === "legacy" && !path.isLive) await path.call("release");
        return (await released.promise) ? "works" : "noCancellation";
      },
    },
    {
      name: "`ctx.notify`",
      async check({ call, client, era }) {
        const updated = defer<string>();
        client.setNotificationHandler("notifications/resources/updated", ({ params }) => updated.resolve(params.uri));
        const listed = defer<string>();
        client.setNotificationHandler("notifications/tools/list_changed", () => listed.resolve("listed"));
        const uri = "feature://page";
        if (era === "modern") await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
        else if (await isRefused(client.subscribeResource({ uri }))) return "noStream";
        await call("change");
        expect(await updated.promise).toBe(uri);
        await listed.promise;
        return "works";
      },
    },
  ],
};
