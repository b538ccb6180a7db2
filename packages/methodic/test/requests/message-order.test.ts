import { describe, expect, it } from "vitest";
import { type Context, tool } from "../../src/index.ts";
import { sdkContext } from "../../src/protocol/sdk-context.ts";
import { defineService } from "../fixtures/service.ts";
import { type Answer, type Wire, WIRES, withEnvelope } from "../fixtures/wires.ts";

/** The reports of the tool below after its result. */
let late: Promise<unknown>[] = [];

class Reports {
  work(ctx: Context): string {
    const { notify } = sdkContext(ctx).mcpReq;
    const report = (text: string): void => {
      ctx.log.info(text);
      void ctx.progress(1, 2, text);
      const params = { progressToken: 1, progress: 2, message: text };
      notify({ method: "notifications/progress", params }).catch(() => undefined);
    };
    report("early");
    const pauses = [new Promise(setImmediate), new Promise((resolve) => setTimeout(resolve, 5))];
    late = pauses.map((pause) => pause.then(() => report("late")));
    return "done";
  }
}
defineService(Reports, { work: { as: tool(), contextIndex: 0 } });

async function call(wire: Wire): Promise<readonly Answer[]> {
  const _meta = { progressToken: 1, ...(wire.era === "modern" && { "io.modelcontextprotocol/logLevel": "info" }) };
  const request = { jsonrpc: "2.0", id: 7, method: "tools/call", params: { name: "work", _meta } };
  return wire.send(wire.era === "modern" ? withEnvelope(request) : request);
}

describe.each(WIRES)("Messages of a call over %s", (_, open) => {
  it("arrive in order before the result, and never after it", async () => {
    const wire = await open({ services: [Reports] });
    const first = await call(wire);
    await Promise.all(late);
    const second = await call(wire);
    for (const received of [first, second]) {
      expect(received.map(({ method, id }) => method ?? id)).toEqual([
        "notifications/message",
        "notifications/progress",
        "notifications/progress",
        7,
      ]);
      expect(JSON.stringify(received)).not.toContain("late");
    }
  });
});
