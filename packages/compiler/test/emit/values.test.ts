import { createHash } from "node:crypto";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { createProject } from "../../../../fixtures/project.ts";
import { serveBuilt } from "../fixtures/built-server.ts";

/** Each tool returns its input as Node prints it. */
const SERVICE = `import { createServer, type Email, type Int, type Items, prompt, resource, tool } from "methodic";
import { type Stats, statSync } from "node:fs";
import { inspect } from "node:util";

interface Event { at: Date; until?: Date | null; tags: Set<string>; parts?: Event[] }
interface Box<T> { value: T; by: Map<string, T> }
type Entry = { kind: "date"; value: Date } | { kind: "text"; value: string } | { kind: "big"; value: bigint };
type Span = { from: Date; to: Date } | { seconds: number };
/** @format date */
type Day = Date;
type UserId = string & { readonly __brand: "UserId" };
class Money {
  #cents = 150;
  readonly currency = "EUR";
  readonly fee?: Money;
  constructor(fee?: Money) { if (fee) this.fee = fee; }
  toJSON(): { amount: number } { return { amount: this.#cents / 100 }; }
}
class Instant { toJSON(): Date { return new Date(0); } }
class Total { toJSON(): Money | null { return new Money(new Money()); } }
/** Copies its bytes as documents of mongoose do. */
class Copied {
  bytes = Buffer.from("hi");
  toJSON(): { bytes: Buffer; parts: (Buffer | null)[] } { return JSON.parse(JSON.stringify({ bytes: this.bytes, parts: [this.bytes, null] })); }
}
const show = (value: unknown): string => inspect(value, { depth: 9, breakLength: Infinity });

class Values {
  @tool() all(at: Date, link: URL, id: bigint, bytes: Uint8Array, buffer: Buffer, set: ReadonlySet<number>, map: ReadonlyMap<string, Date>): string {
    return show({ at, link: link instanceof URL && link.href, id, bytes, buffer, set, map });
  }
  @tool() nested(event: Event): string { return show(event); }
  @tool() generic(box: Box<bigint>): string { return show(box); }
  @tool() tagged(entries: Entry[]): string { return show(entries); }
  @tool() present(span: Span): string { return show(span); }
  @tool() choice(x: Date | number | null, y: Date | "now", z: 1n | 2n | boolean, w?: Date[] | Record<string, Date>): string { return show([x, y, z, w]); }
  @tool() either(a: Date | string, b: (Buffer | string)[], c: Record<string, bigint | string | null>, d: Set<number> | number[], e: Map<string, Date> | Record<string, Date>, f: Date | number, g: Buffer | Uint8Array): string { return show([a, b, c, d, e, f, g]); }
  /** @param last The last day. @format date */
  @tool() day(/** @format date */ on: Date, last: Date | null, more: { days: Day[] }): string { return show([on, last, more.days]); }
  @tool() wholeDay({ on, text }: { on?: Day | null; text: Date | string }): string { return show([on, text]); }
  @tool() dayOut(): { on: Day } { return { on: new Date(0) }; }
  @tool() tuple(t: [Date, string, ...bigint[]], m: Map<"a" | "b", Set<Date>>, k: Map<\`x-\${string}\`, bigint>): string { return show([t, m, k]); }
  @tool() whole({ at = new Date(0), days }: { at?: Date; days: Set<Date> }): string { return show({ at, days }); }
  @tool() defaults(at: Date = new Date(0), ids: Set<bigint> = new Set([1n]), big = 10n): string { return show([at, ids, big]); }
  @tool() out(): { at: Date; link: URL; id: bigint; bytes: Uint8Array; set: Set<Date>; map: Map<string, bigint | null> } {
    return { at: new Date(0), link: new URL("https://a.b/|"), id: 5n, bytes: new Uint8Array([1]), set: new Set([new Date(0)]), map: new Map([["a", 1n], ["b", null]]) };
  }
  @tool() ownForms(): { at: Instant; total: Total; all: Money[] } { return { at: new Instant(), total: new Total(), all: [new Money()] }; }
  @tool() copied(): Copied[] { return [new Copied()]; }
  @tool() uncopied(): { bytes: Buffer } { return { bytes: { type: "Buffer", data: [256] } as never }; }
  @tool() file(): Stats { return statSync("."); }
  @tool() branded(ids: Map<UserId, Date>): Map<UserId, bigint> { return new Map([...ids].map(([id, on]) => [id, BigInt(on.getTime())])); }
  @tool() text(): Date { return new Date(0); }
  @tool() unknown(): unknown { return new Map([["a", 1n]]); }
  @tool() broken(): { at: Date } { return { at: new Date("never") }; }
  @tool() limits(limit: Int<1, 50> = 10, to?: Items<Email, 1>, on?: Email | null): string { return show([limit, to, on]); }
  @resource("values://{at}/{id}") one(at: Date, id: bigint): string { return show([at, id]); }
  @resource("values://map") map(): Map<string, Date> { return new Map([["a", new Date(0)]]); }
  @prompt() ask(at: Date, ids: Set<bigint>): string { return show([at, ids]); }
}
export default createServer({ name: "values", version: "1.0.0", services: [Values] });
`;

