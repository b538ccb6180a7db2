import { describe, expect, it, vi } from "vitest";
import { makeLazyRequest } from "./request.ts";

const url = "http://localhost/mcp?a=1";
const parts = {
  method: "POST",
  url,
  headers: new Headers({ "Content-Type": "application/json" }),
  signal: new AbortController().signal,
};

describe("a lazy request", () => {
  it("tells what is known without making a request", () => {
    const make = vi.fn<() => Request>();
    const request = makeLazyRequest(parts, make);
    const { method, headers, signal } = request;
    expect({ method, url: request.url, headers, signal }).toEqual(parts);
    expect(request).toBeInstanceOf(Request);
    expect(make).not.toHaveBeenCalled();
  });

  it("makes one, once, for everything else", async () => {
    const make = vi.fn<() => Request>(() => new Request(url, { method: "POST", body: "hello", redirect: "manual" }));
    const request = makeLazyRequest(parts, make);
    expect(request.bodyUsed).toBe(false);
    expect(request.redirect).toBe("manual");
    expect(request.body).toBeInstanceOf(ReadableStream);
    expect(await request.clone().text()).toBe("hello");
    expect(await request.text()).toBe("hello");
    expect(request.bodyUsed).toBe(true);
    expect(make).toHaveBeenCalledOnce();
  });

  it("has every member that requests have", () => {
    const request = makeLazyRequest(parts, () => new Request(url, { method: "POST" }));
    const real = new Request(url, { method: "POST" });
    for (const name of Object.keys(Object.getOwnPropertyDescriptors(Request.prototype))) {
      if (name === "constructor") continue;
      expect(typeof Reflect.get(request, name), name).toBe(typeof Reflect.get(real, name));
    }
  });
});
