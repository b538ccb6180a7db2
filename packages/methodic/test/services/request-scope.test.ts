import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Context,
  createServer,
  type MethodicError,
  type Provider,
  type Server,
  token,
  tool,
  ToolError,
} from "../../src/index.ts";
import { reasonOf } from "../../src/errors.ts";
import type { Wiring } from "../../src/manifest/site-data.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const log = vi.spyOn(console, "error");
const events: string[] = [];
beforeEach(() => {
  events.splice(0);
  log.mockReset().mockImplementation(() => undefined);
});
let server: Server | undefined;
afterEach(() => server?.close());

/** A service whose only tool does what a test wants. */
class Desk {
  run: (ctx: Context) => unknown = () => "";
  async work(ctx: Context): Promise<string> {
    const result = await this.run(ctx);
    return String(result);
  }
}
defineService(Desk, { work: { as: tool(), contextIndex: 0 } });

class Pool {
  readonly name: string = "pool";
}
let units = 0;
class Unit {
  readonly id: number = ++units;
  readonly pool: Pool;
  constructor(pool: Pool) {
    this.pool = pool;
    events.push("made");
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
    events.push("disposed");
  }
}
class Trace {
  readonly ctx: Context;
  readonly unit: Unit;
  constructor(ctx: Context, unit: Unit) {
    this.ctx = ctx;
    this.unit = unit;
  }
}
const Report = token<{ readonly unit: Unit }>("Report");

const Loop = token<object>("Loop");
const Left = token<object>("Left");
const Right = token<object>("Right");
const uses =
  (key: typeof Loop) =>
  async (ctx: Context): Promise<object> => ({ needed: await ctx.use(key) });

const PROVIDERS: readonly Provider[] = [
  { provide: Unit, useClass: Unit, scope: "request" },
  Pool,
  {
    provide: Report,
    scope: "request",
    useFactory: async (unit: Unit) => ({ unit, onStop: () => void events.push("report stopped") }),
  },
  { provide: Trace, useClass: Trace, scope: "request" },
  { provide: Loop, scope: "request", useFactory: uses(Loop) },
  { provide: Left, scope: "request", useFactory: uses(Right) },
  { provide: Right, scope: "request", useFactory: uses(Left) },
];
const WIRING: Wiring = {
  services: [[]],
  providers: [
    [["provider", 1]],
    [],
    [["provider", 0]],
    ["context", ["provider", 0]],
    ["context"],
    ["context"],
    ["context"],
  ],
};

/** Calls the tool with a method. */
async function call(
  run: (ctx: Context) => unknown,
  use: (client: TestClient) => Promise<unknown> = async (client) => (await client.callTool("work")).text,
  era: "modern" | "legacy" = "modern",
): Promise<unknown> {
  const desk = new Desk();
  desk.run = run;
  const options = { name: "s", version: "1", services: [desk], providers: PROVIDERS };
  server = createServer(options, WIRING);
  await using client = await createTestClient(server, { era });
  return await use(client);
}

