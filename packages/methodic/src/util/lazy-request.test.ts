import { describe, expect, it, vi } from "vitest";
import { createLazyRequest } from "./lazy-request.ts";

const url = "http://localhost/mcp?a=1";
const head = {
  method: "POST",
  url,
  headers: new Headers({ "Content-Type": "application/json" }),
  signal: new AbortController().signal,
};

describe("createLazyRequest", () => {
  it("returns the head without creating a Request", () => {
    const create = vi.fn<() => Request>();
    const request = createLazyRequest(head, create);
    const { method, headers, signal } = request;
    expect({ method, url: request.url, headers, signal }).toEqual(head);
    expect(request).toBeInstanceOf(Request);
    expect(create).not.toHaveBeenCalled();
  });

  it("creates the Request once, when another property is read", async () => {
    const create = vi.fn<() => Request>(() => new Request(url, { method: "POST", body: "hello", redirect: "manual" }));
    const request = createLazyRequest(head, create);
    expect(request.bodyUsed).toBe(false);
    expect(request.redirect).toBe("manual");
    expect(request.body).toBeInstanceOf(ReadableStream);
    expect(await request.clone().text()).toBe("hello");
    expect(await request.text()).toBe("hello");
    expect(request.bodyUsed).toBe(true);
    expect(create).toHaveBeenCalledOnce();
  });

  it("has every member of Request", () => {
    const request = createLazyRequest(head, () => new Request(url, { method: "POST" }));
    const real = new Request(url, { method: "POST" });
    for (const name of Object.keys(Object.getOwnPropertyDescriptors(Request.prototype))) {
      if (name === "constructor") continue;
      expect(typeof Reflect.get(request, name), name).toBe(typeof Reflect.get(real, name));
    }
  });

  it("reads Request.prototype once, on the first use", async () => {
    vi.resetModules();
    const read = vi.spyOn(Object, "getOwnPropertyDescriptors");
    const count = (): number => read.mock.calls.filter(([object]) => object === Request.prototype).length;
    const module = await import("./lazy-request.ts");
    expect(count()).toBe(0);
    for (let i = 0; i < 2; i++) module.createLazyRequest(head, () => new Request(url));
    expect(count()).toBe(1);
    read.mockRestore();
  });
});
