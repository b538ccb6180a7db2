import { config, type ConfigOptions, type MethodicError } from "methodic";
import { DESCRIBE_SERVER, type ConfigData } from "methodic/manifest";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { compileServices, loadProject, type Diagnostic } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const TSCONFIG = {
  compilerOptions: { target: "ES2022", lib: ["ES2023", "DOM"], module: "NodeNext", strict: true, types: [] },
};

const SOURCE = `import { config, type Int } from "methodic";

enum Level { Debug = "debug", Info = "info" }

export interface Scalars {
  text: string;
  count: Int<1, 9>;
  ratio: number;
  on: boolean;
  level: Level;
  mode: "fast" | "slow" | 3;
  at: Date;
  link: URL;
  big: bigint;
  bytes: Uint8Array;
  maybe: string | null;
  extra?: number;
}
config<Scalars>();

interface Db { host: string; port: number; password: string }
export interface Nested {
  /** The main database. */
  db: Db;
  replica?: Pick<Db, "host" | "port">;
  retry: {
    /** @default 3 */
    count: number;
  };
}
config<Nested>();

export interface Lists { tags: string[]; ids: Set<Int>; days?: Date[] }
config<Lists>();

export interface Names { databaseURL: string; s3Bucket: string; API_HOST: string; "x-y z": string }
config<Names>();

/** @minProperties 2 */
export interface Choice {
  mail?: string;
  phone?: string;
  /** @maxProperties 1 */
  away: { mail?: string; phone?: string };
}
config<Choice>();

export interface Secrets {
  databaseUrl: URL;
  stripeApiKey: Int;
  apikey: Int;
  smtp: { password: Int; port: Int };
  tokens: Int[];
  /** @secret */
  license: Int;
  apiKeyId: Int;
}
config<Secrets>();
`;

type Read = (options: ConfigOptions | undefined, data: ConfigData | undefined) => unknown;
const schemas = new Map<string, ConfigData>();
let diagnostics: readonly Diagnostic[];

beforeAll(() => {
  using project = createStubProject({ "tsconfig.json": TSCONFIG, "settings.ts": SOURCE });
  const compiled = compileServices(loadProject({ root: project.root }));
  diagnostics = compiled.diagnostics;
  for (const { data } of compiled.calls) schemas.set((data as ConfigData).type, data as ConfigData);
});

function read(type: string, env: object, options: ConfigOptions = {}): unknown {
  return (config as Read)({ env, ...options }, schemas.get(type));
}

function failureOf(read: () => unknown): MethodicError {
  try {
    read();
  } catch (error) {
    return error as MethodicError;
  }
  throw new Error("It did not fail.");
}

/** Returns the lines that an invalid configuration is reported with. */
function problemsOf(type: string, env: object, options: ConfigOptions = {}): string[] {
  const { code, message } = failureOf(() => read(type, env, options));
  expect(code).toBe("INVALID_CONFIGURATION");
  return message.split("\n").slice(1);
}

const SCALARS = {
  TEXT: " hello ",
  COUNT: "7",
  RATIO: "0.5",
  ON: "true",
  LEVEL: "info",
  MODE: "3",
  AT: "2026-01-31T09:30:00Z",
  LINK: "https://example.com/a",
  BIG: "12345678901234567890",
  BYTES: "aGk=",
};

