import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { compileProject, type Diagnostic } from "../../src/index.ts";
import { compileMember } from "../schema/compile-files.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const DECLARATIONS = `import { createServer, tool } from "methodic";
import type { Readable } from "node:stream";

/** Used by three tools, directly and inside other types. */
export interface Call { name: string; signal?: AbortSignal; onDone?(): void; hook?: (name: string) => void }
export interface Needy { run: () => void; label: string }
export interface Folder { name: string; parent?: Broken; children?: Folder[] }
export interface Broken { folder: Folder; close(): void }
export class Connection { #socket = 1; readonly host = "a"; send(): number { return this.#socket; } }
export type Body = string | Readable | ReadableStream | Blob | FormData;
`;

/** A type of the parameter \`x\`, with values that a call may pass and values that it may not. */
type Case = readonly [type: string, accepts: readonly unknown[], rejects: readonly unknown[]];

const CASES: readonly Case[] = [
  ["Call", [{ name: "a" }], [{}, { name: "a", signal: {} }, { name: "a", onDone: null }, { name: "a", hook: "b" }]],
  ["{ body: Body }", [{ body: "a" }], [{ body: {} }, {}]],
  ["number | (() => void)", [1], [{}, null]],
  ["(() => void) | null", [null], [{}]],
  ["(string | symbol)[]", [[], ["a"]], [[1]]],
  ["Set<string | symbol> | null", [["a"], null], [[1]]],
  ["{ [key: string]: string | (() => void) }", [{}, { a: "b" }], [{ a: {} }]],
  ["{ a: 1; by?: Record<string, () => void> }", [{ a: 1 }], [{ a: 1, by: {} }]],
  ["{ a: 1; all?: (() => void)[] }", [{ a: 1 }], [{ a: 1, all: [] }]],
  ["{ a?: { b: { signal: AbortSignal; c: 1 } } }", [{}], [{ a: { b: { c: 1 } } }]],
  ["{ a?: { signal?: AbortSignal } }", [{}, { a: {} }], [{ a: { signal: {} } }]],
  ["{ open?: () => void; [key: string]: unknown }", [{}, { a: 1 }], [{ open: 1 }]],
  ["{ [key: `on${string}`]: () => void; [key: string]: unknown }", [{ a: 1 }], [{ onA: 1 }]],
  ["[string, (() => void)?]", [["a"]], [["a", {}], []]],
  ["[string, number?, ...(() => void)[]]", [["a"], ["a", 1]], [["a", 1, {}]]],
  [
    '{ kind: "a"; run: () => void } | { kind: "b"; n: 1 }',
    [{ kind: "b", n: 1 }],
    [{ kind: "a" }, { kind: "a", run: 1 }],
  ],
  ["{ a: string; f?: () => void } | { b: string; f: string }", [{ a: "" }, { b: "", f: "" }], [{ a: "", f: "" }]],
  ["Folder", [{ name: "a", children: [{ name: "b" }] }], [{ name: "a", parent: {} }, { children: [] }]],
  [
    "{ one?: Needy; two: { needy: Needy | Call } }",
    [{ two: { needy: { name: "a" } } }],
    [{ two: { needy: { label: "" } } }],
  ],
  [
    "Partial<Needy> & Pick<Call, 'name' | 'hook'>",
    [{ name: "", label: "" }],
    [
      { name: "", run: 1 },
      { name: "", hook: 1 },
    ],
  ],
  [
    "{ c?: Connection; m?: Map<number, string>; p?: Promise<1>; r?: RegExp; e?: Error; n: null }",
    [{ n: null }],
    [
      { n: null, m: {} },
      { n: null, c: { host: "a" } },
    ],
  ],
  [
    "{ s?: symbol; w?: WeakMap<object, 1>; g?: Generator<1>; h?: Headers; q?: Response; n: null }",
    [{ n: null }],
    [{ n: null, s: "" }],
  ],
  ["{ a: 1 } & { by?: Record<string, string | (() => void)>; on?: () => void }", [{ a: 1 }], [{ a: 1, on: {} }]],
];

const SERVER = `${DECLARATIONS}
class Service {
${CASES.map(([type], index) => `  @tool() t${index}(x: ${type}): void { void x; }`).join("\n")}
  @tool() parameters(name: string, onDone?: () => void, log: (text: string) => void = () => {}): string {
    log(name);
    return [name, typeof onDone, typeof log].join();
  }
  @tool() whole({ name, hook = (text) => text, signal }: Call): string { return [name, hook?.("a"), signal].join(); }
}
export default createServer({ name: "left-out", version: "1.0.0", services: [Service] });
`;

const TSCONFIG = {
  compilerOptions: { target: "ES2022", module: "NodeNext", types: ["node"], strict: true, skipLibCheck: true },
};

let project: TemporaryProject;
let client: Awaited<ReturnType<typeof createTestClient>>;
let warnings: readonly Diagnostic[];

beforeAll(async () => {
  project = createProject({
    "package.json": { name: "left-out", type: "module" },
    "tsconfig.json": TSCONFIG,
    "src/server.ts": SERVER,
  });
  warnings = buildProject({ root: project.root }).diagnostics;
  const { default: server } = (await import(pathToFileURL(project.path("dist/server.js")).href)) as {
    default: Parameters<typeof createTestClient>[0];
  };
  client = await createTestClient(server);
});

afterAll(async () => {
  await client?.close();
  project[Symbol.dispose]();
});

describe("inputs with parts that JSON cannot carry", () => {
  it.each(CASES.map((one, index) => [one[0], index, one] as const))(
    "accept what remains of %s",
    async (_type, index, [, accepts, rejects]) => {
      const isError = async (x: unknown): Promise<boolean> => (await client.callTool(`t${index}`, { x })).isError;
      for (const value of accepts) expect(await isError(value), JSON.stringify(value)).toBe(false);
      for (const value of rejects) expect(await isError(value), JSON.stringify(value)).toBe(true);
    },
  );

  it("leave out optional parameters", async () => {
    expect((await client.callTool("parameters", { name: "a" })).text).toBe("a,undefined,function");
    expect((await client.callTool("parameters", { name: "a", onDone: {} })).isError).toBe(true);
  });

  it("leave out properties of a destructured parameter", async () => {
    expect((await client.callTool("whole", { name: "a" })).text).toBe("a,a,");
    expect((await client.callTool("whole", { name: "a", signal: {} })).isError).toBe(true);
  });

  it("are reported once for each type, with the names of the parts", () => {
    const lines = warnings.map(({ severity, code, message }) => `${severity} ${code} ${message}`);
    const ofCall = "type 'Call' has parts that JSON cannot carry, and inputs leave them out:";
    expect(lines.filter((line) => line.includes("'Call'"))).toEqual([
      `warning MTD210 ${ofCall} signal (AbortSignal), onDone (function), hook (function).`,
    ]);
    expect(lines).toContain(
      "warning MTD210 type 'Body' has parts that JSON cannot carry, and inputs leave them out: Readable, ReadableStream, Blob, FormData.",
    );
    expect(lines).toContain(
      "warning MTD210 Service.t9: the input has parts that JSON cannot carry, and inputs leave them out: x.a (AbortSignal at x.a.b.signal).",
    );
    expect(lines, lines.join("\n")).toContain(
      "warning MTD210 Service.t5: the input has parts that JSON cannot carry, and inputs leave them out: x[] (symbol).",
    );
    expect(lines).toContain(
      "warning MTD210 Service.t22: the input has parts that JSON cannot carry, and inputs leave them out: x.on (function), x.by[key] (function).",
    );
    expect(new Set(lines).size).toBe(lines.length);
  });

  it("are reported where the type is used, as it is written there", () => {
    const { diagnostics } = compileMember(
      "@tool() run(a: string, b: string | Callback, c: Box<string | (() => void)>): void {}",
      "type Callback = () => void;\ninterface Box<T> { a: string; b?: T }",
    );
    expect(diagnostics.map(({ line, column, message }) => `${line}:${column} ${message.split(" has ")[0]}`)).toEqual([
      "5:24 S.run: the input",
      "5:49 type 'Box<string | (() => void)>'",
    ]);
  });

  it("are errors with the option strictTypes", () => {
    const strict = compileProject({ root: project.root, schemaOptions: { strictTypes: true } });
    const errors = strict.diagnostics.filter(({ severity }) => severity === "error");
    const places = (all: readonly Diagnostic[]): string[] =>
      all.map(({ code, line, column }) => `${code} ${line}:${column}`);
    expect(places(errors)).toEqual(places(warnings));
    expect(errors.map(({ message }) => message)).toContain(
      "type 'Body' has parts that JSON cannot carry: Readable, ReadableStream, Blob, FormData.",
    );
    expect(strict.services).toEqual({});
  });
});
