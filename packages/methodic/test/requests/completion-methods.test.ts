import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { requireScopes } from "../../src/auth/index.ts";
import { completion, type Context, createServer, prompt, resource, type ServerOptions } from "../../src/index.ts";
import { MANIFEST_KEY } from "../../src/manifest/format.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { DIALECTS, runSource } from "../fixtures/compile.ts";
import { attachManifest, defineService } from "../fixtures/service.ts";

const string = { type: "string" };
const CITIES = ["Lima", "Lisbon", "Lyon", "Oslo"];
const MANY = Array.from({ length: 250 }, (_, i) => `item-${i}`);

/** Decorates the methods of a class with `@completion`. */
function complete<C extends new () => object>(
  service: C,
  methods: { readonly [method: string]: readonly [of: string, argument: string] },
): C {
  for (const [name, [of, argument]] of Object.entries(methods)) {
    const descriptor = Object.getOwnPropertyDescriptor(service.prototype, name);
    completion(of, argument)(service.prototype as object, name, descriptor as TypedPropertyDescriptor<() => string[]>);
  }
  return service;
}

class Travel {
  planTrip(): string {
    return "";
  }
  file(): string {
    return "";
  }
  files(): object[] {
    return [{ folder: "from-list", name: "x" }];
  }
}
defineService(Travel, {
  planTrip: {
    as: prompt(),
    kind: "prompt",
    properties: {
      city: string,
      language: { enum: ["en", "es"] },
      other: string,
      many: string,
      cut: string,
      bad: string,
    },
  },
  file: {
    as: resource("files://{folder}/{name}", { list: "files" }),
    kind: "resource",
    properties: { folder: string, name: string },
  },
});

class Values {
  static seen: unknown;
  cities(): string[] {
    return [...CITIES, "Lima"];
  }
  async languages(typed: string, chosen: object): Promise<string[]> {
    return [typed, JSON.stringify(chosen)];
  }
  folders(_typed: string, chosen: object, ctx: Context): { values: string[] } {
    return { values: [JSON.stringify(chosen), ctx.era] };
  }
  many(): string[] {
    return MANY;
  }
  cut(typed: string): { values: string[]; total?: number; hasMore?: boolean } {
    return JSON.parse(typed || '{"values":[]}');
  }
}
complete(Values, {
  cities: ["plan_trip", "city"],
  languages: ["planTrip", "language"],
  folders: ["FILES://{folder}/{name}", "folder"],
  many: ["plan_trip", "many"],
  cut: ["plan_trip", "cut"],
});

const serve = (...services: ServerOptions["services"]) =>
  createServer({ name: "s", version: "1", naming: "snake_case", services });

interface Asked {
  readonly value?: string;
  readonly chosen?: Record<string, string>;
}

/** Completes an argument of the prompt `plan_trip`. */
const ask = async ({ client }: TestClient, name: string, { value = "", chosen = {} }: Asked = {}) => {
  const ref = { type: "ref/prompt", name: "plan_trip" } as const;
  return (await client.complete({ ref, argument: { name, value }, context: { arguments: chosen } })).completion;
};