describe.each(["modern", "legacy"] as const)("ctx.use in a call of the %s era", (era) => {
  it("makes a value of the scope request once in a call, and disposes it at the end", async () => {
    const seen: Unit[] = [];
    const run = async (ctx: Context): Promise<string> => {
      seen.push(...(await Promise.all([ctx.use(Unit), ctx.use(Unit)])), await ctx.use(Unit));
      events.push("works");
      return "done";
    };
    const twice = async (client: TestClient): Promise<void> => {
      await client.callTool("work");
      events.push("answered");
      await client.callTool("work");
    };
    await call(run, twice, era);
    expect(new Set(seen.slice(0, 3)).size).toBe(1);
    expect(new Set(seen).size).toBe(2);
    expect(seen[0]?.pool).toBe(seen[3]?.pool);
    expect(events).toEqual(["made", "works", "disposed", "answered", "made", "works", "disposed"]);
  });

  it("gives a value of the scope request the Context of its call", async () => {
    const run = async (ctx: Context): Promise<string> => {
      const { ctx: own, unit } = await ctx.use(Trace);
      return `${own.signal === ctx.signal} ${(await own.use(Unit)) === unit} ${unit === (await ctx.use(Unit))}`;
    };
    expect(await call(run, undefined, era)).toBe("true true true");
  });

  it("refuses values that need each other while they are made", async () => {
    const run = async (ctx: Context): Promise<string> => {
      const parallel = await Promise.all([ctx.use(Trace), ctx.use(Trace)]);
      const errors = await Promise.all([Loop, Left, Right].map((key) => ctx.use(key).catch(reasonOf)));
      return [parallel[0] === parallel[1], ...errors].join("\n");
    };
    expect(await call(run, undefined, era)).toBe(
      [
        "true",
        "ctx.use: Loop needs itself while it is made: Loop -> Loop. Remove one of these uses, or move what two of the values share to a third.",
        "ctx.use: Right needs itself while it is made: Right -> Left -> Right. Remove one of these uses, or move what two of the values share to a third.",
        "ctx.use: Right needs itself while it is made: Right -> Left -> Right. Remove one of these uses, or move what two of the values share to a third.",
      ].join("\n"),
    );
  });

  it("disposes what a failed call has used", async () => {
    const run = async (ctx: Context): Promise<never> => {
      await ctx.use(Unit);
      throw new ToolError("no");
    };
    expect(await call(run, undefined, era)).toBe("no");
    expect(events).toEqual(["made", "disposed"]);
  });

  it("disposes what a canceled call has used", async () => {
    const controller = new AbortController();
    const run = async (ctx: Context): Promise<void> => {
      await ctx.use(Unit);
      controller.abort(new Error("enough"));
      await new Promise((_, reject) => {
        ctx.signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    };
    const cancel = async (client: TestClient): Promise<void> => {
      await expect(client.callTool("work", {}, { signal: controller.signal })).rejects.toThrow("enough");
      await vi.waitFor(() => expect(events).toEqual(["made", "disposed"]));
    };
    await call(run, cancel, era);
  });
});

describe("ctx.use", () => {
  it("gives values of the scope request what they need, and disposes it after them", async () => {
    expect(await call(async (ctx) => (await ctx.use(Report)).unit === (await ctx.use(Unit)))).toBe("true");
    expect(events).toEqual(["made", "report stopped", "disposed"]);
  });

  it("returns what the server made once, and does not dispose it", async () => {
    const dispose = vi.fn<() => void>();
    const run = async (ctx: Context): Promise<string> => {
      const pool = await ctx.use(Pool);
      Object.assign(pool, { close: dispose });
      expect(await ctx.use(token<Pool>("Alias"), () => pool)).toBe(pool);
      await ctx.use(Desk);
      expect(dispose).not.toHaveBeenCalled();
      return pool.name;
    };
    const twice = async (client: TestClient): Promise<string> => {
      await client.callTool("work");
      expect(dispose).not.toHaveBeenCalled();
      return (await client.callTool("work")).text;
    };
    expect(await call(run, twice)).toBe("pool");
  });

  it("makes a value with a function, which may replace a provider for the call", async () => {
    const run = async (ctx: Context): Promise<string> => {
      const own = new Unit(new Pool());
      expect(await ctx.use(Unit, async () => own)).toBe(own);
      return String((await ctx.use(Report)).unit === own);
    };
    expect(await call(run)).toBe("true");
    expect(events).toEqual(["made", "report stopped", "disposed"]);
  });

  it("tries again after a failure, which the method may catch", async () => {
    const Flaky = token<string>("Flaky");
    const run = async (ctx: Context): Promise<string> => {
      const failed = await ctx
        .use(Flaky, () => Promise.reject(new Error("busy")))
        .catch((error: Error) => error.message);
      return `${failed}, then ${await ctx.use(Flaky, () => "fine")}`;
    };
    expect(await call(run)).toBe("busy, then fine");
  });

  it("logs what cannot be disposed, and still answers", async () => {
    const run = async (ctx: Context): Promise<string> => {
      await ctx.use(Unit);
      await ctx.use(token<object>("Lock"), () => ({
        close: () => {
          throw new Error("stuck");
        },
      }));
      return "done";
    };
    expect(await call(run)).toBe("done");
    expect(events).toEqual(["made", "disposed"]);
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^methodic: Lock failed to stop: Error: stuck at /)]]);
  });

  it("refuses what nothing provides, and anything but a class or token", async () => {
    const errors: unknown[] = [];
    const run = async (ctx: Context): Promise<void> => {
      for (const key of [token<string>("Clock"), "Clock" as never]) {
        await ctx.use(key).catch((error: unknown) => errors.push(error));
      }
    };
    await call(run);
    expect(errors.map((error) => [(error as MethodicError).code, (error as MethodicError).message])).toEqual([
      [
        "MISSING_PROVIDER",
        "ctx.use: nothing provides Clock. Add it to providers, or pass a function that makes it: ctx.use(Clock, () => …).",
      ],
      ["INVALID_ARGUMENT", 'ctx.use: invalid class or token: "Clock". Pass a class, or a token from token().'],
    ]);
  });

  it("makes nothing after the call, and disposes what comes too late", async () => {
    let late: Promise<unknown> = Promise.resolve();
    let finish = (): void => undefined;
    let kept: Context | undefined;
    const run = (ctx: Context): string => {
      kept = ctx;
      late = ctx.use(token<object>("Slow"), async () => {
        await new Promise<void>((resolve) => (finish = resolve));
        return { close: () => void events.push("late disposed") };
      });
      return "done";
    };
    expect(await call(run)).toBe("done");
    finish();
    const message = "the call has ended, and what it uses is disposed. Await ctx.use before you return.";
    await expect(late).rejects.toThrow(`ctx.use(Slow): ${message}`);
    await expect(kept?.use(Unit)).rejects.toThrow(`ctx.use(Unit): ${message}`);
    expect(events).toEqual(["late disposed"]);
  });
});
