import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseTransport, resolveHandlerOptions } from "./serve-options.ts";

class Options {
  get path(): string {
    return "/api";
  }
  get limits(): { readonly bodySize: number } {
    return { bodySize: 7 };
  }
}

afterEach(() => vi.unstubAllEnvs());

describe("chooseTransport", () => {
  it.each([
    [{}, "stdio"],
    [{ path: undefined }, "stdio"],
    [{ path: "/api" }, "http"],
    [new Options(), "http"],
  ])("chooses by the options %o", (options: object, transport) => {
    expect(chooseTransport(options, () => undefined)).toBe(transport);
  });

  it.each([
    [{ HOST: "0.0.0.0" }, "stdio", 1],
    [{ HOST: "0.0.0.0", PORT: "80" }, "http", 0],
    [{}, "stdio", 0],
  ])("says that HOST alone does not choose HTTP: %o", (environment: Record<string, string>, transport, lines) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const log = vi.fn<(text: string) => void>();
    expect([chooseTransport({}, log), log.mock.calls.length]).toEqual([transport, lines]);
    if (lines > 0)
      expect(log.mock.lastCall?.[0]).toEqual(expect.stringMatching(/HOST is set, but PORT is not.*set PORT/));
  });
});

describe("resolveHandlerOptions", () => {
  const defaults = { name: "notes", http: {}, auth: undefined };

  it.each([
    ["the call", new Options(), defaults],
    ["the server", {}, { ...defaults, http: new Options() }],
  ])("reads options of %s from accessors of a class", (_, given, server) => {
    const { http } = resolveHandlerOptions(given, server, "nodeHandler");
    expect(http).toMatchObject({ path: "/api", limits: { bodySize: 7 } });
  });
});
