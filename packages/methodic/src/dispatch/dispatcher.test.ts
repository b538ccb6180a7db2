import type { ContextDeps } from "../context/create-context.ts";
import { describe, expect, it, vi } from "vitest";
import { defineService } from "../../test/fixtures/service.ts";
import type { AccessRule, AuthInfo } from "../context/auth-info.ts";
import { createServerLog } from "../context/server-log.ts";
import { prompt } from "../decorators/prompt.ts";
import { resource } from "../decorators/resource.ts";
import { tool } from "../decorators/tool.ts";
import { StartupErrors } from "../registry/startup-errors.ts";
import { buildRegistry } from "../registry/build-registry.ts";
import type { RequestAccess } from "./access.ts";
import { createNotifier } from "../server/notifier.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import { SchemaValidators } from "../json-schema/validate.ts";

const needs = (...scopes: readonly string[]): AccessRule => ({
  scopes,
  allows: ({ scopes: granted }) => scopes.every((scope) => granted.includes(scope)),
});

class Notes {
  read(): string {
    return "read";
  }
  write(): string {
    return "write";
  }
  note(name: string): string {
    return name;
  }
  log(): string {
    return "log";
  }
  ask(): string {
    return "ask";
  }
}
defineService(Notes, {
  read: { as: tool() },
  write: { as: tool({ auth: needs("b", "a") }) },
  note: {
    as: resource("notes://{name}", { auth: needs("a") }),
    kind: "resource",
    properties: { name: { type: "string" } },
  },
  log: { as: resource("notes://log"), kind: "resource" },
  ask: { as: prompt({ auth: [needs("c"), needs("a")] }), kind: "prompt" },
});

function dispatcherOf(service: object): Dispatcher {
  const errors = new StartupErrors();
  const registry = buildRegistry(
    [{ shape: service, value: service }],
    { naming: "as-is", refs: undefined, heartbeat: undefined, timeout: undefined },
    errors,
  );
  errors.throwIfAny();
  const failures = { maskErrors: false, log: vi.fn<(text: string) => void>() };
  return createDispatcher({
    registry,
    strict: false,
    validateOutput: true,
    cacheHints: {},
    schemaValidators: new SchemaValidators(),
    failures,
    context: {
      server: { name: "s", version: "1", title: undefined },
      notify: createNotifier(),
      serverLog: createServerLog(undefined),
      state: {
        openSession: vi.fn<ContextDeps["state"]["openSession"]>(),
        openUser: vi.fn<ContextDeps["state"]["openUser"]>(),
      },
      openScope: vi.fn<ContextDeps["openScope"]>(),
    },
  });
}

const dispatcher = dispatcherOf(new Notes());
const caller = (...scopes: readonly string[]): AuthInfo => ({ scopes, claims: {} });
const accessOf = (auth: AuthInfo | undefined): RequestAccess => dispatcher.createAccess({ auth });
const trusted = dispatcher.createAccess(undefined);

describe("Dispatcher.findMissingScopes", () => {
  it.each([
    [{ method: "tools/call", params: { name: "write" } }, ["b", "a"]],
    [{ method: "tools/call", params: { name: "write", arguments: 5 } }, ["b", "a"]],
    [{ method: "prompts/get", params: { name: "ask" } }, ["c", "a"]],
    [{ method: "resources/read", params: { uri: "notes://x" } }, ["a"]],
    [{ method: "resources/read", params: { uri: "notes://%FF" } }, ["a"]],
    [{ method: "resources/read", params: { uri: "notes://log" } }, undefined],
    [{ method: "tools/call", params: { name: "read" } }, undefined],
    [{ method: "tools/call", params: { name: "wrte" } }, undefined],
    [{ method: "tools/call", params: { name: "ask" } }, undefined],
    [{ method: "tools/list", params: { name: "write" } }, undefined],
    [{ method: "tools/call", params: { name: ["write"] } }, undefined],
    [{ method: "tools/call", params: "write" }, undefined],
    [{ method: "tools/call", params: null }, undefined],
    [{ method: "resources/read", params: undefined }, undefined],
  ])("of the request %j returns %j to a caller without scopes", async (request, expected) => {
    expect(await dispatcher.findMissingScopes(request, accessOf(caller("d")))).toEqual(expected);
    expect(await dispatcher.findMissingScopes(request, accessOf(undefined))).toEqual(expected);
    expect(await dispatcher.findMissingScopes(request, accessOf(caller("a", "b", "c")))).toBeUndefined();
  });

  it("looks among the scopes of the whole server", () => {
    expect(dispatcher.registry.scopes).toEqual(["b", "a", "c"]);
  });
});

describe("lists of components", () => {
  it("are built once if their components have no access rules", async () => {
    class Open {
      read(): string {
        return "read";
      }
    }
    const open = dispatcherOf(new (defineService(Open, { read: { as: tool() } }))());
    const { tools } = await open.listTools(accessOf(caller()));
    expect((await open.listTools(accessOf(undefined))).tools).toBe(tools);
    expect((await open.listTools(trusted)).tools).toBe(tools);
  });

  it("hold what the caller may use if their components have access rules", async () => {
    expect((await dispatcher.listTools(accessOf(caller()))).tools).toHaveLength(1);
    expect((await dispatcher.listTools(accessOf(undefined))).tools).toHaveLength(1);
    expect((await dispatcher.listTools(accessOf(caller("a", "b")))).tools).toHaveLength(2);
    expect((await dispatcher.listTools(trusted)).tools).toHaveLength(2);
    expect((await dispatcher.listResourceTemplates(accessOf(caller()))).resourceTemplates).toEqual([]);
    expect((await dispatcher.listPrompts(accessOf(caller("a", "c")))).prompts).toHaveLength(1);
  });
});
