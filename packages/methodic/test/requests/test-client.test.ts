import { afterEach, describe, expect, it, vi } from "vitest";
import { createServer } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { NotesService } from "../fixtures/notes.ts";

afterEach(() => {
  vi.doUnmock("@modelcontextprotocol/client");
});

const newServer = () => createServer({ name: "s", version: "1", services: [NotesService] });

describe("createTestClient", () => {
  it("speaks the modern era by default", async () => {
    await using modern = await createTestClient(newServer());
    await using legacy = await createTestClient(newServer(), { era: "legacy" });
    expect(modern.client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    expect(legacy.client.getNegotiatedProtocolVersion()).toBe("2025-11-25");
  });

  it("receives no progress unless the call asks for it", async () => {
    await using test = await createTestClient(newServer());
    const onError = vi.fn<(error: Error) => void>();
    Object.assign(test.client, { onerror: onError });
    expect((await test.callTool("index", { paths: ["a"] })).isError).toBe(false);
    expect(onError).not.toHaveBeenCalled();
  });

  it("ends a call that exceeds its timeout", async () => {
    const service = new NotesService();
    vi.spyOn(service, "all").mockReturnValue("");
    vi.spyOn(service, "getNote").mockImplementation((() => new Promise(() => undefined)) as never);
    const server = createServer({ name: "s", version: "1", services: [service], shutdownTimeout: 0 });
    const client = await createTestClient(server);
    await expect(client.callTool("getNote", { name: "a" }, { timeout: 20 })).rejects.toThrow("timed out");
    await client.close();
  });

  it.each<[string, unknown, object, string]>([
    ["a missing server", undefined, {}, "createTestClient: invalid server: undefined. Pass createServer("],
    ["a service", NotesService, {}, "createTestClient: invalid server: a function."],
    ["an unknown era", newServer(), { era: "2026" }, "createTestClient: invalid option 'era': \"2026\"."],
    ["an unknown option", newServer(), { auht: {} }, "createTestClient: unknown option 'auht'. Did you mean \"auth\"?"],
  ])("refuses %s", async (...[, server, options, message]) => {
    await expect(createTestClient(server as never, options)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(message) as string,
    });
  });

  it("names the package to install if the official client is missing", async () => {
    vi.doMock("@modelcontextprotocol/client", () => {
      throw new Error("Cannot find package");
    });
    await expect(createTestClient(newServer())).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      message: expect.stringContaining("npm install --save-dev @modelcontextprotocol/client") as string,
    });
  });
});
