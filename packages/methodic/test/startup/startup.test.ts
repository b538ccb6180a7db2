import { describe, expect, it } from "vitest";
import { createServer, MethodicError, prompt, resource, type ServerOptions, tool } from "../../src/index.ts";
import { MANIFEST_KEY } from "../../src/manifest/format.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { NotesService } from "../fixtures/notes.ts";
import { attachManifest, defineService, type MemberFixture } from "../fixtures/service.ts";

/** The error that creating a server from these ends in. */
function problem(services: unknown, options: object = {}): MethodicError {
  try {
    createServer({ name: "s", version: "1", services, ...options } as ServerOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(MethodicError);
    return error as MethodicError;
  }
  throw new Error("the server was created");
}

class Plain {
  plain(): string {
    return "";
  }
}

/** A service class with the given methods, all of them empty. */
function service(members: { readonly [method: string]: MemberFixture }, name = "Service"): new () => object {
  const created = { [name]: class extends Plain {} }[name] as new () => object;
  for (const method of Object.keys(members)) {
    Object.defineProperty(created.prototype, method, { value: () => "", configurable: true, writable: true });
  }
  return defineService(created, members);
}

const string = { type: "string" };

describe("createServer options", () => {
  it.each<[string, object, string]>([
    [
      "an unknown name",
      { services: [NotesService], nmae: "x" },
      "createServer: unknown option 'nmae'. Did you mean \"name\"? The options are name, version,",
    ],
    [
      "a name that is empty",
      { name: " " },
      "createServer: invalid option 'name': \" \". It must be a non-empty string.",
    ],
    [
      "a version that is a number",
      { version: 1 },
      "createServer: invalid option 'version': 1. It must be a non-empty string.",
    ],
    [
      "a missing version",
      { version: undefined },
      "createServer: missing option 'version'. It must be a non-empty string.",
    ],
    [
      "services that are not an array",
      { services: NotesService },
      "createServer: invalid option 'services': a function. It must be an array of classes and instances.",
    ],
    [
      "an unknown naming",
      { naming: "camelCase" },
      'createServer: invalid option \'naming\': "camelCase". It must be "as-is", "snake_case", "kebab-case" or a function',
    ],
    [
      "a flag that is a string",
      { strict: "yes" },
      "createServer: invalid option 'strict': \"yes\". It must be true or false.",
    ],
    [
      "a negative timeout",
      { shutdownTimeout: -1 },
      "createServer: invalid option 'shutdownTimeout': -1. It must be milliseconds, or a string such as",
    ],
    [
      "an infinite timeout",
      { shutdownTimeout: Number.POSITIVE_INFINITY },
      "createServer: invalid option 'shutdownTimeout': Infinity. It must be milliseconds, or a string such as",
    ],
    [
      "a key that is too short, without showing it",
      { stateKey: "hunter2" },
      "createServer: invalid option 'stateKey'. It must be a secret string of at least 32 bytes.",
    ],
    ["a bigint for a flag", { strict: 1n }, "createServer: invalid option 'strict': 1. It must be true or false."],
  ])("refuses %s", (_, options, message) => {
    const error = problem([NotesService], options);
    expect(error.code).toBe("INVALID_SERVER_OPTIONS");
    expect(error.message).toContain(message);
  });

  it("refuses a naming function that throws, for every method", () => {
    const naming = (name: string): string => (name === "count" ? JSON.parse("{") : name);
    expect(problem([NotesService], { naming })).toMatchObject({
      code: "INVALID_SERVER_OPTIONS",
      message: expect.stringContaining("the function 'naming' threw for the method 'count': ") as string,
      cause: expect.any(SyntaxError) as object,
    });
  });

  it("reports all problems in one error", () => {
    const error = problem(undefined, { name: 5, strct: true });
    expect(error.code).toBe("STARTUP_FAILED");
    expect(error.message).toMatch(
      /^The server cannot start: 3 problems\.\n- INVALID_SERVER_OPTIONS: .*missing option 'services'\..*\n.*'name'.*\n.*'strct'\. Did you mean "strict"\?/,
    );
    expect((error.cause as AggregateError).errors).toHaveLength(3);
  });

  it.each([undefined, null, 5, []])("refuses %j in place of the options", (given) => {
    expect(() => createServer(given as never)).toThrowError(
      expect.objectContaining({ code: "INVALID_SERVER_OPTIONS" }),
    );
  });

  it("accepts undefined for optional options", () => {
    expect(() =>
      createServer({
        name: "s",
        version: "1",
        services: [NotesService],
        naming: undefined as never,
        strict: undefined as never,
      }),
    ).not.toThrow();
  });
});

describe("services", () => {
  class NeedsArguments {
    readonly db: string;
    constructor(db: string) {
      this.db = db;
    }
  }
  class Broken extends Plain {
    constructor() {
      super();
      throw new Error("no database");
    }
  }
  class Odd extends Plain {
    constructor() {
      super();
      throw Object.create(null);
    }
  }
  it.each<[string, unknown, string]>([
    ["undefined", undefined, "Invalid services[0]: undefined. List a class or an instance of one."],
    ["null", null, "Invalid services[0]: null."],
    ["an arrow function", () => 1, "Invalid services[0]: a function."],
    [
      "a class that needs arguments",
      NeedsArguments,
      "NeedsArguments needs 1 argument, but the call of createServer does not say which: the Methodic compiler has not seen it. Run the source with",
    ],
    ["a class that cannot be constructed", Broken, "Broken cannot be constructed: no database"],
    ["a class that throws a value without text", Odd, "Odd cannot be constructed: the thrown value has no text"],
    ["a class without components", class Empty extends Plain {}, "The service Empty has no decorated method."],
    ["an object without components", { add: () => 1 }, "has no decorated method."],
  ])("refuses %s", (_, given, message) => {
    const error = problem([given]);
    expect(error.code).toBe("INVALID_SERVICE");
    expect(error.message).toContain(message);
  });

  it("keeps the cause of a failed construction", () => {
    expect(problem([Broken]).cause).toEqual(new Error("no database"));
  });

  it("accepts instances", async () => {
    const notes = new NotesService();
    notes.notes.set("a", "b");
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [notes] }));
    expect((await client.callTool("getNote", { name: "a" })).text).toBe("b");
  });

  it("keeps the given order", async () => {
    const services = [service({ b: { as: tool() }, a: { as: tool() } }, "One"), service({ c: { as: tool() } }, "Two")];
    await using client = await createTestClient(createServer({ name: "s", version: "1", services }));
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["b", "a", "c"]);
  });
});

