import { afterEach, describe, expect, it, vi } from "vitest";
import { createServer } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { NotesService } from "../fixtures/notes.ts";

afterEach(() => {
  vi.doUnmock("@modelcontextprotocol/client");
});

const newServer = () => createServer({ name: "s", version: "1", services: [NotesService] });

describe("the test client", () => {
  it("speaks the modern era unless told otherwise", async () => {
    await using modern = await createTestClient(newServer());
    await using legacy = await createTestClient(newServer(), { era: "legacy" });
    expect(modern.client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    expect(legacy.client.getNegotiatedProtocolVersion()).toBe("2025-11-25");
  });

  it("asks for no progress, and is sent none, unless it is wanted", async () => {
    await using test = await createTestClient(newServer());
    const onError = vi.fn<(error: Error) => void>();
    Object.assign(test.client, { onerror: onError });
    expect((await test.callTool("index", { paths: ["a"] })).isError).toBe(false);
    expect(onError).not.toHaveBeenCalled();
  });

  it("ends a call that takes too long", async () => {
    const service = new NotesService();
    vi.spyOn(service, "all").mockReturnValue("");
    vi.spyOn(service, "getNote").mockImplementation((() => new Promise(() => undefined)) as never);
    const server = createServer({ name: "s", version: "1", services: [service], shutdownTimeout: 0 });
    const client = await createTestClient(server);
    await expect(client.callTool("getNote", { name: "a" }, { timeout: 20 })).rejects.toThrow("timed out");
    await client.close();
  });

  it.each<[string, unknown, object, string]>([
    ["no server", undefined, {}, "createTestClient takes a server"],
    ["a service", NotesService, {}, "createTestClient takes a server"],
    ["an unknown era", newServer(), { era: "2026" }, 'createTestClient: there is no era "2026".'],
  ])("refuses %s", async (...[, server, options, message]) => {
    await expect(createTestClient(server as never, options)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(message) as string,
    });
  });

  it("names what to install if the official client is missing", async () => {
    vi.doMock("@modelcontextprotocol/client", () => {
      throw new Error("Cannot find package");
    });
    await expect(createTestClient(newServer())).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      message: expect.stringContaining("npm install --save-dev @modelcontextprotocol/client") as string,
    });
  });
});
