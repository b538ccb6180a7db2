import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bearer } from "../../src/auth/index.ts";
import { createServer, type HttpOptions, type Server } from "../../src/index.ts";
import { NotesService } from "../fixtures/notes.ts";

const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
let server: Server;
beforeEach(() => log.mockClear());
afterEach(() => server.close());

function serve(http: HttpOptions, verify: () => never): void {
  const options = { name: "notes", version: "1.0.0", services: [NotesService], auth: bearer({ verify }) };
  server = createServer({ ...options, http });
}

const fail = (): never => {
  throw new Error("no user \u001b[2J\u009b31m\r\nmethodic: all is well\u2028");
};

it("the log of an authentication failure escapes control characters and line breaks of the client", async () => {
  serve({}, fail);
  const headers = { authorization: "Bearer token" };
  expect((await server.fetch(new Request("http://localhost/mcp", { method: "POST", headers }))).status).toBe(401);
  expect(log.mock.calls).toEqual([
    [String.raw`methodic: auth: verify: Error: no user \u001b[2J\u009b31m methodic: all is well\u2028`],
  ]);
});

it("the log of a failed request escapes control characters of the client", async () => {
  serve({ routes: { "/user": fail } }, fail);
  expect((await server.fetch(new Request("http://localhost/user"))).status).toBe(500);
  const [[text]] = log.mock.calls as [[string]];
  expect(text).toContain(String.raw`Error: no user \u001b[2J\u009b31m\u000d\nmethodic: all is well\u2028 at `);
  expect(text).toMatch(/^[\x20-\x7e]+$/);
});