describe("the manifest of a service", () => {
  class Uncompiled {
    one(): string {
      return "";
    }
    two(): string {
      return "";
    }
  }
  for (const name of ["one", "two"])
    tool()(Uncompiled.prototype, name, Object.getOwnPropertyDescriptor(Uncompiled.prototype, name)!);

  it("is required, and the error names the commands that write it", () => {
    const error = problem([Uncompiled]);
    expect(error.code).toBe("MISSING_MANIFEST");
    for (const part of [
      "Uncompiled.one is decorated",
      "'methodic run <file>'",
      "'methodic build'",
      "--import @methodic/compiler/register",
      "'@methodic/compiler/vite'",
    ]) {
      expect(error.message).toContain(part);
    }
  });

  it("does not cover a subclass's own methods from its base class", () => {
    class Derived extends NotesService {
      extra(): string {
        return "";
      }
    }
    tool()(Derived.prototype, "extra", Object.getOwnPropertyDescriptor(Derived.prototype, "extra")!);
    expect(problem([Derived])).toMatchObject({
      code: "MISSING_MANIFEST",
      message: expect.stringContaining("Derived.extra is decorated, but Derived has no manifest") as string,
    });
  });

  it("is required for each decorated method", () => {
    const created = service({ run: { as: tool() } });
    const prototype = created.prototype as object;
    Object.defineProperty(prototype, "more", { value: () => "", configurable: true, writable: true });
    tool()(prototype, "more", Object.getOwnPropertyDescriptor(prototype, "more")!);
    expect(problem([created])).toMatchObject({
      code: "MISSING_MANIFEST",
      message: expect.stringMatching(
        /^Service\.more is decorated, but the manifest of Service does not have it: .* or a function of the project that returns one call of it\.$/,
      ) as string,
    });
  });

  it("does not cover an override from the base class", () => {
    class Derived extends NotesService {
      override count(): number {
        return 5;
      }
    }
    tool()(Derived.prototype, "count", Object.getOwnPropertyDescriptor(Derived.prototype, "count")!);
    expect(problem([Derived])).toMatchObject({
      code: "MISSING_MANIFEST",
      message: expect.stringContaining("Derived.count") as string,
    });
  });

  it("covers inherited methods from the base class", async () => {
    class Derived extends NotesService {}
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Derived] }));
    expect((await client.callTool("count")).structured).toBe(0);
  });

  it("describes an inherited method more exactly in the subclass", async () => {
    class Generic {
      take(value: unknown): string {
        return JSON.stringify(value);
      }
    }
    defineService(Generic, { take: { as: tool(), properties: { value: {} } } });
    class OfNumbers extends Generic {}
    attachManifest(OfNumbers, { take: { properties: { value: { type: "number" } } } });
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [OfNumbers] }));
    expect((await client.callTool("take", { value: "x" })).text).toContain("value: expected number");
  });

  it("is refused in another version, once for each class", () => {
    class Old extends Uncompiled {}
    for (const name of ["one", "two"]) {
      Object.defineProperty(Old.prototype, name, { value: () => "" });
      tool()(Old.prototype, name, Object.getOwnPropertyDescriptor(Old.prototype, name)!);
    }
    Object.defineProperty(Old, MANIFEST_KEY, { value: { version: 99, members: {} } });
    const error = problem([Old]);
    expect(error.code).toBe("MANIFEST_VERSION");
    expect(error.message).toBe(
      "The manifest of Old has format version 99, but this version of methodic reads version 3. " +
        "Install the same version of methodic and @methodic/compiler, and build again.",
    );
  });

  it("is refused as outdated if it is for another kind of component", () => {
    const created = service({ run: { as: tool() } });
    attachManifest(created, { run: { kind: "prompt" } });
    expect(problem([created])).toMatchObject({
      code: "MISSING_MANIFEST",
      message: expect.stringContaining("Build again.") as string,
    });
  });
});

