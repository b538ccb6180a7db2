import { describe, expect, it } from "vitest";
import { chooseTransport, resolveHandlerOptions } from "./serve-options.ts";

class Options {
  get path(): string {
    return "/api";
  }
  get limits(): { readonly bodySize: number } {
    return { bodySize: 7 };
  }
}

describe("chooseTransport", () => {
  it.each([
    [{}, "stdio"],
    [{ path: undefined }, "stdio"],
    [{ path: "/api" }, "http"],
    [new Options(), "http"],
  ])("chooses by the options %o", (options: object, transport) => {
    expect(chooseTransport(options)).toBe(transport);
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
