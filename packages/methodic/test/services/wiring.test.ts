import { afterEach, describe, expect, it, vi } from "vitest";
import { createServer, type MethodicError, type Server, type ServerOptions, token } from "../../src/index.ts";
import type { Wiring } from "../../src/manifest/site-data.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineRunnable } from "../fixtures/injectable.ts";

// The log has the stacks of failed starts.
vi.spyOn(console, "error").mockImplementation(() => undefined);
let server: Server | undefined;
afterEach(() => server?.close());

type Lists = Partial<Pick<ServerOptions, "services" | "providers" | "resolve">>;

/** Creates a server as compiled code does, with what the compiler found in the lists. */
const serve = (lists: Lists, wiring?: Partial<Wiring>): Server =>
  (server = createServer(
    { name: "s", version: "1", services: [], ...lists },
    wiring && { services: [], providers: [], ...wiring },
  ));

function problem(lists: Lists, wiring?: Partial<Wiring>): MethodicError {
  try {
    serve(lists, wiring);
  } catch (error) {
    return error as MethodicError;
  }
  throw new Error("createServer accepted it");
}

class Config {
  readonly url: string = "postgres://localhost";
}
class Database {
  readonly config: Config;
  constructor(config: Config) {
    this.config = config;
  }
}
interface Clock {
  now(): number;
}
const Clock = token<Clock>("Clock");

class Notes {
  readonly database: Database;
  readonly clock: Clock | undefined;
  constructor(database: Database, clock?: Clock) {
    this.database = database;
    this.clock = clock;
  }
  run(): string {
    return `${this.database.config.url} at ${this.clock?.now() ?? "no time"}`;
  }
}
class Weather {
  readonly notes: Notes;
  constructor(notes: Notes) {
    this.notes = notes;
  }
  run(): string {
    return `weather for ${this.notes.run()}`;
  }
}
for (const service of [Notes, Weather]) defineRunnable(service);

const read = async (tool: string): Promise<string> => {
  await using client = await createTestClient(server as Server);
  return (await client.callTool(tool)).text;
};

describe("the constructor of a service", () => {
  it("gets providers and other services, each made once, whatever the order of the lists", async () => {
    serve(
      { services: [Weather, Notes], providers: [Database, Config] },
      { services: [[["service", 1]], [["provider", 0], null]], providers: [[["provider", 1]], []] },
    );
    expect(await read("Weather")).toBe("weather for postgres://localhost at no time");
    expect(await read("Notes")).toBe("postgres://localhost at no time");
  });

  it.each<[string, Lists["providers"] & object]>([
    ["an instance", [new Config()]],
    ["a class", [Config]],
    ["useValue", [{ provide: Config, useValue: new Config() }]],
    ["useClass", [{ provide: Config, useClass: class Derived extends Config {} }]],
    ["useFactory", [{ provide: Config, useFactory: () => new Config() }]],
    ["an asynchronous useFactory", [{ provide: Config, useFactory: async () => new Config() }]],
  ])("gets what %s provides", async (_, providers) => {
    const clock = { provide: Clock, useValue: { now: () => 7 } };
    serve(
      { services: [Notes], providers: [...providers, Database, clock] },
      {
        services: [
          [
            ["provider", 1],
            ["provider", 2],
          ],
        ],
        providers: [[], [["provider", 0]], []],
      },
    );
    expect(await read("Notes")).toBe("postgres://localhost at 7");
  });

  it("passes its arguments to factories as well, which run at the start", async () => {
    const made: string[] = [];
    const useFactory = async (config: Config, missing: unknown): Promise<Database> => {
      made.push(`${config.url} ${String(missing)}`);
      return new Database(config);
    };
    serve(
      { services: [Notes], providers: [{ provide: Database, useFactory }, Config] },
      { services: [[["provider", 0], null]], providers: [[["provider", 1], null], []] },
    );
    expect(made).toEqual([]);
    const clients = await Promise.all([createTestClient(server as Server), createTestClient(server as Server)]);
    expect(made).toEqual(["postgres://localhost undefined"]);
    expect((await clients[0]?.callTool("Notes"))?.text).toBe("postgres://localhost at no time");
  });

  it("runs at the start if it needs what a factory makes, and may fail then", async () => {
    class Picky extends Notes {
      constructor(database: Database) {
        super(database);
        throw new Error("unknown schema");
      }
    }
    serve(
      {
        services: [defineRunnable(Picky)],
        providers: [{ provide: Database, useFactory: () => new Database(new Config()) }],
      },
      { services: [[["provider", 0]]], providers: [[]] },
    );
    await expect(createTestClient(server as Server)).rejects.toMatchObject({
      code: "START_FAILED",
      message: expect.stringContaining("cannot start: new Picky failed: unknown schema.") as string,
    });
  });

  it("is not called for a service that the server only describes", () => {
    let constructed = 0;
    class Counted extends Notes {
      constructor(database: Database) {
        super(database);
        constructed++;
      }
    }
    serve(
      {
        services: [defineRunnable(Counted)],
        providers: [{ provide: Database, useFactory: () => new Database(new Config()) }],
      },
      { services: [[["provider", 0]]], providers: [[]] },
    );
    expect(constructed).toBe(0);
  });
});