describe("config", () => {
  it("compiles without problems", () => {
    expect(diagnostics).toEqual([]);
  });

  it("reads each variable as the type of its property", () => {
    expect(read("Scalars", SCALARS)).toEqual({
      text: "hello",
      count: 7,
      ratio: 0.5,
      on: true,
      level: "info",
      mode: 3,
      at: new Date("2026-01-31T09:30:00Z"),
      link: new URL("https://example.com/a"),
      big: 12345678901234567890n,
      bytes: new Uint8Array([104, 105]),
      maybe: null,
    });
  });

  it.each([
    ["1", true],
    ["yes", true],
    ["ON", true],
    ["False", false],
    ["0", false],
    ["off", false],
    ["no", false],
  ])("reads the boolean %s as %s", (text, on) => {
    expect(read("Scalars", { ...SCALARS, ON: text })).toMatchObject({ on });
  });

  it("reads nested objects, applies defaults, and leaves out optional objects without a variable", () => {
    const env = { DB_HOST: "db", DB_PORT: "5432", DB_PASSWORD: "x" };
    const db = { host: "db", port: 5432, password: "x" };
    expect(read("Nested", env)).toEqual({ db, retry: { count: 3 } });
    const more = { ...env, RETRY_COUNT: "5", REPLICA_HOST: "r", REPLICA_PORT: "1" };
    expect(read("Nested", more)).toEqual({ db, retry: { count: 5 }, replica: { host: "r", port: 1 } });
  });

  it("names the variables of an object that has too few or too many of them", () => {
    expect(problemsOf("Choice", { MAIL: "a", AWAY_MAIL: "b", AWAY_PHONE: "c" })).toEqual([
      "- Choice.away: expected at most 1 property (AWAY_MAIL, AWAY_PHONE).",
    ]);
    expect(problemsOf("Choice", {})).toEqual([
      "- Choice: expected at least 2 properties (MAIL, PHONE, AWAY_MAIL, AWAY_PHONE).",
    ]);
    expect(read("Choice", { PHONE: "a" })).toEqual({ phone: "a", away: {} });
  });

  it("reads lists with commas and lists as JSON", () => {
    const lists = { tags: ["a", "b c"], ids: new Set([1, 2]) };
    expect(read("Lists", { TAGS: "a, b c", IDS: "1,2" })).toEqual(lists);
    expect(read("Lists", { TAGS: '["a","b c"]', IDS: "[1,2]", DAYS: "2026-01-01T00:00:00Z" })).toEqual({
      ...lists,
      days: [new Date("2026-01-01")],
    });
  });

  it("names variables in upper case, with the prefix of the call", () => {
    const env = { MY_DATABASE_URL: "1", MY_S3_BUCKET: "2", MY_API_HOST: "3", MY_X_Y_Z: "4" };
    expect(read("Names", env, { prefix: "MY_" })).toEqual({
      databaseURL: "1",
      s3Bucket: "2",
      API_HOST: "3",
      "x-y z": "4",
    });
  });

  it("reports every missing and invalid variable at once, with the expected value", () => {
    const env = { ...SCALARS, COUNT: "12", RATIO: "half", ON: "maybe", LEVEL: "trace", AT: "soon", TEXT: " " };
    expect(problemsOf("Scalars", env)).toEqual([
      "- TEXT: not set; expected text.",
      '- COUNT: expected a number <= 9, received "12".',
      '- RATIO: expected number, received "half".',
      '- ON: expected boolean, received "maybe".',
      '- LEVEL: expected one of "debug", "info", received "trace".',
      '- AT: expected a date and time with its zone such as 2026-01-31T09:30:00Z, received "soon".',
    ]);
    expect(problemsOf("Nested", { P_REPLICA_HOST: "r" }, { prefix: "P_" })).toEqual([
      "- P_DB_HOST: not set; expected text.",
      "- P_DB_PORT: not set; expected a number.",
      "- P_DB_PASSWORD: not set; expected text.",
      "- P_REPLICA_PORT: not set; expected a number.",
    ]);
    expect(problemsOf("Lists", { TAGS: "a", IDS: "1,x,y" })).toEqual([
      '- IDS: expected integer as item 2, received "1,x,y".',
    ]);
  });

  it("says that a variable is not set in the words of its type", () => {
    expect(problemsOf("Scalars", { ...SCALARS, LINK: "", LEVEL: "", ON: "", COUNT: "", BIG: "", BYTES: "" })).toEqual([
      "- COUNT: not set; expected a whole number.",
      "- ON: not set; expected true or false.",
      '- LEVEL: not set; expected one of "debug", "info".',
      "- LINK: not set; expected a URL such as https://example.com/path.",
      '- BIG: not set; expected an integer written as text, for example "12345".',
      "- BYTES: not set; expected base64 text.",
    ]);
  });

  it("never shows secrets", () => {
    const env = {
      DATABASE_URL: "https//user:hunter2@db/x?password=hunter2",
      STRIPE_API_KEY: "hunter2",
      APIKEY: "hunter2",
      SMTP_PASSWORD: "hunter2",
      SMTP_PORT: "1.5",
      TOKENS: "1,hunter2",
      LICENSE: "hunter2",
      API_KEY_ID: "x",
    };
    const error = failureOf(() => read("Secrets", env));
    expect(error.message.split("\n").slice(1)).toEqual([
      expect.stringMatching(/^- DATABASE_URL: expected a URL such as https:\/\/example\.com\/path, received ".*"\.$/),
      "- STRIPE_API_KEY: expected integer.",
      "- APIKEY: expected integer.",
      "- SMTP_PASSWORD: expected integer.",
      '- SMTP_PORT: expected integer, received "1.5".',
      "- TOKENS: expected integer as item 2.",
      "- LICENSE: expected integer.",
      '- API_KEY_ID: expected integer, received "x".',
    ]);
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain("hunter2");
    expect(error.stack).not.toContain("    at ");
  });

  it.each([
    "postgres://user:hunter2@db host/x",
    "postgres://user:hunt/er2@hunter2@db:x/",
    "not a url but ://hunter2@x",
    "redis://:hunter2@",
    "https:// x?token=hunter2#hunter2",
    "https//user:hunter2@db/x?password=hunter2",
  ])("removes credentials from the URL %s", (link) => {
    expect(problemsOf("Scalars", { ...SCALARS, LINK: link }).join()).not.toMatch(/hunter2|er2/);
  });
});

