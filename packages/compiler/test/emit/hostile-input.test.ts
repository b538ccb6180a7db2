import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const TEMPLATES = [
  "`${string}@${string}.${string}`",
  "`${string}-${string}-${string}-end`",
  "`${string}aa${string}aa${string}aa${string}b`",
  "`${number}x${number}x${string}!`",
  "`${number} ${number} ${number}`",
  "`${number}1${number}1${string}1`",
  "`${bigint}0${bigint}0${bigint}`",
  "`v${number}.${number}.${number}`",
  "`${string}${string}${string}-${number}`",
];

const SERVICE = `import { createServer, type Base64, type Email, type Format, tool, type UniqueItems, type Url } from "methodic";

interface Point { x: number; y?: Point[] }
interface Tree { kids: Tree[]; at?: Date }

class Hostile {
  @tool() points(points: Set<Point>): number { return points.size; }
  @tool() rows(rows: Point[] & UniqueItems): number { return rows.length; }
  @tool() tree(tree: Tree): string { return Array.isArray(tree.kids) ? "tree" : "broken"; }
  @tool() dates(dates: Map<string, Date>): string { return [...dates.keys()].join(); }
  @tool() record(record: Record<string, Date>): string { return Object.getPrototypeOf(record) === Object.prototype ? Object.keys(record).join() : "changed"; }
  @tool() number(n: number): number { return n; }
  @tool() big(n: bigint): string { return String(n).slice(0, 10); }
  @tool() keyed(keyed: { [key: \`\${string}-\${string}-\${string}!\`]: number; [key: number]: number }): number { return Object.keys(keyed).length; }
  @tool() text(email?: Email, url?: Url, web?: Format<"url">, template?: Format<"uri-template">, base64?: Base64, bytes?: Uint8Array): string { return "taken"; }
${TEMPLATES.map((template, i) => `  @tool() template${i}(text: ${template}): string { return text; }`).join("\n")}
}
export default createServer({ name: "hostile", version: "1.0.0", services: [Hostile] });
`;

describe("a server with a hostile client", () => {
  let project: TemporaryProject;
  let client: Awaited<ReturnType<typeof createTestClient>>;

  beforeAll(async () => {
    project = createProject({
      "package.json": { name: "hostile", type: "module" },
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
      "src/server.ts": SERVICE,
    });
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    const { default: server } = (await import(pathToFileURL(project.path("dist/server.js")).href)) as {
      default: Parameters<typeof createTestClient>[0];
    };
    client = await createTestClient(server);
  });

  afterAll(async () => {
    await client.close();
    project[Symbol.dispose]();
  });

  const call = async (name: string, input: Readonly<Record<string, unknown>>): Promise<string> =>
    (await client.callTool(name, input)).text;

  // Each of these would take minutes in quadratic time.
  it("compares the items of a long array in one pass", async () => {
    const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: [{ x }] }));
    expect(await call("points", { points })).toBe("100000");
    expect(await call("rows", { rows: [...points, { y: [{ x: 3 }], x: 3 }] })).toContain(
      "(items 3 and 100000 are equal)",
    );
  });

  it.each(TEMPLATES.map((template, i) => [template, i]))(
    "checks long texts against the template %s in linear time",
    async (_template, i) => {
      for (const part of ["a", "@", "-", ".", "aa", "1", "0", "1x", " ", "1 ", "0.", "-1", "!"]) {
        for (const [start, end] of [
          ["", "\n"],
          ["1", "?"],
          ["v1", " ?"],
        ]) {
          const text = `${start}${part.repeat(100_000)}${end}`;
          expect(await call(`template${i}`, { text })).not.toBe("");
        }
      }
    },
  );

  it("checks long texts against formats and keys in linear time", async () => {
    const long = ["a", "@", "-", ".a", ":", "a@", "%20", "{", "=", "/"].map((part) => part.repeat(100_000));
    for (const text of [...long, ...long.map((one) => `ftp://${one}!`), ...long.map((one) => `a@${one}!`)]) {
      for (const name of ["email", "url", "web", "template", "base64", "bytes"])
        expect(await call("text", { [name]: text })).not.toBe("");
      expect(await call("keyed", { keyed: { [text]: 1 } })).not.toBe("");
    }
  });

  it("survives deeply nested input", async () => {
    let tree: object = { kids: [] };
    for (let depth = 0; depth < 3000; depth++) tree = { kids: [tree] };
    expect(await call("tree", { tree })).toMatch(/^tree$|nested too deeply/);
  });

  it("treats names of Object.prototype members as data", async () => {
    const keys = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const dates = JSON.parse(`{${keys.map((key) => `"${key}": "2026-01-31T00:00:00Z"`).join()}}`) as object;
    expect(await call("dates", { dates })).toBe(keys.join());
    expect(await call("record", { record: dates })).toBe(keys.join());
    expect(await call("record", { record: JSON.parse('{"__proto__": {"a": 1}}') as object })).toContain(
      "expected string",
    );
    expect(await call("number", JSON.parse('{"__proto__": {"n": 1}}') as Record<string, unknown>)).toContain(
      "required",
    );
  });

  it("rejects numbers that are too large", async () => {
    expect(await call("number", { n: "9".repeat(400) })).toContain("expected number");
    expect(await call("number", { n: "1e999" })).toContain("expected number");
    expect(await call("big", { n: "9".repeat(1_000_000) })).toContain("expected an integer of at most 4096 digits");
    expect(await call("big", { n: 1e300 })).toContain("expected");
  });
});
