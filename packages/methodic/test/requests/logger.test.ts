import { Writable } from "node:stream";
import pino from "pino";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import winston from "winston";
import {
  type AuthInfo,
  type Context,
  createServer,
  prompt,
  resource,
  type ServerLogger,
  type ServerOptions,
  tool,
} from "../../src/index.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

type Log = Context["log"];

/** Logs as each test says. */
class Worker {
  readonly #log: (log: Log) => void;

  constructor(log: (log: Log) => void = (log) => log.info("done", { count: 2 })) {
    this.#log = log;
  }

  work(secret: string, ctx: Context): string {
    this.#log(ctx.log);
    return `worked on ${secret.length}`;
  }

  file(name: string, ctx: Context): string {
    this.#log(ctx.log);
    return name;
  }

  draft(ctx: Context): string {
    this.#log(ctx.log);
    return "draft";
  }

  fail(secret: string): string {
    throw new Error(`broken ${secret.length}`);
  }
}
const string = { type: "string" };
defineService(Worker, {
  work: { as: tool(), properties: { secret: string }, contextIndex: 1 },
  file: { as: resource("files://{name}"), kind: "resource", properties: { name: string }, contextIndex: 1 },
  draft: { as: prompt(), kind: "prompt", contextIndex: 0 },
  fail: { as: tool(), properties: { secret: string } },
});

/** Keeps what is logged: the method, and its arguments. */
function recordEntries(): { readonly logger: ServerLogger; readonly entries: unknown[][] } {
  const entries: unknown[][] = [];
  const record =
    (method: string) =>
    (...args: unknown[]) =>
      void entries.push([method, ...args]);
  const logger = {
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
    fatal: record("fatal"),
  };
  return { logger, entries };
}

async function connect(
  options: Partial<ServerOptions>,
  client: { readonly auth?: Partial<AuthInfo>; readonly log?: (log: Log) => void } = {},
): Promise<TestClient> {
  const { log, ...rest } = client;
  return createTestClient(createServer({ name: "s", version: "1", services: [new Worker(log)], ...options }), rest);
}

/** Collects JSON lines. */
function collectLines(): { readonly stream: Writable; readonly lines: { readonly [name: string]: unknown }[] } {
  const lines: { readonly [name: string]: unknown }[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      for (const line of String(chunk).trim().split("\n")) lines.push(JSON.parse(line) as (typeof lines)[number]);
      done();
    },
  });
  return { stream, lines };
}

describe.each(CONTEXT_PATHS)("the option logger over $name", ({ open }) => {
  it("receives what methods log, with the tool and the request", async () => {
    const { logger, entries } = recordEntries();
    await using path = await open({ services: [Worker], logger });
    await path.client.callTool({ name: "work", arguments: { secret: "hunter2" } });
    const id = expect.any(Number) as number;
    expect(entries).toEqual([["info", { tool: "work", requestId: id, count: 2 }, "done"]]);
  });
});

describe("a log message that neither the client nor the logger wants", () => {
  it("costs no copy of its data on 2026-07-28", async () => {
    const toJSON = vi.fn<() => string>(() => "copied");
    const log = (to: Log): void => to.debug("unwanted", { toJSON });
    const path = CONTEXT_PATHS.find(({ era, name }) => era === "modern" && name.startsWith("memory"));
    await using opened = await path?.open({ services: [new Worker(log)] });
    const call = { name: "work", arguments: { secret: "x" } };
    await opened?.client.callTool(call);
    expect(toJSON).not.toHaveBeenCalled();
    await opened?.client.callTool({ ...call, _meta: { "io.modelcontextprotocol/logLevel": "debug" } });
    expect(toJSON).toHaveBeenCalledOnce();
  });
});