describe.each([
  ["legacy", "modern"],
  ["standard", "legacy"],
] as const)("values beyond JSON in the %s dialect and the %s era", (dialect, era) => {
  const { getClient, call } = serveBuilt(SERVICE, dialect, era);
  const at = "1970-01-01T00:00:00Z";
  const later = "2026-01-31T09:30:00+01:00";

  it("arrive revived", async () => {
    const input = {
      at,
      link: "https://a.b/c",
      id: "123456789012345678901",
      bytes: "AQI=",
      buffer: "aGk=",
      set: [2, 1],
      map: { a: later, __proto__x: at },
    };
    expect(await call("all", input)).toBe(
      "{ at: 1970-01-01T00:00:00.000Z, link: 'https://a.b/c', id: 123456789012345678901n, bytes: Uint8Array(2) [ 1, 2 ], " +
        "buffer: <Buffer 68 69>, set: Set(2) { 2, 1 }, " +
        "map: Map(2) { 'a' => 2026-01-31T08:30:00.000Z, '__proto__x' => 1970-01-01T00:00:00.000Z } }",
    );
  });

  it.each([
    [
      "nested",
      { event: { at, until: null, tags: ["a"], parts: [{ at, until: later, tags: [] }] } },
      "{ at: 1970-01-01T00:00:00.000Z, until: null, tags: Set(1) { 'a' }, " +
        "parts: [ { at: 1970-01-01T00:00:00.000Z, until: 2026-01-31T08:30:00.000Z, tags: Set(0) {} } ] }",
    ],
    ["generic", { box: { value: "-5", by: { a: "1" } } }, "{ value: -5n, by: Map(1) { 'a' => 1n } }"],
    [
      "tagged",
      {
        entries: [
          { kind: "date", value: at },
          { kind: "text", value: at },
          { kind: "big", value: "1" },
        ],
      },
      `[ { kind: 'date', value: 1970-01-01T00:00:00.000Z }, { kind: 'text', value: '${at}' }, { kind: 'big', value: 1n } ]`,
    ],
    ["present", { span: { seconds: 5 } }, "{ seconds: 5 }"],
    ["present", { span: { from: at, to: at } }, "{ from: 1970-01-01T00:00:00.000Z, to: 1970-01-01T00:00:00.000Z }"],
    ["choice", { x: at, y: "now", z: "2" }, "[ 1970-01-01T00:00:00.000Z, 'now', 2n, undefined ]"],
    [
      "choice",
      { x: null, y: at, z: true, w: [at] },
      "[ null, 1970-01-01T00:00:00.000Z, true, [ 1970-01-01T00:00:00.000Z ] ]",
    ],
    [
      "choice",
      { x: 5, y: at, z: "1", w: { a: at } },
      "[ 5, 1970-01-01T00:00:00.000Z, 1n, { a: 1970-01-01T00:00:00.000Z } ]",
    ],
    [
      "tuple",
      { t: [at, "x", "1", "2"], m: { b: [at] }, k: { "x-a": "1" } },
      "[ [ 1970-01-01T00:00:00.000Z, 'x', 1n, 2n ], Map(1) { 'b' => Set(1) { 1970-01-01T00:00:00.000Z } }, Map(1) { 'x-a' => 1n } ]",
    ],
    [
      "either",
      { a: at, b: ["aGk="], c: { x: "1", y: null }, d: [1, 1], e: { k: at }, f: 5, g: "aGk=" },
      `[ '${at}', [ 'aGk=' ], { x: '1', y: null }, [ 1, 1 ], { k: 1970-01-01T00:00:00.000Z }, 5, <Buffer 68 69> ]`,
    ],
    [
      "day",
      { on: "2026-01-31", last: "2026-02-01", more: { days: ["1970-01-01"] } },
      "[ 2026-01-31T00:00:00.000Z, 2026-02-01T00:00:00.000Z, [ 1970-01-01T00:00:00.000Z ] ]",
    ],
    ["wholeDay", { on: "2026-01-31", text: "2026-01-31" }, "[ 2026-01-31T00:00:00.000Z, '2026-01-31' ]"],
    ["whole", { days: [later] }, "{ at: 1970-01-01T00:00:00.000Z, days: Set(1) { 2026-01-31T08:30:00.000Z } }"],
    ["defaults", {}, "[ 1970-01-01T00:00:00.000Z, Set(1) { 1n }, 10n ]"],
    ["defaults", { at: later, ids: ["2"], big: "3" }, "[ 2026-01-31T08:30:00.000Z, Set(1) { 2n }, 3n ]"],
  ])("arrive revived in %s", async (name, input, shown) => {
    expect(await call(name, input)).toBe(shown);
  });

  it.each([
    ["whole", { days: ["2026-02-30T00:00:00Z"] }, "days[0]: expected"],
    ["whole", { days: [at, at] }, "days: expected items that differ"],
    ["tuple", { t: [at, "x"], m: { c: [] }, k: {} }, "m.c: unknown name"],
    ["tuple", { t: [at, "x"], m: {}, k: { y: "1" } }, "k"],
    ["generic", { box: { value: "1.5", by: {} } }, "box.value: expected"],
    ["choice", { x: "soon", y: at, z: "3" }, "z: expected"],
    ["day", { on: at, last: null, more: { days: [] } }, "on: expected"],
    ["day", { on: "2026-02-30", last: null, more: { days: [] } }, "on: expected"],
  ])("are validated in %s: %j", async (name, input, problem) => {
    const result = await getClient().callTool(name, input);
    expect(result.isError).toBe(true);
    expect(result.text).toContain(`\n- ${problem}`);
  });

  it("are checked beyond the schema, with errors for a model", async () => {
    const input = { at, link: "http://:80", id: "1", bytes: "AQI", buffer: "", set: [], map: {} };
    expect(await call("all", input)).toContain("\n- bytes: expected ");
    expect(await call("all", { ...input, bytes: "AQI=" })).toBe(
      'Invalid arguments for tool all:\n- link: expected a URL such as https://example.com/path, received string "http://:80".',
    );
  });

  it("stay plain if they are only constrained", async () => {
    expect(await call("limits", { to: ["a@b.cd"] })).toBe("[ 10, [ 'a@b.cd' ], undefined ]");
    expect(await call("limits", { limit: 51, to: ["a"] })).toBe(
      "Invalid arguments for tool limits:\n- limit: expected a number <= 50, received number 51.\n" +
        '- to[0]: expected an email address such as ada@example.com, received string "a".',
    );
  });

  it("leave in their JSON form", async () => {
    expect((await getClient().callTool("out")).structured).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      link: "https://a.b/%7C",
      id: "5",
      bytes: "AQ==",
      set: ["1970-01-01T00:00:00.000Z"],
      map: { a: "1", b: null },
    });
    // A Date is sent with its time, also with @format date.
    expect((await getClient().callTool("dayOut")).structured).toEqual({ on: "1970-01-01T00:00:00.000Z" });
    expect(await call("text")).toBe("1970-01-01T00:00:00.000Z");
    expect(await call("unknown")).toBe('{"a":"1"}');
    expect(await call("broken")).toMatch(/^Tool broken failed: its result is invalid/);
  });

  it("are sent as toJSON methods write them", async () => {
    const time = "1970-01-01T00:00:00.000Z";
    // JSON.stringify calls one toJSON: it writes the properties of what `Total` returns.
    expect((await getClient().callTool("ownForms")).structured).toEqual({
      at: time,
      total: { currency: "EUR", fee: { amount: 1.5 } },
      all: [{ amount: 1.5 }],
    });
    expect(JSON.parse(await call("copied"))).toEqual([{ bytes: "aGk=", parts: ["aGk=", null] }]);
    expect(await call("uncopied")).toMatch(/^Tool uncopied failed: its result is invalid/);
    expect((await getClient().callTool("file")).structured).toMatchObject({ mtime: expect.stringContaining("T") });
  });

  it("have branded keys", async () => {
    expect((await getClient().callTool("branded", { ids: { ann: at, bo: later } })).structured).toEqual({
      ann: "0",
      bo: "1769848200000",
    });
  });

  it("arrive in resources and prompts too", async () => {
    const read = async (uri: string): Promise<unknown> => (await getClient().readResource(uri)).contents[0];
    expect(await read(`values://${encodeURIComponent(at)}/7`)).toMatchObject({
      text: "[ 1970-01-01T00:00:00.000Z, 7n ]",
    });
    expect(await read("values://map")).toMatchObject({ text: '{"a":"1970-01-01T00:00:00.000Z"}' });
    const { messages } = await getClient().getPrompt("ask", { at, ids: "1,2" });
    expect(messages[0]).toMatchObject({ content: { text: "[ 1970-01-01T00:00:00.000Z, Set(2) { 1n, 2n } ]" } });
    await expect(getClient().getPrompt("ask", { at: "noon", ids: "1" })).rejects.toThrow("at: expected");
  });

  it("have schemas that all validators interpret alike", async () => {
    const tools = await getClient().listTools();
    const schemas = Object.fromEntries(
      tools.map(({ name, inputSchema, outputSchema }) => [name, [inputSchema, outputSchema]]),
    );
    expect(JSON.stringify(schemas)).not.toContain("x-revived");
    expect(schemas["all"]?.[0]?.properties).toEqual({
      at: { type: "string", format: "date-time" },
      link: { type: "string", format: "uri" },
      id: { type: "string", pattern: "^-?(0|[1-9][0-9]*)$" },
      bytes: { type: "string", contentEncoding: "base64", pattern: "^[A-Za-z0-9+/]*={0,2}$" },
      buffer: { type: "string", contentEncoding: "base64", pattern: "^[A-Za-z0-9+/]*={0,2}$" },
      set: { type: "array", items: { type: "number" }, uniqueItems: true },
      map: { type: "object", properties: {}, additionalProperties: { type: "string", format: "date-time" } },
    });
    expect(schemas["limits"]?.[0]?.properties).toEqual({
      limit: { type: "integer", minimum: 1, maximum: 50, default: 10 },
      to: { type: "array", items: { type: "string", format: "email" }, minItems: 1 },
      on: { anyOf: [{ type: "string", format: "email" }, { type: "null" }] },
    });
    expect(schemas["defaults"]?.[0]?.properties).toMatchObject({
      ids: { default: ["1"] },
      big: { type: "string", default: "10" },
    });
  });
});

