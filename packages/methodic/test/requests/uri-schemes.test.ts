import { describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { createServer, resource } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

class Notes {
  all(): string {
    return "all";
  }
  note(name: string): string {
    return name;
  }
}
defineService(Notes, {
  all: { as: resource("Notes://All"), kind: "resource" },
  note: {
    as: resource("NOTES://note/{name}"),
    kind: "resource",
    properties: { name: { enum: ["a", "b"] } },
  },
});

const createNotes = (): ReturnType<typeof createServer> => createServer({ name: "s", version: "1", services: [Notes] });

describe.each(["legacy", "modern"] as const)("The scheme of a URI in the %s era", (era) => {
  it("is compared without case, unlike the rest", async () => {
    await using client = await createTestClient(createNotes(), { era });
    for (const scheme of ["notes", "NOTES", "Notes"]) {
      expect(await client.readResource(`${scheme}://All`)).toMatchObject({
        text: "all",
        contents: [{ uri: `${scheme}://All` }],
      });
      expect((await client.readResource(`${scheme}://note/a`)).text).toBe("a");
      const ref = { type: "ref/resource", uri: `${scheme}://note/{name}` } as const;
      const { completion } = await client.client.complete({ ref, argument: { name: "name", value: "" } });
      expect(completion.values).toEqual(["a", "b"]);
    }
    await expect(client.readResource("notes://all")).rejects.toThrow("Resource not found");
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["Notes://All"]);
  });
});

describe("The scheme of a URI", () => {
  it("is compared without case by subscriptions, which report the URI of the client", async () => {
    const server = createNotes();
    await using client = await createTestClient(server, { era: "legacy" });
    const updated = vi.fn<(uri: string) => void>();
    client.client.setNotificationHandler("notifications/resources/updated", ({ params }) => updated(params.uri));
    await client.client.subscribeResource({ uri: "nOtes://All" });
    server.notify.resourceUpdated("NOTES://All");
    await eventually(() => expect(updated).toHaveBeenCalledExactlyOnceWith("nOtes://All"));
    await client.client.unsubscribeResource({ uri: "notes://All" });
    server.notify.resourceUpdated("Notes://All");
    await client.client.ping();
    expect(updated).toHaveBeenCalledOnce();
  });

  it("does not make two resources of one URI", () => {
    class Twice {
      one(): string {
        return "1";
      }
      two(): string {
        return "2";
      }
    }
    defineService(Twice, {
      one: { as: resource("a://x"), kind: "resource" },
      two: { as: resource("A://x"), kind: "resource" },
    });
    expect(() => createServer({ name: "s", version: "1", services: [Twice] })).toThrow(/Duplicate URI/);
  });
});
