import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const SHARED = `import { token } from "methodic";
export class Database { readonly rows: string[] = []; }
export class TestDatabase extends Database { readonly isTest = true; }
export interface Clock { now(): Date }
export const Clock = token<Clock>("Clock");
export interface Settings { readonly folder: string }
export class Box<T> { constructor(readonly value: T) {} }
export class Unit { constructor(readonly database: Database) {} }
`;

/** The text of a file with a server; `Notes` is its service. */
const server = (
  parameters: string,
  options: string,
  more = "",
): string => `import { createServer, token, tool, type Context } from "methodic";
import { Box, Clock, Database, Settings, TestDatabase, Unit } from "./shared.js";
${more}
class Notes {
  constructor(${parameters}) {}
  /** Counts. */
  @tool() count(): number { return 1; }
}
export const server = createServer({ name: "notes", version: "1.0.0", ${options} });
`;

const WEATHER = `class Weather {
  constructor(readonly notes?: Notes, readonly clock?: Clock) {}
  /** Looks. */
  @tool() look(): number { return 1; }
}`;

const FILES: Readonly<Record<string, string>> = {
  plain: server("", "services: [Notes], providers: [Database]"),
  constructors: server(
    "private readonly database: Database, readonly clock: Clock, readonly settings: Settings",
    "services: [Notes, Weather], providers: [Database, { provide: Clock, useValue: { now: () => new Date() } }, settings]",
    `const settings: Settings = { folder: "." };\n${WEATHER}`,
  ),
  factories: server(
    "database: Database, box: Box<string>, number?: Box<number>, clock: Clock | undefined = undefined",
    "services: [Notes], providers: list",
    `const shared = [{ provide: Database, useFactory: async (settings: Settings, unit?: number) => new TestDatabase() }] as const;
const list = [...shared, { provide: Box<string>, useFactory: (): Box<string> => new Box("a") }, {} as Settings];`,
  ),
  replaced: server(
    "database: Database",
    "services: [Notes], providers: [{ provide: Database, useClass: TestDatabase }]",
  ),
  requests: server(
    "database: Database",
    'services: [Notes], providers: [Database, { provide: Unit, useClass: Unit, scope: "request" }, { provide: Clock, useFactory: (unit: Unit) => ({ now: () => new Date() }), scope: "request" }]',
  ),
  resolved: server(
    "database: Database, text: string",
    "services: [Notes], resolve: (type: new () => object) => new type(), providers: [{ provide: Clock, useFactory: (settings: Settings) => ({ now: () => new Date(settings.folder) }) }, {} as Settings, { provide: Unit, useClass: Unit }]",
  ),
  missing: server(
    "database: Database, clock: Clock, box: Box<string>",
    "services: [Notes], providers: [TestDatabase, new Box(1)]",
  ),
  uninjectable: server(
    "text: string, either: Database | Clock, any: any, ...rest: string[]",
    "services: [Notes], providers: [{} as any]",
  ),
  twice: server(
    "database: Database",
    "services: [Notes], providers: [Database, { provide: Database, useClass: TestDatabase }]",
  ),
  cycle: server("weather: Weather", "services: [Notes, Weather]", WEATHER),
  outlived: server(
    "unit: Unit",
    'services: [Notes], providers: [Database, { provide: Unit, useClass: Unit, scope: "request" }]',
  ),
  computed: server(
    "database: Database",
    "services: [Notes], providers: [Database, ...more()]",
    "const more = (): object[] => [];",
  ),
  spread: server(
    "database: Database",
    "services: [Notes], providers: [Database], ...(Math.random() < 1 && { title: 'Notes' })",
  ),
  computedOptional: server(
    "database?: Database",
    "services: [Notes], providers: more()",
    "const more = (): object[] => [];",
  ),
  computedDefault: server(
    "database: Database = new Database()",
    "services: [Notes], providers: more()",
    "const more = (): object[] => [];",
  ),
  contexts: server(
    "",
    'services: [Notes], providers: [Database, { provide: Call, useClass: Call, scope: "request" }, { provide: Unit, useFactory: (ctx: Context, call: Call, database: Database) => new Unit(database), scope: "request" }]',
    "class Call { constructor(readonly ctx: Context) {} }",
  ),
  outlivedContext: server(
    "",
    "services: [Notes], providers: [Call, { provide: Clock, useFactory: (ctx?: Context) => ({ now: () => new Date() }) }]",
    "class Call { constructor(readonly ctx: Context) {} }",
  ),
  fitting: server(
    "",
    `services: [Notes], providers: [
      { provide: Clock, useValue: { now: () => new Date() } }, { provide: Database, useClass: TestDatabase },
      { provide: Level, useValue: { level: "info", list: ["a"], read() { return "a"; } } },
      { provide: Level, useFactory: async () => { if (Math.random() > 2) return { level: "debug", list: [], read: () => "a" }; return { level: "info", list: ["b"], read: () => "b" }; } },
      { provide: Box, useValue: new Box(1) }, { provide: Box<string>, useFactory: async () => new Box("a") },
      { provide: Unit, useValue: {} as any }, new Inherited(),
    ]`,
    `interface Level { level: "info" | "debug"; list: ("a" | "b")[]; read(): "a" | "b"; more?: string }
const Level = token<Level>("Level");
class Inherited { get provide() { return Clock; } useValue(): string { return "a"; } }`,
  ),
  unfitting: server(
    "",
    `services: [Notes], providers: [
      { provide: Clock, useValue: { now: () => 1 } },
      { provide: TestDatabase, useClass: Database },
      { provide: Clock, useFactory: async () => new Database() },
      { provide: Level, useValue: { level: "none" } },
      { provide: Box<string>, useFactory() { return new Box(1); } },
      { provide: Clock, useValue: undefined },
      { provide: Mode, useValue: "loud" },
      { provide: Count, useFactory: () => "1" },
      { ...shared },
    ]`,
    `const Mode = token<"on" | "off">("Mode"), Count = token<number>("Count");
interface Level { level: "info" | "debug" }
const Level = token<Level>("Level");
const shared = { provide: Database, useValue: "text" };`,
  ),
  computedPlain: server("", "services: [Notes], providers: more()", "const more = (): object[] => [];"),
};