/** Completes a variable of the template. */
const askFile = async ({ client }: TestClient, name: string, chosen: Record<string, string> = {}) => {
  const ref = { type: "ref/resource", uri: "files://{folder}/{name}" } as const;
  return (await client.complete({ ref, argument: { name, value: "" }, context: { arguments: chosen } })).completion;
};

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: unknown) => void logged.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(["legacy", "modern"] as const)("@completion in the %s era", (era) => {
  const open = (...services: ServerOptions["services"]) => createTestClient(serve(Travel, ...services), { era });

  it("offers the values that start with the text, without case and each once", async () => {
    await using test = await open(Values);
    expect(test.client.getServerCapabilities()?.completions).toEqual({});
    expect(await ask(test, "city")).toEqual({ values: CITIES, total: 4, hasMore: false });
    expect(await ask(test, "city", { value: "LI" })).toEqual({ values: ["Lima", "Lisbon"], total: 2, hasMore: false });
  });

  it("takes precedence over the type and over the list method", async () => {
    await using test = await open(Values);
    expect((await ask(test, "language", { value: "e" })).values).toEqual(["e"]);
    expect((await askFile(test, "folder")).values).toEqual(["{}", era]);
    expect((await askFile(test, "name")).values).toEqual(["x"]);
  });

  it("passes the arguments that were chosen before, without those that are empty", async () => {
    await using test = await open(Values);
    const chosen = { name: "a", folder: "b", empty: "" };
    expect((await askFile(test, "folder", chosen)).values[0]).toBe('{"name":"a"}');
    expect((await ask(test, "language", { chosen: { city: "Lima" } })).values).toContain('{"city":"Lima"}');
  });

  it("sends at most 100 values and reports the others", async () => {
    await using test = await open(Values);
    expect(await ask(test, "many")).toEqual({ values: MANY.slice(0, 100), total: 250, hasMore: true });
    expect(await ask(test, "many", { value: "item-24" })).toMatchObject({ total: 11, hasMore: false });
  });

  it.each([
    ["values", { values: ["a"] }, { values: ["a"] }],
    ["values and a total", { values: ["a", 1], total: 7 }, { values: ["a", "1"], total: 7, hasMore: true }],
    ["all values", { values: ["a"], total: 1 }, { values: ["a"], total: 1, hasMore: false }],
    ["some of more values", { values: ["a"], hasMore: true }, { values: ["a"], hasMore: true }],
    ["an impossible total", { values: ["a"], total: -1 }, { values: ["a"] }],
    ["250 values", { values: MANY }, { values: MANY.slice(0, 100), total: 250, hasMore: true }],
  ])("sends an object with %s as it is, within the limit", async (_, returned, sent) => {
    await using test = await open(Values);
    expect(await ask(test, "cut", { value: JSON.stringify(returned) })).toEqual(sent);
  });

  it("offers nothing if the method fails, and logs the class and method", async () => {
    class Failing {
      fail(): string[] {
        throw new Error("down");
      }
      ask(_typed: string, _chosen: object, ctx: Context): Promise<string[]> {
        return ctx
          .confirm("Really?")
          .then(String)
          .then((text) => [text]);
      }
      odd(): string[] {
        return [{}] as never;
      }
      none(): string[] {
        return "text" as never;
      }
    }
    complete(Failing, {
      fail: ["plan_trip", "city"],
      ask: ["plan_trip", "other"],
      odd: ["plan_trip", "bad"],
      none: ["plan_trip", "many"],
    });
    await using test = await open(Failing);
    for (const name of ["city", "other", "bad", "many"])
      expect(await ask(test, name)).toEqual({ values: [], total: 0, hasMore: false });
    expect(logged.map((line) => line.replace(/\[\w+\] /, "").replace(/ at .*/s, ""))).toEqual([
      "methodic: Completing 'city' (Failing.fail) failed: Error: down",
      "methodic: Completing 'other' (Failing.ask) failed: ToolError: A completion cannot ask the user.",
      "methodic: Completing 'bad' (Failing.odd) failed: expected an array of strings, received object in it",
      "methodic: Completing 'many' (Failing.none) failed: expected an array of strings, or { values }",
    ]);
  });

  it("leaves the decision who may complete to the prompt", async () => {
    class Guarded {
      secret(): string {
        return "";
      }
      words(): string[] {
        return ["hidden"];
      }
    }
    defineService(Guarded, {
      secret: { as: prompt({ auth: requireScopes("all") }), kind: "prompt", properties: { word: string } },
    });
    complete(Guarded, { words: ["secret", "word"] });
    const params = { ref: { type: "ref/prompt", name: "secret" }, argument: { name: "word", value: "" } } as const;
    await using member = await createTestClient(serve(Guarded), { era, auth: { scopes: ["all"], claims: {} } });
    expect((await member.client.complete(params)).completion.values).toEqual(["hidden"]);
    await using guest = await createTestClient(serve(Guarded), { era, auth: { scopes: [], claims: {} } });
    await expect(guest.client.complete(params)).rejects.toMatchObject({ message: 'Unknown prompt: "secret".' });
  });
});