describe("the lifecycle of what services need", () => {
  const events: string[] = [];
  const reporter = (name: string) => ({
    onStart: async () => void events.push(`${name} started`),
    onStop: () => void events.push(`${name} stopped`),
  });
  class Pool {
    readonly size: number = 1;
    constructor() {
      Object.assign(this, reporter("Pool"));
    }
  }
  class Table {
    constructor(_pool: Pool) {
      Object.assign(this, reporter("Table"));
    }
    run(): string {
      return "";
    }
  }
  defineRunnable(Table);

  it("starts dependencies first, and stops them last", async () => {
    events.splice(0);
    const made = { provide: Clock, useFactory: () => ({ [Symbol.dispose]: () => void events.push("clock disposed") }) };
    const given = { provide: Config, useValue: { [Symbol.dispose]: () => void events.push("not ours") } };
    serve(
      { services: [Table], providers: [made, Pool, given] },
      { services: [[["provider", 1]]], providers: [[], [], []] },
    );
    await using _ = await createTestClient(server as Server);
    expect(events).toEqual(["Pool started", "Table started"]);
    await server?.close();
    expect(events.slice(2)).toEqual(["Table stopped", "Pool stopped", "clock disposed"]);
  });

  it("starts and stops a value once that two entries provide", async () => {
    events.splice(0);
    serve(
      { services: [Table], providers: [Pool, { provide: Clock, useFactory: (pool: Pool) => pool }] },
      { services: [[["provider", 0]]], providers: [[], [["provider", 0]]] },
    );
    await using _ = await createTestClient(server as Server);
    await server?.close();
    expect(events).toEqual(["Pool started", "Table started", "Table stopped", "Pool stopped"]);
  });
});

describe("the option resolve", () => {
  it("makes the instances of classes, once each at the start, and the server does not dispose them", async () => {
    const made: string[] = [];
    const disposed: string[] = [];
    const notes = Object.assign(new Notes(new Database(new Config())), {
      onStop: () => void disposed.push("stopped"),
      [Symbol.dispose]: () => void disposed.push("disposed"),
    });
    const resolve = async (service: { readonly name: string }): Promise<object> => {
      made.push(service.name);
      return service.name === "Notes" ? notes : new Config();
    };
    serve({ services: [Notes], providers: [Config, { provide: Database, useFactory: () => 1 }], resolve });
    expect(made).toEqual([]);
    expect(await read("Notes")).toBe("postgres://localhost at no time");
    expect(await read("Notes")).toBe("postgres://localhost at no time");
    expect(made).toEqual(["Config", "Notes"]);
    await server?.close();
    expect(disposed).toEqual(["stopped"]);
  });

  it.each<[string, () => unknown, string]>([
    ["nothing", () => undefined, "resolve(Notes) failed: expected an instance of Notes, got undefined."],
    [
      "another object",
      () => new Config(),
      "resolve(Notes) failed: expected an instance of Notes, got an object without the method 'run'.",
    ],
    [
      "an error",
      () => {
        throw new Error("no binding");
      },
      "resolve(Notes) failed: no binding.",
    ],
  ])("stops the start if it returns %s", async (_, resolve, message) => {
    serve({ services: [Notes], resolve: resolve as () => object });
    await expect(createTestClient(server as Server)).rejects.toMatchObject({
      code: "START_FAILED",
      message: expect.stringContaining(message) as string,
    });
  });
});

