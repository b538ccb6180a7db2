import { describe, expect, it } from "vitest";
import { createServer, file, resource } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const text = { uri: "folder://a.md", text: "# A" };
const bytes = { uri: "folder://b.bin", blob: "AAE=", mimeType: "application/zip" };

class Folder {
  list(): object[] {
    return [text, bytes];
  }
  files(): object[] {
    return [file("folder://a.md", "# A"), file("folder://b.bin", new Uint8Array([0, 1]))];
  }
  whole(): object {
    return { contents: [text, bytes, { uri: "folder://c", text: "", _meta: { size: 0 } }] };
  }
  none(): object {
    return { contents: [] };
  }
  data(): object[] {
    return [text, bytes];
  }
}
const content = { kind: "resource", result: "content" } as const;
defineService(Folder, {
  list: { as: resource("folder://list", { mimeType: "text/markdown" }), ...content },
  files: { as: resource("folder://files"), ...content },
  whole: { as: resource("folder://whole"), ...content },
  none: { as: resource("folder://none"), ...content },
  data: { as: resource("folder://data"), kind: "resource", result: "dynamic" },
});

describe.each(["legacy", "modern"] as const)("A resource with several contents in the %s era", (era) => {
  it.each([
    ["list", [{ ...text, mimeType: "text/markdown" }, bytes]],
    [
      "files",
      [
        { ...text, mimeType: "text/plain" },
        { uri: bytes.uri, blob: bytes.blob, mimeType: "application/octet-stream" },
      ],
    ],
    ["none", []],
    ["whole", [text, bytes, { uri: "folder://c", text: "", _meta: { size: 0 } }]],
  ])("is read in one request: %s", async (name, contents) => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Folder] }), { era });
    expect((await client.readResource(`folder://${name}`)).contents).toEqual(contents);
  });

  it("is JSON if its type does not say that these are contents", async () => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Folder] }), { era });
    const { contents } = await client.readResource("folder://data");
    expect(contents).toEqual([
      { uri: "folder://data", mimeType: "application/json", text: JSON.stringify([text, bytes]) },
    ]);
  });
});