const wirings = new Map<string, unknown>();
const problems = new Map<string, string[]>();
const hints = new Map<string, (string | undefined)[]>();

beforeAll(() => {
  const files = Object.entries(FILES).map(([name, text]) => [`${name}.ts`, text] as const);
  using project = createStubProject({ "shared.ts": SHARED, ...Object.fromEntries(files) });
  const { calls, diagnostics } = compileServices(loadProject({ root: project.root }));
  for (const { sourceFile, data } of calls) wirings.set(path.basename(sourceFile.fileName, ".ts"), data);
  for (const { file, line, code, message, hint } of diagnostics) {
    const name = path.basename(file, ".ts");
    hints.set(name, [...(hints.get(name) ?? []), hint]);
    problems.set(name, [...(problems.get(name) ?? []), `${line} ${code} ${message}`]);
  }
});

describe("the wiring of a server", () => {
  it.each(["plain", "fitting", "computedPlain", "computedDefault"])(
    "is left out if no parameter needs it: %s",
    (name) => {
      expect(problems.get(name)).toBeUndefined();
      expect(wirings.has(name)).toBe(false);
    },
  );

  it.each([
    [
      "constructors",
      {
        services: [
          [
            ["provider", 0],
            ["provider", 1],
            ["provider", 2],
          ],
          [
            ["service", 0],
            ["provider", 1],
          ],
        ],
        providers: [[], [], []],
      },
    ],
    [
      "factories",
      { services: [[["provider", 0], ["provider", 1], null, null]], providers: [[["provider", 2], null], [], []] },
    ],
    ["spread", { services: [[["provider", 0]]], providers: [[]] }],
    ["replaced", { services: [[["provider", 0]]], providers: [[]] }],
    ["requests", { services: [[["provider", 0]]], providers: [[], [["provider", 0]], [["provider", 1]]] }],
    ["contexts", { services: [[]], providers: [[], ["context"], ["context", ["provider", 1], ["provider", 0]]] }],
    ["resolved", { services: [[]], providers: [[["provider", 1]], [], []] }],
  ])("names the entry of each parameter: %s", (name, expected) => {
    expect(problems.get(name)).toBeUndefined();
    expect(wirings.get(name)).toEqual(expected);
  });

  it.each([
    [
      "missing",
      [
        "5 MTD194 Notes needs Database, which no entry provides.",
        "5 MTD194 Notes needs Clock, which no entry provides.",
        "5 MTD194 Notes needs Box<string>, which no entry provides.",
      ],
    ],
    [
      "uninjectable",
      [
        "5 MTD167 Notes needs 'text' of the type 'string', which does not say what to pass.",
        "5 MTD167 Notes needs 'either' of the type 'Database | Clock', which does not say what to pass.",
        "5 MTD167 Notes needs 'any' of the type 'any', which does not say what to pass.",
      ],
    ],
    ["twice", ["5 MTD166 several entries provide Database: providers[0] and providers[1]."]],
    ["cycle", ["4 MTD165 Notes needs itself: Notes -> Weather -> Notes."]],
    ["outlived", ['5 MTD168 Notes exists once and needs Unit, which exists for one call (scope "request").']],
    [
      "outlivedContext",
      [
        "3 MTD168 Call exists once and takes a Context, which exists for one call.",
        "9 MTD168 Clock exists once and takes a Context, which exists for one call.",
      ],
    ],
    [
      "unfitting",
      [
        "6 MTD198 useValue has the type '\"text\"', which is not assignable to Database.",
        "13 MTD198 useValue has the type '{ now: () => number; }', which is not assignable to Clock.",
        "14 MTD198 useClass has the type 'Database', which is not assignable to TestDatabase.",
        "15 MTD198 useFactory has the type 'Database', which is not assignable to Clock.",
        "16 MTD198 useValue has the type '{ level: string; }', which is not assignable to Level.",
        "17 MTD198 useFactory has the type 'Box<number>', which is not assignable to Box<string>.",
        "18 MTD198 useValue has the type 'undefined', which is not assignable to Clock.",
        '19 MTD198 useValue has the type \'"loud"\', which is not assignable to "on" | "off".',
        "20 MTD198 useFactory has the type 'string', which is not assignable to number.",
      ],
    ],
    [
      "computedOptional",
      ["9 MTD169 Notes has parameters, but only the running program knows all entries of providers."],
    ],
    ["computed", ["9 MTD169 Notes has parameters, but only the running program knows all entries of providers."]],
  ])("reports what it cannot name: %s", (name, expected) => {
    expect(problems.get(name)).toEqual(expected);
    expect(wirings.has(name)).toBe(false);
  });

  it("names the property in which a value differs", () => {
    expect(hints.get("unfitting")).toEqual(
      [
        "It has no 'rows'.",
        "Its 'now' is '() => number', not '() => Date'.",
        "It has no 'isTest'.",
        "It has no 'now'.",
        "Its 'level' is 'string', not '\"info\" | \"debug\"'.",
        "Its 'value' is 'number', not 'string'.",
        "It has no 'now'.",
        // A list of what texts and numbers can do would say nothing.
        "",
        "",
      ].map((difference) => `${difference} Correct it, or provide it for another class or token.`.trimStart()),
    );
  });

  it("proposes a provider that can be written for each kind of type", () => {
    expect(hints.get("missing")).toEqual([
      "Add it to providers: providers: [Database].",
      'Add a value of this type to providers, such as config<Clock>(), or { provide: Clock, useFactory: … } with const Clock = token<Clock>("Clock").',
      "Add a value of exactly this type to providers, or take a named interface.",
    ]);
  });
});