describe("createServer", () => {
  it("refuses services that need each other", () => {
    const lists = { services: [Weather, Notes], providers: [Database] };
    const wiring: Wiring = { services: [[["service", 1]], [["provider", 0]]], providers: [[["service", 0]]] };
    expect(problem(lists, wiring)).toMatchObject({
      code: "INVALID_DEPENDENCY",
      message:
        "Database needs itself: Database -> Weather -> Notes -> Database. Remove one of these parameters, or move what two of the classes share to a third.",
    });
  });

  it("refuses a service that needs what exists for one call", () => {
    const providers = [{ provide: Database, useFactory: () => 1, scope: "request" as const }];
    expect(problem({ services: [Notes], providers }, { services: [[["provider", 0]]], providers: [[]] })).toMatchObject(
      {
        code: "INVALID_DEPENDENCY",
        message:
          'Notes exists once and needs Database, which exists for one call (scope "request"). Use it in the methods instead: await ctx.use(Database).',
      },
    );
  });

  it("refuses two entries for one class or token", () => {
    const provider = { provide: Clock, useValue: 1 };
    expect(problem({ providers: [provider, { ...provider }] })).toMatchObject({
      code: "INVALID_PROVIDER",
      message: "Two entries provide Clock: providers[0] and providers[1]. Remove one of them.",
    });
    class Plain {
      run(): string {
        return "";
      }
    }
    expect(problem({ services: [defineRunnable(Plain)], providers: [Plain] }).message).toBe(
      "Two entries provide Plain: providers[0] and services[0]. Remove one of them.",
    );
  });

  it.each<[string, unknown, string]>([
    [
      "a number",
      5,
      "Invalid providers[0]: 5. List a class, an instance, or { provide: …, useValue | useClass | useFactory: … }.",
    ],
    ["a function", () => 1, "Invalid providers[0]: a function."],
    [
      "no provide",
      { useValue: 1 },
      "providers[0]: missing option 'provide'. It must be a class, or a token from token().",
    ],
    ["a string to provide", { provide: "Clock", useValue: 1 }, "providers[0]: invalid option 'provide': \"Clock\"."],
    [
      "an unknown option",
      { provide: Clock, usevalue: 1 },
      "providers[0]: unknown option 'usevalue'. Did you mean \"useValue\"?",
    ],
    ["no value", { provide: Clock }, "providers[0] (Clock) needs one of useValue, useClass, useFactory."],
    [
      "two values",
      { provide: Clock, useValue: 1, useFactory: () => 1 },
      "providers[0] (Clock) needs one of useValue, useClass, useFactory, not useValue and useFactory.",
    ],
    [
      "a factory that is a value",
      { provide: Clock, useFactory: 1 },
      "providers[0]: invalid option 'useFactory': 1. It must be a function.",
    ],
    [
      "an unknown scope",
      { provide: Clock, useFactory: () => 1, scope: "session" },
      'providers[0]: invalid option \'scope\': "session". It must be "request".',
    ],
    [
      "a value for each call",
      { provide: Clock, useValue: 1, scope: "request" },
      'providers[0] (Clock): a value exists once, so it cannot have the scope "request". Make it in useFactory.',
    ],
  ])("refuses %s among the providers", (_, given, message) => {
    const error = problem({ providers: [given] as never });
    expect(error.code).toBe("INVALID_PROVIDER");
    expect(error.message).toContain(message);
  });

  it("refuses parameters that the compiler has not seen", () => {
    const useFactory = (config: Config): Database => new Database(config);
    expect(problem({ providers: [Database] }).message).toMatch(
      /^Database needs 1 argument, but the call of createServer does not say which: .*'methodic run <file>'.* Or list an instance: providers: \[new Database\(…\)\]\.$/,
    );
    expect(problem({ providers: [{ provide: Clock, useFactory }] }).message).toMatch(
      /^The factory of Clock needs 1 argument, .* Or write it without parameters\.$/,
    );
  });

  it("refuses lists that have changed since they were compiled", () => {
    expect(
      problem({ services: [Notes], providers: [] }, { services: [[["provider", 0]]], providers: [[]] }),
    ).toMatchObject({
      code: "MISSING_MANIFEST",
      message:
        "createServer was compiled with 1 providers and 1 services, but gets 0 providers and 1 services. Write the lists out in the call, and build again.",
    });
  });

  it("refuses a provider that cannot be constructed", () => {
    class Bad {
      readonly file: string = "";
      constructor() {
        throw new Error("no file");
      }
    }
    expect(problem({ providers: [Bad] })).toMatchObject({
      code: "INVALID_PROVIDER",
      message: "Bad cannot be constructed: no file",
    });
  });
});

describe("token", () => {
  it("refuses an empty name", () => {
    expect(() => token(" ")).toThrow(
      expect.objectContaining({
        code: "INVALID_ARGUMENT",
        message: expect.stringContaining('invalid name: " "') as string,
      }),
    );
  });
});
