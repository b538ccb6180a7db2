import { afterEach, expect, it, vi } from "vitest";
import { createServer, prompt, resource, type Server, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { callText, connectOver, HTTP_PATH_NAMES, HTTP_PATHS } from "../fixtures/http-client.ts";
import { defineService } from "../fixtures/service.ts";

const SECRET = "ENOENT: no such file or directory, open '/srv/private/x'";

class Failing {
  fail(): string {
    throw new Error(SECRET);
  }
  read(): string {
    throw new Error(SECRET);
  }
  ask(): string {
    throw new Error(SECRET);
  }
}
defineService(Failing, {
  fail: { as: tool() },
  read: { as: resource("secret://x"), kind: "resource" },
  ask: { as: prompt(), kind: "prompt" },
});

let server: Server;
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

function create(options: { readonly maskErrors?: boolean; readonly http?: object } = {}): Server {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  server = createServer({ name: "s", version: "1", services: [Failing], ...options });
  return server;
}

it.each(HTTP_PATH_NAMES)("The messages of unexpected errors are masked by default over %s", async (path) => {
  const client = await connectOver(path, create({ http: HTTP_PATHS[path] }));
  expect(await callText(client, "fail")).toMatch(/^Tool fail failed \(error [\da-f]{8} in the server's log\)\.$/);
  for (const request of [client.readResource({ uri: "secret://x" }), client.getPrompt({ name: "ask" })]) {
    const error = await request.catch((caught: Error) => caught);
    expect(JSON.stringify([String(error), error])).toMatch(/failed \(error [\da-f]{8} in the server's log\)/);
    expect(JSON.stringify([String(error), error])).not.toContain("/srv/private");
  }
  await client.close();
});

it("maskErrors: false shows the messages of unexpected errors over HTTP", async () => {
  const client = await connectOver("2026-07-28", create({ maskErrors: false }));
  expect(await callText(client, "fail")).toBe(SECRET);
  await client.close();
});

it.each([
  ["development", SECRET],
  ["production", expect.stringContaining("in the server's log")],
])("In memory, the messages of unexpected errors in %s are as documented", async (environment, text) => {
  vi.stubEnv("NODE_ENV", environment);
  await using client = await createTestClient(create());
  expect((await client.callTool("fail")).text).toEqual(text);
  vi.unstubAllEnvs();
});
