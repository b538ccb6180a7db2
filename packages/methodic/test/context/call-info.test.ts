import { describe, expect, it } from "vitest";
import { type Context, createServer, resource, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CLIENT_INFO, CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

class Probe {
  calls = 0;
  seen: Context[] = [];

  look(ctx: Context): string {
    this.seen.push(ctx);
    const { requestId, era, protocolVersion, client, http, server, meta } = ctx;
    const sent = http && { method: http.method, url: http.url, tenant: http.headers.get("x-tenant") };
    return JSON.stringify({ id: typeof requestId, era, protocolVersion, client, http: sent, server, meta });
  }

  change(ctx: Context): void {
    this.calls++;
    ctx.notify.toolsChanged();
    ctx.notify.resourcesChanged();
    ctx.notify.promptsChanged();
    ctx.notify.resourceUpdated("probe://calls");
  }

  count(): string {
    return String(this.calls);
  }
}
defineService(Probe, {
  look: { as: tool(), contextIndex: 0 },
  change: { as: tool(), contextIndex: 0, result: "empty" },
  count: { as: resource("probe://calls"), kind: "resource" },
});

describe.each(CONTEXT_PATHS)("ctx over $name", (path) => {
  it("describes the request, its client and the server", async () => {
    const probe = new Probe();
    await using opened = await path.open({ services: [probe], title: "Paths" });
    const client = await opened.connect({ "x-tenant": "acme", authorization: "Bearer secret" });
    const { content } = await client.callTool({ name: "look", arguments: {}, _meta: { trace: "t1" } });
    const [block] = content as readonly { readonly text: string }[];
    const knowsClient = path.era === "modern" || path.isLive;
    expect(JSON.parse(block?.text ?? "")).toEqual({
      id: "number",
      era: path.era,
      protocolVersion: path.era === "legacy" ? "2025-11-25" : "2026-07-28",
      ...(knowsClient && { client: CLIENT_INFO }),
      ...(path.isHttp && {
        http: { method: "POST", url: expect.stringMatching(/^http:\/\/.*\/mcp$/) as string, tenant: "acme" },
      }),
      server: { name: "paths", version: "1.2.3", title: "Paths" },
      meta: { trace: "t1" },
    });
    expect(probe.seen[0]?.http?.headers.has("authorization")).toBe(path.isHttp ? false : undefined);
  });

  it("gives requests of one client different ids", async () => {
    const probe = new Probe();
    await using opened = await path.open({ services: [probe] });
    await opened.client.callTool({ name: "look" });
    await opened.client.callTool({ name: "look" });
    const [first, second] = probe.seen.map(({ requestId }) => requestId);
    expect(second).not.toBe(first);
  });
});

describe.each(["legacy", "modern"] as const)("ctx.notify in the %s era", (era) => {
  it("notifies all clients of changes", async () => {
    const server = createServer({ name: "s", version: "1", services: [Probe] });
    await using author = await createTestClient(server, { era });
    await using reader = await createTestClient(server, { era });
    const received: string[] = [];
    const done = new Promise<void>((resolve) => {
      for (const kind of ["tools/list_changed", "resources/list_changed", "resources/updated"] as const) {
        reader.client.setNotificationHandler(`notifications/${kind}`, () => {
          received.push(kind);
          if (kind === "resources/updated") resolve();
        });
      }
    });
    const uri = "probe://calls";
    if (era === "legacy") await reader.client.subscribeResource({ uri });
    else
      await reader.client.listen({
        toolsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: [uri],
      });
    await author.callTool("change");
    await done;
    expect(received.sort()).toEqual(["resources/list_changed", "resources/updated", "tools/list_changed"]);
    expect((await reader.readResource(uri)).text).toBe("1");
  });
});
