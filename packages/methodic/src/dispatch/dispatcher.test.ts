import { describe, expect, it, vi } from "vitest";
import { defineService } from "../../test/fixtures/service.ts";
import type { AccessRule, AuthInfo } from "../context/auth-info.ts";
import { prompt } from "../decorators/prompt.ts";
import { resource } from "../decorators/resource.ts";
import { tool } from "../decorators/tool.ts";
import { Problems } from "../registry/problems.ts";
import { buildRegistry } from "../registry/registry.ts";
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
  const problems = new Problems();
  const registry = buildRegistry([service], "as-is", problems);
  problems.throwIfAny();
  const failures = { maskErrors: false, report: vi.fn<(text: string) => void>() };
  return createDispatcher({ registry, strict: false, validateOutput: true, checks: new SchemaValidators(), failures });
}

const dispatcher = dispatcherOf(new Notes());
const caller = (...scopes: readonly string[]): AuthInfo => ({ scopes, claims: {} });

describe("what a request lacks in scopes", () => {
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
  ])("%j: %j", async (request, expected) => {
    expect(await dispatcher.findMissingScopes(request, caller("d"))).toEqual(expected);
    expect(await dispatcher.findMissingScopes(request, undefined)).toEqual(expected);
    expect(await dispatcher.findMissingScopes(request, caller("a", "b", "c"))).toBeUndefined();
  });

  it("is of what the whole server names", () => {
    expect(dispatcher.registry.scopes).toEqual(["b", "a", "c"]);
  });
});

describe("lists", () => {
  it("are the same object for every request if no rule is about what they list", async () => {
    class Open {
      read(): string {
        return "read";
      }
    }
    const open = dispatcherOf(new (defineService(Open, { read: { as: tool() } }))());
    const { tools } = await open.listTools({ auth: caller() });
    expect((await open.listTools({ auth: undefined })).tools).toBe(tools);
    expect((await open.listTools(undefined)).tools).toBe(tools);
  });

  it("are made for the caller otherwise", async () => {
    expect((await dispatcher.listTools({ auth: caller() })).tools).toHaveLength(1);
    expect((await dispatcher.listTools({ auth: undefined })).tools).toHaveLength(1);
    expect((await dispatcher.listTools({ auth: caller("a", "b") })).tools).toHaveLength(2);
    expect((await dispatcher.listTools(undefined)).tools).toHaveLength(2);
    expect((await dispatcher.listResourceTemplates({ auth: caller() })).resourceTemplates).toEqual([]);
    expect((await dispatcher.listPrompts({ auth: caller("a", "c") })).prompts).toHaveLength(1);
  });
});