describe("config with a type that variables cannot carry", () => {
  it("reports each property at its declaration", () => {
    using project = createStubProject({
      "tsconfig.json": TSCONFIG,
      "limits.ts": "export interface Limits { perUser: [number, string] }\n",
      "settings.ts": `import { config as read } from "methodic";
import type { Limits } from "./limits.js";
interface Bad {
  items: { name: string }[];
  either: { a: string } | string;
  limits: Limits;
  callback: () => void;
  port: number;
}
interface Tree {
  inner?: Tree;
  any: unknown;
  /** @default "many" */
  count: number;
}
read<Bad>();
read<Omit<Bad, "callback">>();
read<Tree>();
read<string[]>();
read();
function generic<T extends object>(): T { return read<T>(); }
`,
    });
    const found = compileServices(loadProject({ root: project.root })).diagnostics;
    expect(found.map(({ code, line, message }) => `${line} ${code} ${message}`)).toEqual([
      "4 MTD162 config<Omit<Bad, \"callback\">>: at items: an environment variable cannot carry the type '{ name: string; }[]'.",
      "5 MTD162 config<Omit<Bad, \"callback\">>: at either: an environment variable cannot carry the type 'string | { a: string; }'.",
      "7 MTD103 config<Bad>: at callback: '() => void' is a function, which JSON cannot carry.",
      "11 MTD162 config<Tree>: at inner: an environment variable cannot carry the type 'Tree'.",
      "12 MTD162 config<Tree>: at any: an environment variable cannot carry the type 'unknown'.",
      '14 MTD145 config<Tree>: the default "many" of count violates its own schema, so it is not used.',
      "17 MTD162 config<Omit<Bad, \"callback\">>: at limits.perUser: an environment variable cannot carry the type '[number, string]'. (declared at limits.ts:1:27)",
      "19 MTD162 config<string[]>: a configuration has to be an object type with named properties, not 'string[]'.",
      "20 MTD161 config: the call of config has no type.",
      "21 MTD133 config<T>: type parameter 'T' is not known here.",
    ]);
  });
});

describe("config without a compiled schema", () => {
  it("says how to run the program", () => {
    const error = failureOf(() => config<{ port: number }>({ env: {} }));
    expect(error).toMatchObject({ code: "MISSING_MANIFEST", message: expect.stringContaining("methodic run") });
  });

  it("refuses a schema of another version", () => {
    const data = { version: 2, type: "Old", variables: [], schema: {} };
    expect(failureOf(() => (config as Read)({}, data))).toMatchObject({
      code: "MANIFEST_VERSION",
      message: expect.stringContaining("config<Old>()"),
    });
  });

  it("refuses unknown options", () => {
    const error = failureOf(() => config<{ port: number }>({ prefx: "A_" } as object));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining('"prefix"') });
  });
});

describe("config in a process that describes its server", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(globalThis, DESCRIBE_SERVER);
  });

  it("returns values of the right types for missing and invalid variables", () => {
    Object.defineProperty(globalThis, DESCRIBE_SERVER, { value: true, configurable: true });
    expect(read("Scalars", { TEXT: "given", COUNT: "x" })).toEqual({
      text: "given",
      count: 1,
      ratio: 0,
      on: false,
      level: "debug",
      mode: "fast",
      at: new Date(0),
      link: new URL("http://localhost/"),
      big: 0n,
      bytes: new Uint8Array(),
      maybe: null,
    });
    expect(read("Nested", { REPLICA_HOST: "r" })).toMatchObject({
      db: { host: "", port: 0, password: "" },
      replica: { host: "r", port: 0 },
    });
    expect(read("Lists", {})).toEqual({ tags: [], ids: new Set() });
  });
});