describe("the option logger", () => {
  it("receives all levels by the methods that loggers have", async () => {
    const { logger, entries } = recordEntries();
    const log = (to: Log): void => {
      for (const level of Object.keys(to) as (keyof Log)[]) to[level](level);
    };
    await using client = await connect({ logger }, { log });
    await client.callTool("work", { secret: "x" });
    expect(entries.map(([method, , message]) => `${String(message)} → ${String(method)}`)).toEqual([
      "debug → debug",
      "info → info",
      "notice → info",
      "warning → warn",
      "error → error",
      "critical → fatal",
      "alert → fatal",
      "emergency → fatal",
    ]);
  });

  it("logs the worst levels as errors without a method fatal", async () => {
    const { logger, entries } = recordEntries();
    const { fatal: _, ...others } = logger;
    const log = (to: Log): void => to.emergency("fire");
    await using client = await connect({ logger: others as ServerLogger }, { log });
    await client.callTool("work", { secret: "x" });
    expect(entries).toEqual([["error", expect.anything(), "fire"]]);
  });

  it("receives messages of every level, although the client wants few", async () => {
    const { logger, entries } = recordEntries();
    const server = createServer({ name: "s", version: "1", services: [Worker], logger });
    await using client = await createTestClient(server, { logLevel: "error" });
    await client.callTool("work", { secret: "x" });
    expect([client.logs, entries.length]).toEqual([[], 1]);
  });

  it("names the caller, and the resource or prompt of the call, but not its arguments", async () => {
    const { logger, entries } = recordEntries();
    await using client = await connect({ logger, auth: "none" }, { auth: { subject: "ada" } });
    await client.readResource("files://passwords.txt");
    await client.getPrompt("draft");
    const call = { requestId: expect.any(Number) as number, subject: "ada", count: 2 };
    expect(entries).toEqual([
      ["info", { resource: "files://{name}", ...call }, "done"],
      ["info", { prompt: "draft", ...call }, "done"],
    ]);
    expect(JSON.stringify(entries)).not.toContain("passwords");
  });

  it.each([
    [undefined, {}],
    ["text", { data: "text" }],
    [[1], { data: [1] }],
    [{ user: { id: 1 } }, { user: { id: 1 } }],
    [{ subject: "root" }, { data: { subject: "root" } }],
    [{ message: "m" }, { data: { message: "m" } }],
    [new Map([["a", 1]]), { data: new Map([["a", 1]]) }],
  ])("receives the data %o as fields that replace no others", async (data, fields) => {
    const { logger, entries } = recordEntries();
    await using client = await connect({ logger }, { log: (log) => log.info("m", data) });
    await client.callTool("work", { secret: "x" });
    expect(entries[0]?.[1]).toEqual({ tool: "work", requestId: expect.any(Number) as number, ...fields });
  });

  it("receives errors as they are, in the field err", async () => {
    const { logger, entries } = recordEntries();
    const error = new Error("disk full");
    await using client = await connect({ logger }, { log: (log) => log.error("m", error) });
    await client.callTool("work", { secret: "x" });
    const [[, fields] = []] = entries;
    expect(fields).toHaveProperty("err", error);
  });

  it("receives failures with the ID that the client gets", async () => {
    const { logger, entries } = recordEntries();
    await using client = await connect({ logger, maskErrors: true }, { auth: { subject: "ada" } });
    const { text } = await client.callTool("fail", { secret: "hunter2" });
    const [, errorId = ""] = /\(error (\w+) in the server's log\)/.exec(text) ?? [];
    const fields = { tool: "fail", requestId: expect.any(Number) as number, subject: "ada", errorId };
    expect(entries).toEqual([
      ["error", { ...fields, err: expect.any(Error) as Error }, `methodic: [${errorId}] Tool fail failed`],
    ]);
  });

  it("receives the server's own messages instead of stderr", async () => {
    const { logger, entries } = recordEntries();
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    class Database {
      onStop(): void {
        throw new Error("busy");
      }
    }
    const server = createServer({ name: "s", version: "1", services: [Worker], providers: [new Database()], logger });
    await using client = await createTestClient(server);
    await client.listTools();
    await server.close();
    expect(entries).toEqual([["error", { err: expect.any(Error) as Error }, "methodic: Database failed to stop"]]);
    expect(stderr).not.toHaveBeenCalled();
  });

  it("receives errors of the HTTP server instead of stderr", async () => {
    const { logger, entries } = recordEntries();
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const ready = (): never => {
      throw new Error("no database");
    };
    await using server = createServer({ name: "s", version: "1", services: [Worker], http: { ready }, logger });
    expect((await server.fetch(new Request("http://localhost/ready"))).status).toBe(503);
    expect(entries).toEqual([["error", { err: expect.any(Error) as Error }, "methodic: the option 'ready' failed"]]);
    expect(stderr).not.toHaveBeenCalled();
  });

  it("creates no entry for a level that the logger drops", async () => {
    const { logger, entries } = recordEntries();
    const isLevelEnabled = vi.fn<(method: string) => boolean>((method) => method !== "debug");
    await using client = await createTestClient(
      createServer({
        name: "s",
        version: "1",
        services: [
          new Worker((log) => {
            log.debug("low");
            log.critical("high");
          }),
        ],
        logger: Object.assign(logger, { isLevelEnabled }),
      }),
    );
    await client.callTool("work", { secret: "x" });
    expect(entries.map(([, , message]) => message)).toEqual(["high"]);
    expect(isLevelEnabled.mock.calls).toEqual([["debug"], ["fatal"]]);
  });

  it("does not receive data that cannot be read, and the call goes on", async () => {
    const { logger, entries } = recordEntries();
    const get = (): never => {
      throw new Error("not now");
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const log = (to: Log): void => {
      to.info("a getter", Object.defineProperty({}, "count", { get, enumerable: true }));
      to.info("a proxy", proxy);
    };
    await using client = await connect({ logger }, { log });
    expect((await client.callTool("work", { secret: "x" })).text).toBe("worked on 1");
    expect(entries.map(([, fields]) => fields)).toEqual([
      expect.objectContaining({ data: "(not readable)" }),
      expect.objectContaining({ data: "(not readable)" }),
    ]);
  });

  it("receives what a method logs after its call has ended, which the client does not", async () => {
    const { logger, entries } = recordEntries();
    let later = (): void => undefined;
    await using client = await connect({ logger }, { log: (log) => (later = () => log.info("late")) });
    await client.callTool("work", { secret: "x" });
    later();
    expect([client.logs, entries[0]?.[2]]).toEqual([[], "late"]);
  });
});

describe("a logger that fails", () => {
  const failing = (fail: () => unknown): ServerLogger => ({ debug: fail, info: fail, warn: fail, error: fail });

  it("does not fail calls, and its entries go to stderr from warnings on", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const logger = failing(() => {
      throw new Error("disk full");
    });
    const log = (to: Log): void => {
      to.info("minor");
      to.warning("major");
    };
    await using client = await connect({ logger, maskErrors: true }, { log });
    expect((await client.callTool("work", { secret: "x" })).text).toBe("worked on 1");
    const { text } = await client.callTool("fail", { secret: "x" });
    const [, errorId = ""] = /\(error (\w+) in/.exec(text) ?? [];
    expect(stderr.mock.calls.map(([line]) => String(line).replace(/ at .*/, ""))).toEqual([
      "methodic: the option 'logger' failed: Error: disk full",
      expect.stringMatching(/^methodic: warning: major \{"tool":"work","requestId":\d+\}$/),
      `methodic: [${errorId}] Tool fail failed: Error: broken 1`,
    ]);
  });

  it("is reported once if its promises reject", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const logger = failing(() => Promise.reject(new Error("disk full")));
    await using client = await connect({ logger });
    await client.callTool("work", { secret: "x" });
    await client.callTool("work", { secret: "x" });
    expect(stderr.mock.calls.map(([line]) => String(line).replace(/ at .*/, ""))).toEqual([
      "methodic: the option 'logger' failed: Error: disk full",
    ]);
  });
});

describe("createServer without the option logger", () => {
  it("writes warnings and worse to stderr, one line each", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    const log = (to: Log): void => {
      to.debug("1");
      to.info("2");
      to.notice("3");
      to.warning("line\nbreak", { free: 12n });
      to.error("4", cyclic);
      to.alert("5", Object.assign(new Error("x"), { stack: "Error: x\n    at run" }));
    };
    await using client = await connect({}, { log, auth: { subject: "ada" } });
    await client.callTool("work", { secret: "x" });
    const call = String.raw`"tool":"work","requestId":\d+,"subject":"ada"`;
    expect(stderr.mock.calls.map(([line]) => line as string)).toEqual([
      expect.stringMatching(String.raw`^methodic: warning: line\\nbreak \{${call},"free":"12"\}$`),
      expect.stringMatching(String.raw`^methodic: error: 4 \{${call},"self":"\(not JSON: .*\)"\}$`),
      expect.stringMatching(String.raw`^methodic: alert: 5 \{${call},"err":"Error: x\\n    at run"\}$`),
    ]);
  });
});

