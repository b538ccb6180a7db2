import { describe, expect, it, vi } from "vitest";
import { createServer, resource, type ResourceOptions } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const string = { type: "string" };

class Files {
  file(path: string): string {
    return `file ${path}`;
  }
  raw(path: string): string {
    return `raw ${path}`;
  }
  tree(path: readonly string[]): string {
    return `tree ${JSON.stringify(path)}`;
  }
  place(place: string): string {
    return `place ${place}`;
  }
  image(bytes: Uint8Array): string {
    return `${bytes.length} bytes`;
  }
  half(safe: string, free: string): string {
    return `half ${safe} ${free}`;
  }
}
defineService(Files, {
  file: { as: resource("file:///{+path}"), kind: "resource", properties: { path: string } },
  raw: {
    as: resource("raw:///{+path}", { allowUnsafeVariables: ["path"] }),
    kind: "resource",
    properties: { path: string },
  },
  tree: {
    as: resource("tree:///{path*}"),
    kind: "resource",
    properties: { path: { type: "array", items: string } },
  },
  place: { as: resource("place://{place}"), kind: "resource", properties: { place: { enum: ["..", "/home"] } } },
  image: {
    as: resource("image://{bytes}"),
    kind: "resource",
    properties: { bytes: { type: "string", contentEncoding: "base64" } },
  },
  half: {
    as: resource("half://{safe}/{free}", { allowUnsafeVariables: ["free"] }),
    kind: "resource",
    properties: { safe: string, free: string },
  },
});

describe.each(["legacy", "modern"] as const)("reading a resource template in the %s era", (era) => {
  it.each([
    ["file:///../../etc/passwd", "the value of 'path' has a '..' segment"],
    ["file:///a/%2e%2e/b", "the value of 'path' has a '..' segment"],
    ["file:////etc/passwd", "the value of 'path' is an absolute path"],
    ["file:///a%00.txt", "the value of 'path' has a control character"],
    ["tree:///a/..%2Fb", "the value of 'path' has a '..' segment"],
    ["half://../b", "the value of 'safe' has a '..' segment"],
  ])("refuses %s before the method runs", async (uri, problem) => {
    const service = new Files();
    const methods = [vi.spyOn(service, "file"), vi.spyOn(service, "tree"), vi.spyOn(service, "half")];
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [service] }), {
      era,
    });
    await expect(client.readResource(uri)).rejects.toMatchObject({
      // The client takes the codes of both eras for this one.
      code: -32602,
      message: expect.stringContaining(`Resource not found: ${problem}.`),
      data: { uri },
    });
    for (const method of methods) expect(method).not.toHaveBeenCalled();
  });

  it.each([
    ["file:///src/a..b/.../2026-01-01T10:00:00Z", "file src/a..b/.../2026-01-01T10:00:00Z"],
    ["raw:///../%2Fetc", "raw ..//etc"],
    ["tree:///a/b", 'tree ["a","b"]'],
    ["place://..", "place .."],
    ["place://%2Fhome", "place /home"],
    ["half://a/..", "half a .."],
  ])("accepts %s", async (uri, text) => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Files] }), { era });
    expect((await client.readResource(uri)).text).toBe(text);
  });
});

describe("the option allowUnsafeVariables", () => {
  const start = (uri: string, allowUnsafeVariables: unknown): void => {
    class Wrong {
      read(): string {
        return "";
      }
    }
    const properties = uri.includes("{path}") ? { path: string } : {};
    const as = resource(uri, { allowUnsafeVariables } as ResourceOptions);
    defineService(Wrong, { read: { as, kind: "resource", properties } });
    createServer({ name: "s", version: "1", services: [Wrong] });
  };

  it.each([
    [
      "x://{path}",
      ["pth"],
      "Wrong.read: invalid option 'allowUnsafeVariables': 'pth' is not a variable of 'x://{path}'. Did you mean",
    ],
    [
      "x://{path}",
      "path",
      '@resource on Wrong.read: invalid option \'allowUnsafeVariables\': "path". It must be an array of variable names, such as ["path"].',
    ],
    ["x://{path}", true, "invalid option 'allowUnsafeVariables': true. It must be an array of variable names"],
    ["x://{path}", [5], "invalid option 'allowUnsafeVariables[0]': 5. It must be a non-empty string."],
    ["x://all", ["path"], "Wrong.read: invalid option 'allowUnsafeVariables': 'x://all' has no variables."],
  ])("on %s refuses %j", (uri, allowUnsafeVariables, message) => {
    expect(() => start(uri, allowUnsafeVariables)).toThrow(message);
  });
});