const BYTES = `import { createHash } from "node:crypto";
import { type Context, createServer, tool } from "methodic";
class Bytes {
  @tool() digest(bytes: Uint8Array, ctx: Context): string { return [ctx.era, bytes.length, createHash("sha256").update(bytes).digest("hex")].join(" "); }
  @tool() quarter(bytes: Uint8Array): { bytes: Uint8Array } { return { bytes: bytes.subarray(0, bytes.length / 4) }; }
}
const server = createServer({ name: "bytes", version: "1.0.0", services: [Bytes] });
void server.serve();
`;

it.each([
  ["legacy", "legacy"],
  ["modern", { pin: "2026-07-28" }],
] as const)("stdio reads ten megabytes of base64 in the %s era", async (era, mode) => {
  using project = createProject({
    "package.json": { name: "bytes", type: "module" },
    "tsconfig.json": {
      compilerOptions: {
        target: "ES2022",
        lib: ["ES2022"],
        module: "NodeNext",
        types: ["node"],
        strict: true,
        skipLibCheck: true,
      },
    },
    "src/server.ts": BYTES,
  });
  expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: ["dist/server.js"], cwd: project.root }),
  );
  try {
    const bytes = Buffer.from(new Uint8Array(7_500_000).map((_, i) => i * 7));
    const input = { bytes: bytes.toString("base64") };
    const digest = createHash("sha256").update(bytes).digest("hex");
    expect(await client.callTool({ name: "digest", arguments: input })).toMatchObject({
      content: [{ text: `${era} 7500000 ${digest}` }],
    });
    const { structuredContent } = await client.callTool({ name: "quarter", arguments: input });
    const { bytes: sent } = structuredContent as { readonly bytes: string };
    expect(Buffer.from(sent, "base64").equals(bytes.subarray(0, bytes.length / 4))).toBe(true);
  } finally {
    await client.close();
  }
});