describe("a decorated method", () => {
  it("is refused if its decorators are stacked", () => {
    const created = service({ run: { as: tool() } });
    prompt()(created.prototype as object, "run", Object.getOwnPropertyDescriptor(created.prototype, "run")!);
    expect(problem([created])).toMatchObject({
      code: "INVALID_SERVICE",
      message: "Service.run is decorated twice (@tool and @prompt). Keep one, and write a second method for the other.",
    });
  });

  it("is refused if another decorator replaces the method", () => {
    const created = service({ run: { as: tool() } });
    Object.defineProperty(created.prototype, "run", { value: () => "wrapped" });
    expect(problem([created])).toMatchObject({
      code: "INVALID_SERVICE",
      message: expect.stringContaining("Service.run lost its decorator") as string,
    });
  });

  it("is not published through an undecorated override", async () => {
    class Derived extends NotesService {
      override count(): number {
        return 5;
      }
    }
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Derived] }));
    expect((await client.listTools()).map(({ name }) => name)).not.toContain("count");
  });
});

describe("names and URIs", () => {
  it.each<[string, Record<string, MemberFixture>, string, string]>([
    [
      "a name that clients do not accept",
      { größe: { as: tool() } },
      "INVALID_NAME",
      'Service.größe: invalid public name: "größe". A name has 1 to 128 of the characters',
    ],
    [
      "two tools with one name",
      { a: { as: tool() }, b: { as: tool("a") } },
      "DUPLICATE_NAME",
      "Duplicate name 'a': Service.a and Service.b. Give one of them another name.",
    ],
    [
      "two prompts with one name",
      { a: { as: prompt(), kind: "prompt" }, b: { as: prompt("a"), kind: "prompt" } },
      "DUPLICATE_NAME",
      "Duplicate name 'a'",
    ],
    [
      "two resources with one URI",
      { a: { as: resource("x://a"), kind: "resource" }, b: { as: resource("x://a"), kind: "resource" } },
      "DUPLICATE_NAME",
      "Duplicate URI 'x://a': Service.a and Service.b. Give one of them another URI.",
    ],
    [
      "two templates that match the same URIs",
      {
        a: { as: resource("x://{a}"), kind: "resource", properties: { a: string } },
        b: { as: resource("x://{b}"), kind: "resource", properties: { b: string } },
      },
      "DUPLICATE_NAME",
      "Two resource templates match the same URIs: Service.a and Service.b.",
    ],
    [
      "a relative URI",
      { a: { as: resource("notes/all"), kind: "resource" } },
      "INVALID_URI",
      "Service.a: 'notes/all' is not an absolute URI. Write it with a scheme, such as notes://all.",
    ],
    [
      "a template without a scheme",
      { a: { as: resource("{a}"), kind: "resource", properties: { a: string } } },
      "INVALID_URI",
      "'{a}' is not an absolute URI",
    ],
    [
      "a variable that is not a parameter",
      { a: { as: resource("x://{nmae}"), kind: "resource", properties: { name: string } } },
      "INVALID_URI",
      "the variable 'nmae' of 'x://{nmae}' is not a parameter of the method (its parameters are name). Did you mean \"name\"?",
    ],
    [
      "a parameter that is not a variable",
      { a: { as: resource("x://{a}"), kind: "resource", properties: { a: string, b: string } } },
      "INVALID_URI",
      "the method needs 'b', but 'x://{a}' has no variable for it. Write {b} in the URI",
    ],
    [
      "a parameter of a static resource",
      { a: { as: resource("x://a"), kind: "resource", properties: { b: string } } },
      "INVALID_URI",
      "the method needs 'b', but the URI 'x://a' has no variable for it.",
    ],
    [
      "a list method that does not exist",
      { a: { as: resource("x://{a}", { list: "lst" }), kind: "resource", properties: { a: string } } },
      "INVALID_DECORATOR_OPTIONS",
      "Service.a: invalid option 'list': the class has no method 'lst'.",
    ],
  ])("refuses %s", (...[, members, code, message]) => {
    const error = problem([service(members)]);
    expect(error.message).toContain(message);
    expect(error.code).toBe(code);
  });

  it("accepts a tool, a prompt and a resource with one name", () => {
    const members: Record<string, MemberFixture> = {
      a: { as: tool("x") },
      b: { as: prompt("x"), kind: "prompt" },
      c: { as: resource("x://x", "x"), kind: "resource" },
    };
    expect(() => createServer({ name: "s", version: "1", services: [service(members)] })).not.toThrow();
  });

  it("accepts optional parameters without a variable", () => {
    const members: Record<string, MemberFixture> = {
      a: { as: resource("x://{a}"), kind: "resource", properties: { a: string, b: string }, required: ["a"] },
    };
    expect(() => createServer({ name: "s", version: "1", services: [service(members)] })).not.toThrow();
  });
});

it("createServer reports the problems of all services in one error", () => {
  const error = problem([
    service({ a: { as: tool("no good") } }, "One"),
    service({ a: { as: tool() }, b: { as: tool("a") } }, "Two"),
    class Three extends Plain {},
  ]);
  expect(error.code).toBe("STARTUP_FAILED");
  const kinds = error.message.split("\n").map((line) => line.split(":")[0]);
  expect(kinds).toEqual(["The server cannot start", "- INVALID_NAME", "- DUPLICATE_NAME", "- INVALID_SERVICE"]);
});
