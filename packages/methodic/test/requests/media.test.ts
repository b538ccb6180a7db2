import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { audio, createServer, file, image, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
const PNG_TEXT = Buffer.from(PNG).toString("base64");
const WAV = Buffer.from("RIFF\u0004\u0000\u0000\u0000WAVE", "latin1");
const LATIN = new Uint8Array([0x61, 0xe9]);

const folder = mkdtempSync(path.join(tmpdir(), "methodic-media-"));
const at = (name: string): string => path.join(folder, name);

let http: HttpServer;
let origin: string;

beforeAll(async () => {
  for (const [name, content] of Object.entries({
    "chart.png": PNG,
    "chart.jpg": PNG,
    "photo.webp": "not sniffable",
    "tone.wav": WAV,
    "my report.csv": "a,b\n1,2",
    "old.csv": LATIN,
    "notes.unknown-type": "plain",
    "bytes.unknown-type": new Uint8Array([0, 1, 2]),
    "paper.pdf": "%PDF-1.7",
  }))
    writeFileSync(at(name), content);
  http = createHttpServer(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    if (pathname === "/missing.png") return void response.writeHead(404).end("no");
    if (pathname === "/sky") return void response.writeHead(200, { "content-type": "image/avif; x=1" }).end("sky");
    if (pathname === "/data.json") return void response.writeHead(200).end('{"a":1}');
    return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(PNG);
  });
  await new Promise<void>((resolve) => void http.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterAll(() => {
  http.close();
  rmSync(folder, { recursive: true });
});

/** Calls a tool that returns this. Returns its content, and what the server logged. */
async function call(run: () => unknown, era: "legacy" | "modern"): Promise<{ content: unknown; log: string }> {
  class Service {
    run(): unknown {
      return run();
    }
  }
  defineService(Service, { run: { as: tool(), result: "content" } });
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const server = createServer({ name: "s", version: "1", services: [Service], maskErrors: true });
  await using client = await createTestClient(server, { era });
  const { content } = await client.callTool("run");
  const logged = log.mock.calls.map(([text]) => String(text)).join("\n");
  log.mockRestore();
  return { content, log: logged };
}

const png = { type: "image", data: PNG_TEXT, mimeType: "image/png" };
const csv = (uri: string) => ({ type: "resource", resource: { uri, mimeType: "text/csv", text: "a,b\n1,2" } });

describe.each(["legacy", "modern"] as const)("media in the %s era", (era) => {
  it.each<[string, () => unknown, object]>([
    ["bytes", () => image({ data: PNG }), png],
    ["base64 text", () => image({ data: PNG_TEXT }), png],
    ["bytes and a MIME type", () => image({ data: LATIN, mimeType: "image/x" }), { data: "Yek=", mimeType: "image/x" }],
    ["annotations", () => image({ data: PNG, annotations: { priority: 1 } }), { ...png, annotations: { priority: 1 } }],
    ["a path", () => image({ path: at("chart.png") }), png],
    ["a file URL", () => image({ path: pathToFileURL(at("chart.png")) }), png],
    ["a path whose extension is wrong", () => image({ path: at("chart.jpg") }), png],
    ["a path, by its extension", () => image({ path: at("photo.webp") }), { mimeType: "image/webp" }],
    ["a URL without a useful type", () => image({ url: `${origin}/chart?token=secret` }), png],
    ["a URL, by its Content-Type", () => image({ url: new URL(`${origin}/sky`) }), { mimeType: "image/avif" }],
    ["audio", () => audio({ path: at("tone.wav") }), { type: "audio", mimeType: "audio/wav" }],
    ["audio bytes", () => audio({ data: WAV }), { type: "audio", mimeType: "audio/wav" }],
    ["a text file", () => file({ path: at("my report.csv") }), csv("file:///my%20report.csv")],
    ["a text file with a URI", () => file({ path: at("my report.csv"), uri: "x://a" }), csv("x://a")],
    ["text", () => file({ data: "a,b\n1,2", uri: "x://a", mimeType: "text/csv" }), csv("x://a")],
    [
      "text that is not UTF-8",
      () => file({ path: at("old.csv") }),
      { resource: { mimeType: "text/csv", blob: "Yek=" } },
    ],
    [
      "a file of an unknown type with text",
      () => file({ path: at("notes.unknown-type") }),
      { resource: { mimeType: "text/plain", text: "plain" } },
    ],
    [
      "a file of an unknown type with bytes",
      () => file({ path: at("bytes.unknown-type") }),
      { resource: { mimeType: "application/octet-stream", blob: "AAEC" } },
    ],
    [
      "a PDF",
      () => file({ path: at("paper.pdf") }),
      { resource: { mimeType: "application/pdf", blob: expect.any(String) as unknown } },
    ],
    [
      "a file behind a URL, without its query",
      () => file({ url: `${origin}/data.json?token=secret` }),
      {
        resource: {
          uri: expect.stringMatching(/\/data\.json$/) as unknown,
          mimeType: "application/json",
          text: '{"a":1}',
        },
      },
    ],
  ])("can be made from %s", async (_, run, expected) => {
    const { content, log } = await call(run, era);
    expect(log).toBe("");
    expect(content).toMatchObject([expected]);
  });
});

describe("media that cannot be read", () => {
  it.each<[string, () => unknown, string]>([
    [
      "a missing file",
      () => image({ path: "nowhere.png" }),
      'path "nowhere.png": there is no such file. Relative paths',
    ],
    ["a folder", () => image({ path: folder }), "it is not a file. Name a file."],
    ["a large file", () => image({ path: at("chart.png"), maxBytes: 8 }), "it has 9 bytes, more than 8 bytes. Make it"],
    ["a large download", () => image({ url: `${origin}/a.png`, maxBytes: 8 }), "more than 8 bytes. Make it smaller"],
    ["a failed download", () => image({ url: `${origin}/missing.png?token=secret` }), "the server answered 404."],
    ["a URL of a file", () => image({ url: "file:///etc/hosts" }), "Pass a file as `path`"],
    ["a relative URL", () => image({ url: "/chart.png" }), "Pass an absolute http or https URL"],
    [
      "bytes of an unknown type",
      () => image({ data: LATIN }),
      'its type is unknown. Pass mimeType, such as "image/png"',
    ],
    ["a PDF as an image", () => image({ path: at("paper.pdf") }), "application/pdf, not image/…. Pass mimeType"],
    ["an image as audio", () => audio({ data: PNG }), "or create the block with image(…)"],
    ["text that is not base64", () => image({ data: "%%%" }), "its type is unknown"],
  ])("are logged with the fix and hidden from the client: %s", async (_, run, problem) => {
    const { content, log } = await call(run, "modern");
    expect(log).toContain(problem);
    expect(log).not.toContain("secret");
    expect(content).toMatchObject([{ text: expect.stringMatching(/^Tool run failed \(error \w+ in/) as unknown }]);
  });

  it("end with the signal of the call", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(image({ url: `${origin}/chart.png`, signal })).rejects.toThrow("cancelled");
  });
});