describe("loggers of packages", () => {
  it("passes pino fields and message", async () => {
    const { stream, lines } = collectLines();
    const logger = pino({ base: null, level: "info", redact: ["token"] }, stream);
    const log = (to: Log): void => {
      to.debug("hidden");
      to.info("done", { count: 2, token: "x" });
      to.error("bad", { err: new Error("broken") });
    };
    await using client = await connect({ logger }, { log });
    await client.callTool("work", { secret: "x" });
    const call = { tool: "work", requestId: expect.any(Number) as number, time: expect.any(Number) as number };
    expect(lines).toEqual([
      { level: 30, ...call, count: 2, token: "[Redacted]", msg: "done" },
      { level: 50, ...call, err: expect.objectContaining({ message: "broken" }) as object, msg: "bad" },
    ]);
  });

  it("passes a child of pino fields and message", async () => {
    const { stream, lines } = collectLines();
    await using client = await connect({ logger: pino({ base: null }, stream).child({ module: "mcp" }) });
    await client.callTool("work", { secret: "x" });
    expect(lines).toMatchObject([{ module: "mcp", tool: "work", count: 2, msg: "done" }]);
  });

  it.each(["logger", "child"])("passes a %s of winston message and fields", async (kind) => {
    const { stream, lines } = collectLines();
    const root = winston.createLogger({
      level: "info",
      transports: [new winston.transports.Stream({ stream, format: winston.format.json() })],
    });
    const logger = kind === "child" ? root.child({ module: "mcp" }) : root;
    const log = (to: Log): void => {
      to.debug("hidden");
      to.critical("done", { count: 2 });
    };
    await using client = await connect({ logger }, { log });
    await client.callTool("work", { secret: "x" });
    expect(lines).toMatchObject([{ level: "error", message: "done", tool: "work", count: 2 }]);
  });

  it("passes the console message and fields", async () => {
    const info = vi.spyOn(console, "info").mockImplementation(() => undefined);
    await using client = await connect({ logger: console });
    await client.callTool("work", { secret: "x" });
    expect(info.mock.calls).toEqual([["done", { tool: "work", requestId: expect.any(Number) as number, count: 2 }]]);
  });

  it("are accepted by their types", () => {
    expectTypeOf<pino.Logger>().toExtend<ServerLogger>();
    expectTypeOf<winston.Logger>().toExtend<ServerLogger>();
    expectTypeOf<Console>().toExtend<ServerLogger>();
    // Its methods take fields first, but its method `log` says that they do not.
    type Mixed = Record<"debug" | "info" | "warn" | "error", (fields: object, message: string) => void> & {
      log(text: string): void;
    };
    expectTypeOf<Mixed>().not.toExtend<ServerLogger>();
  });
});

describe("an invalid logger", () => {
  it.each([
    [{}, "an object without the methods 'debug', 'info', 'warn', 'error'"],
    [{ debug() {}, info() {}, warning() {}, error() {} }, "an object without the method 'warn'"],
    [null, "null"],
    ["pino", '"pino"'],
  ])("is refused: %o", (logger, shown) => {
    expect(() =>
      createServer({ name: "s", version: "1", services: [Worker], logger: logger as unknown as ServerLogger }),
    ).toThrow(
      expect.objectContaining({
        code: "INVALID_SERVER_OPTIONS",
        message: `createServer: invalid option 'logger': ${shown}. It must be pino(), console, or an object with the methods debug, info, warn and error.`,
      }),
    );
  });
});