describe("A completion method", () => {
  it("takes its context where the compiler has seen it", async () => {
    class Placed {
      first(ctx: Context, typed: string, chosen: object): string[] {
        return [[ctx.era, typed, JSON.stringify(chosen)].join(" ")];
      }
      second(typed: string, ctx: Context): string[] {
        return [`${typed} ${ctx.era}`];
      }
    }
    complete(Placed, { first: ["plan_trip", "city"], second: ["plan_trip", "other"] });
    const manifest = {
      ...Reflect.get(attachManifest(Placed, {}), MANIFEST_KEY),
      contextIndexes: { first: 0, second: 1 },
    };
    Object.defineProperty(Placed, MANIFEST_KEY, { value: manifest });
    await using test = await createTestClient(serve(Travel, Placed));
    expect((await ask(test, "city", { value: "mod" })).values).toEqual(["modern mod {}"]);
    expect((await ask(test, "other")).values).toEqual([" modern"]);
  });

  it("aborts its signal when the client cancels the completion", async () => {
    let aborted: (reason: unknown) => void = () => undefined;
    const ended = new Promise((resolve) => (aborted = resolve));
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    class Slow {
      wait(_typed: string, _chosen: object, { signal }: Context): Promise<string[]> {
        started();
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            aborted("aborted");
            reject(new Error("late"));
          });
        });
      }
    }
    complete(Slow, { wait: ["plan_trip", "city"] });
    await using test = await createTestClient(serve(Travel, Slow));
    const cancel = new AbortController();
    const params = { ref: { type: "ref/prompt", name: "plan_trip" }, argument: { name: "city", value: "" } } as const;
    const completing = test.client.complete(params, { signal: cancel.signal });
    await running;
    cancel.abort();
    await expect(completing).rejects.toThrow("abort");
    expect(await ended).toBe("aborted");
    expect(logged).toEqual([]);
  });

  it.each(DIALECTS)("is inherited and can be overridden, in %s decorators", async (dialect) => {
    const { Own, Silent } = runSource(
      `import { completion } from "methodic";
      class Base {
        @completion("plan_trip", "city") cities() { return ["base"]; }
        @completion("plan_trip", "other") others() { return ["inherited"]; }
      }
      export class Own extends Base { @completion("plan_trip", "city") cities() { return ["own"]; } }
      export class Silent extends Base { cities() { return ["silent"]; } }`,
      dialect,
    );
    await using test = await createTestClient(serve(Travel, Own!));
    expect((await ask(test, "city")).values).toEqual(["own"]);
    expect((await ask(test, "other")).values).toEqual(["inherited"]);
    await using silent = await createTestClient(serve(Travel, Silent!));
    expect((await ask(silent, "city")).values).toEqual([]);
  });

  it.each(DIALECTS)("may complete several arguments, in %s decorators", async (dialect) => {
    const { Both } = runSource(
      `import { completion } from "methodic";
      export class Both { @completion("plan_trip", "city") @completion("plan_trip", "other") words() { return ["word"]; } }`,
      dialect,
    );
    await using test = await createTestClient(serve(Travel, Both!));
    for (const name of ["city", "other"]) expect((await ask(test, name)).values).toEqual(["word"]);
  });
});

describe("server.add", () => {
  class Added {
    ship(): string {
      return "";
    }
    ports(): string[] {
      return ["Porto"];
    }
  }
  defineService(Added, { ship: { as: prompt(), kind: "prompt", properties: { port: string } } });
  complete(Added, { ports: ["ship", "port"] });
  const params = { ref: { type: "ref/prompt", name: "ship" }, argument: { name: "port", value: "" } } as const;

  it("adds the completion methods of an instance with its prompts", async () => {
    const server = serve(Travel);
    server.add(new Added());
    await using test = await createTestClient(server);
    expect((await test.client.complete(params)).completion.values).toEqual(["Porto"]);
  });

  it("adds and removes the completion methods of an instance for what the server has", async () => {
    class Ship {
      ship(): string {
        return "";
      }
    }
    defineService(Ship, { ship: { as: prompt(), kind: "prompt", properties: { port: string } } });
    class Ports {
      ports(): string[] {
        return ["Porto"];
      }
    }
    complete(Ports, { ports: ["ship", "port"] });
    const server = serve(Ship);
    await using before = await createTestClient(server);
    expect(before.client.getServerCapabilities()).not.toHaveProperty("completions");
    for (let round = 0; round < 2; round++) {
      const ports = new Ports();
      server.add(ports);
      await using added = await createTestClient(server);
      expect((await added.client.complete(params)).completion.values).toEqual(["Porto"]);
      expect([server.remove(ports), server.remove(ports)]).toEqual([true, false]);
      expect((await added.client.complete(params)).completion.values).toEqual([]);
    }
    await using after = await createTestClient(server);
    expect(after.client.getServerCapabilities()).not.toHaveProperty("completions");
  });

  it("adds nothing if a completion is invalid", () => {
    const server = serve(Travel);
    class Bad {
      list(): string[] {
        return [];
      }
    }
    expect(() => server.add(new Added(), new (complete(Bad, { list: ["ship", "prt"] }))())).toThrow(
      "has no argument 'prt'",
    );
    expect(() => server.add(new Added())).not.toThrow();
  });
});

