import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const FIELDS = Array.from({ length: 40 }, (_, i) => `field_${i}?: "one" | "two" | "three";`).join(" ");

const SERVICE = `import { tool } from "methodic";

/** A time and the number of people. */
interface Slot { at: Date; people: number; note?: string; tags?: Set<string> }
interface Task { name: string; due: Slot; parts?: Task[] }
interface Wide { slot: Slot; ${FIELDS} }

const show = (slot: Slot) => [slot.at instanceof Date, slot.at.getUTCFullYear(), typeof slot.people, slot.tags?.size].join();

export class Plans {
  /** Plans. */
  @tool({ refs: "always" }) always(from: Slot, to: Slot): Slot[] { return [from, to]; }
  /** Plans. */
  @tool({ refs: "inline" }) inline(from: Slot, to: Slot): string { return [show(from), show(to)].join(" "); }
  /** Plans. */
  @tool() plan(from: Slot, to: Slot): string { return [show(from), show(to)].join(" "); }
  /** Plans. */
  @tool() wide(first: Wide, more: Wide[]): string { return [first, ...more].map(({ slot }) => show(slot)).join(" "); }
  /** Plans. */
  @tool() tree(task: Task): { due: Slot; parts: number } { return { due: task.due, parts: task.parts?.length ?? 0 }; }
}
`;

function serverWith(refs?: string): string {
  const option = refs === undefined ? "" : `, refs: "${refs}"`;
  return `import { createServer } from "methodic";
import { Plans } from "./plans.js";
export default createServer({ name: "${refs ?? "auto"}", version: "1.0.0", services: [Plans]${option} });
`;
}

type Server = Parameters<typeof createTestClient>[0];
type Mode = "auto" | "inline" | "always";

const MODES: readonly Mode[] = ["auto", "inline", "always"];

let project: TemporaryProject;
const servers = new Map<Mode, Server>();

beforeAll(async () => {
  project = createProject({
    "package.json": { name: "plans", type: "module" },
    "tsconfig.json": { compilerOptions: { target: "ES2022", module: "NodeNext", strict: true, skipLibCheck: true } },
    "src/plans.ts": SERVICE,
    ...Object.fromEntries(MODES.map((mode) => [`src/${mode}.ts`, serverWith(mode === "auto" ? undefined : mode)])),
  });
  const { diagnostics } = buildProject({ root: project.root });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  for (const mode of MODES) {
    const module = (await import(pathToFileURL(project.path(`dist/${mode}.js`)).href)) as { default: Server };
    servers.set(mode, module.default);
  }
});
afterAll(() => project[Symbol.dispose]());

/**
 * The names of the definitions that each tool has in `tools/list`. The compiler knows the names of
 * types; a server whose mode differs names definitions after properties.
 */
const SHARED: { readonly [mode in Mode]: { readonly [tool: string]: readonly string[] } } = {
  auto: { always: ["Slot"], inline: [], plan: [], wide: ["Wide"], tree: ["Task"] },
  inline: { always: ["Slot"], inline: [], plan: [], wide: [], tree: ["Task"] },
  always: { always: ["Slot"], inline: [], plan: ["from"], wide: ["Wide"], tree: ["Task"] },
};

const SLOT = { at: "2026-01-02T03:04:05.000Z", people: 3 };

describe.each(MODES.flatMap((mode) => (["legacy", "modern"] as const).map((era) => [mode, era] as const)))(
  "a server with refs: %s in the %s era",
  (mode, era) => {
    let client: Awaited<ReturnType<typeof createTestClient>>;

    beforeAll(async () => {
      client = await createTestClient(servers.get(mode) as Server, { era });
    });
    afterAll(() => client.close());

    const call = (name: string, args: object) => client.callTool(name, args as never);

    it("lists schemas with the references of the tool's mode, else of the server's", async () => {
      const tools = await client.listTools();
      const shared = tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema["$defs"] ?? {})]);
      expect(Object.fromEntries(shared)).toEqual(SHARED[mode]);
    });

    it("accepts valid arguments, and revives dates and sets in shared parts", async () => {
      const tagged = { ...SLOT, tags: ["a", "b"] };
      for (const tool of ["inline", "plan"])
        expect((await call(tool, { from: SLOT, to: tagged })).text).toBe("true,2026,number, true,2026,number,2");
      const wide = await call("wide", { first: { slot: SLOT }, more: [{ slot: tagged, field_3: "two" }] });
      expect(wide.text).toBe("true,2026,number, true,2026,number,2");
      expect((await call("always", { from: SLOT, to: tagged })).isError).toBe(false);
      const tree = await call("tree", { task: { name: "a", due: SLOT, parts: [{ name: "b", due: tagged }] } });
      expect(tree.structured).toEqual({ due: SLOT, parts: 1 });
    });

    it("repairs arguments in shared parts", async () => {
      const repairable = { at: SLOT.at, people: "3" };
      for (const tool of ["inline", "plan"])
        expect((await call(tool, { from: repairable, to: repairable })).text).toBe(
          "true,2026,number, true,2026,number,",
        );
      for (const more of [[{ slot: repairable }], JSON.stringify([{ slot: SLOT }])])
        expect((await call("wide", { first: { slot: repairable }, more })).text).toBe(
          "true,2026,number, true,2026,number,",
        );
      const parts = [{ name: "b", due: repairable }];
      expect((await call("tree", { task: { name: "a", due: repairable, parts } })).structured).toMatchObject({
        due: SLOT,
      });
    });

    it("names the place of an invalid argument inside a shared part", async () => {
      const invalid = { at: "soon", people: 3 };
      const parts = [{ name: "b", due: invalid }];
      const results = await Promise.all([
        call("plan", { from: SLOT, to: invalid }),
        call("always", { from: SLOT, to: invalid }),
        call("wide", { first: { slot: SLOT }, more: [{ slot: SLOT }, { slot: SLOT, field_3: "four" }] }),
        call("tree", { task: { name: "a", due: SLOT, parts } }),
      ]);
      expect(results.map(({ isError, text }) => isError && text.split("\n").slice(1))).toEqual([
        ['- to.at: expected a date and time with its zone such as 2026-01-31T09:30:00Z, received string "soon".'],
        ['- to.at: expected a date and time with its zone such as 2026-01-31T09:30:00Z, received string "soon".'],
        ['- more[1].field_3: expected one of "one", "two", "three", received string "four".'],
        [
          '- task.parts[0].due.at: expected a date and time with its zone such as 2026-01-31T09:30:00Z, received string "soon".',
        ],
      ]);
    });
  },
);