describe("createServer", () => {
  const start = (methods: Parameters<typeof complete>[1]) => {
    class Bad {
      a(): string[] {
        return [];
      }
      b(): string[] {
        return [];
      }
    }
    return () => serve(Travel, complete(Bad, methods));
  };

  it.each([
    [
      ["plan_trp", "city"],
      `@completion on Bad.a: unknown prompt or resource template: 'plan_trp'. Did you mean "plan_trip"? The server has plan_trip, files://{folder}/{name}, file.`,
    ],
    [
      ["plan_trip", "ciy"],
      `@completion on Bad.a: the prompt 'plan_trip' has no argument 'ciy'. Did you mean "city"? It has city, language, other, many, cut, bad.`,
    ],
    [
      ["file", "path"],
      "@completion on Bad.a: the resource template 'files://{folder}/{name}' has no argument 'path'. It has folder, name.",
    ],
  ] as const)("refuses the completion of %j", (named, message) => {
    expect(start({ a: named })).toThrow(message);
  });

  it("refuses two completions of one argument", () => {
    expect(start({ a: ["plan_trip", "city"], b: ["planTrip", "city"] })).toThrow(
      "Two completions of 'city' of the prompt 'plan_trip': Bad.a and Bad.b. Remove one.",
    );
  });

  it("refuses a name that a prompt and a template share", () => {
    class Twins {
      one(): string {
        return "";
      }
      two(): string {
        return "";
      }
      names(): string[] {
        return [];
      }
    }
    defineService(Twins, {
      one: { as: prompt("twin"), kind: "prompt", properties: { id: string } },
      two: { as: resource("twins://{id}", "twin"), kind: "resource", properties: { id: string } },
    });
    complete(Twins, { names: ["twin", "id"] });
    expect(() => serve(Twins)).toThrow(
      "@completion on Twins.names: 'twin' names prompt 'twin' and resource template 'twins://{id}'. Write the URI of the template, or rename the prompt.",
    );
  });

  it("reports a class that is not compiled without the completions of its prompts", () => {
    class Uncompiled {
      plan(): string {
        return "";
      }
      words(): string[] {
        return [];
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Uncompiled.prototype, "plan") as PropertyDescriptor;
    prompt()(Uncompiled.prototype, "plan", descriptor);
    complete(Uncompiled, { words: ["plan", "topic"] });
    expect(() => serve(Uncompiled)).toThrow(/^Uncompiled\.plan is decorated/);
  });

  it.each(DIALECTS)("refuses a method that is a prompt and a completion, in %s decorators", (dialect) => {
    const { Both } = runSource(
      `import { completion, prompt } from "methodic";
      export class Both { @prompt() @completion("plan", "a") plan() { return ""; } }`,
      dialect,
    );
    expect(() => serve(Travel, Both!)).toThrow("Both.plan is decorated twice (@completion and @prompt).");
  });
});

describe("completion", () => {
  it.each([[undefined, "a"], ["", "a"], ["a", 1], ["a"]])("refuses the names %j and %j", (...names) => {
    expect(() => completion(...(names as [string, string]))).toThrow(
      'Write @completion("prompt or template", "argument").',
    );
  });

  it.each(DIALECTS)("refuses a property, in %s decorators", (dialect) => {
    const source = `import { completion } from "methodic"; class Bad { @completion("a", "b") list = []; }`;
    expect(() => runSource(source, dialect)).toThrow("cannot decorate a field");
  });
});
