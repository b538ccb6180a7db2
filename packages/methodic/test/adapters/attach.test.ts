import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { ResourceTemplate as ResourceTemplateV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import { extension, prompt, resource, tool } from "../../src/index.ts";
import { ATTACHED_PATHS, type PrepareSdkServer } from "../fixtures/attached-paths.ts";
import { whenStreaming } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { NotesService } from "../fixtures/notes.ts";
import { defineService } from "../fixtures/service.ts";

const text = { type: "string" };

class Colors {
  shade(color: "red" | "blue"): string {
    return `light ${color}`;
  }

  color(name: string): string {
    return `the color ${name}`;
  }

  paint(color: string): string {
    return `Paint it ${color}.`;
  }
}
const COLORS = { type: "string", enum: ["red", "blue"] };
class Versions {
  first(): string {
    return "first";
  }
  second(): string {
    return "second";
  }
}
defineService(Versions, {
  first: { as: tool({ name: "mix", version: "1.0" }) },
  second: { as: tool({ name: "mix", version: "2.0" }) },
});
defineService(Colors, {
  shade: { as: tool(), properties: { color: COLORS } },
  color: { as: resource("colors://{name}"), kind: "resource", properties: { name: text } },
  paint: { as: prompt(), kind: "prompt", properties: { color: COLORS } },
});

/** Completes nothing. */
class Plain {
  ask(ask: string): string {
    return ask;
  }
  read(read: string): string {
    return read;
  }
}
defineService(Plain, {
  ask: { as: prompt(), kind: "prompt", properties: { text } },
  read: { as: resource("plain://{text}"), kind: "resource", properties: { text } },
});

/** Registers one component of each kind. */
function registerWeather(server: McpServer, sdk: "v1" | "v2"): void {
  const Template = sdk === "v1" ? (ResourceTemplateV1 as unknown as typeof ResourceTemplate) : ResourceTemplate;
  const answer = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
  server.registerTool("forecast", { inputSchema: z.object({ city: z.string() }) }, ({ city }) =>
    answer(`Sun in ${city}`),
  );
  server.registerResource("cities", "weather://cities", {}, (uri) => ({ contents: [{ uri: uri.href, text: "Rome" }] }));
  server.registerResource(
    "city",
    new Template("weather://{city}", { list: undefined, complete: { city: () => ["Rome", "Riga"] } }),
    {},
    (uri, { city }) => ({ contents: [{ uri: uri.href, text: `Sun in ${String(city)}` }] }),
  );
  server.registerPrompt("pack", { argsSchema: z.object({ city: z.string() }).shape as never }, (args) => ({
    messages: [
      { role: "user", content: { type: "text", text: `Pack for ${(args as unknown as { city: string }).city}` } },
    ],
  }));
}

const registerFirst =
  (sdk: "v1" | "v2"): PrepareSdkServer =>
  (server, attachTo, methodic) => {
    registerWeather(server, sdk);
    attachTo(methodic);
  };
const attachFirst =
  (sdk: "v1" | "v2"): PrepareSdkServer =>
  (server, attachTo, methodic) => {
    attachTo(methodic);
    registerWeather(server, sdk);
  };

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

describe.each(ATTACHED_PATHS.map((path) => [path.name, path] as const))("A server of the SDK, %s", (_, path) => {
  const options = { services: [NotesService, Colors], naming: "snake_case" } as const;

  it.each([
    ["before", registerFirst(path.sdk)],
    ["after", attachFirst(path.sdk)],
  ])("serves its own components that were registered %s attaching, and the attached ones", async (_when, prepare) => {
    await using opened = await path.openWith(options, prepare);
    const { client } = opened;
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["forecast", "add_note", "get_note", "count", "index", "shade"]);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(["weather://cities", "notes://all"]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "weather://{city}",
      "notes://{name}",
      "colors://{name}",
    ]);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(["pack", "assistant", "paint"]);
    const texts = [
      await client.callTool({ name: "forecast", arguments: { city: "Rome" } }),
      await client.callTool({ name: "shade", arguments: { color: "red" } }),
      await client.readResource({ uri: "weather://cities" }),
      await client.readResource({ uri: "weather://Oslo" }),
      await client.readResource({ uri: "notes://all" }),
      await client.readResource({ uri: "colors://red" }),
      await client.getPrompt({ name: "pack", arguments: { city: "Rome" } }),
      await client.getPrompt({ name: "paint", arguments: { color: "red" } }),
    ].map((result) => JSON.stringify(result));
    const expected = [
      "Sun in Rome",
      "light red",
      "Rome",
      "Sun in Oslo",
      '"text":""',
      "the color red",
      "Pack for Rome",
      "Paint it red.",
    ];
    for (const [i, part] of expected.entries()) expect(texts[i]).toContain(part);
  });

  it("completes the arguments of both", async () => {
    await using opened = await path.openWith(options, registerFirst(path.sdk));
    const complete = async (ref: object, argument: object) =>
      (await opened.client.complete({ ref, argument } as never)).completion.values;
    expect(await complete({ type: "ref/resource", uri: "weather://{city}" }, { name: "city", value: "R" })).toEqual([
      "Rome",
      "Riga",
    ]);
    expect(await complete({ type: "ref/prompt", name: "paint" }, { name: "color", value: "b" })).toEqual(["blue"]);
  });

  it("offers no values for attached components that have none, although only the other ones have some", async () => {
    await using opened = await path.openWith({ services: [Plain] }, registerFirst(path.sdk));
    const complete = async (ref: object): Promise<unknown> =>
      (await opened.client.complete({ ref, argument: { name: "text", value: "a" } } as never)).completion.values;
    expect(await complete({ type: "ref/prompt", name: "ask" })).toEqual([]);
    expect(await complete({ type: "ref/resource", uri: "PLAIN://{text}" })).toEqual([]);
    await expect(complete({ type: "ref/prompt", name: "none" })).rejects.toThrow("none");
  });

  it("answers with the error of the server that has the component", async () => {
    await using opened = await path.openWith(options, registerFirst(path.sdk));
    const { client } = opened;
    const invalid = await client.callTool({ name: "shade", arguments: { color: "green" } });
    expect(invalid).toMatchObject({ isError: true });
    expect(JSON.stringify(invalid)).toContain("color");
    const unknown = await client.callTool({ name: "none", arguments: {} }).catch((error: unknown) => error);
    expect(JSON.stringify(unknown) + String(unknown)).toContain("Tool none not found");
    await expect(client.readResource({ uri: "none://x" })).rejects.toThrow("none://x");
    await expect(client.getPrompt({ name: "none" })).rejects.toThrow("none");
  });

  it("calls each version of an attached tool, and names them all for an unknown one", async () => {
    await using opened = await path.openWith({ services: [Versions] }, registerFirst(path.sdk));
    const call = async (name: string): Promise<string> => JSON.stringify(await opened.client.callTool({ name }));
    expect(await call("mix")).toContain("second");
    expect(await call("mix@1")).toContain("first");
    const _meta = { "dev.methodic/version": { version: "1.0" } };
    expect(JSON.stringify(await opened.client.callTool({ name: "mix", _meta }))).toContain("first");
    await expect(call("mix@3")).rejects.toThrow('Unknown version of tool "mix": "3". Ask for one of 2.0, 1.0.');
  });

  it("declares the extensions of the attached server, and answers their methods", async () => {
    const echo = extension({
      id: "com.example/echo",
      methods: { "echo/say": { handle: ({ text }: { text: string }) => ({ text }) } },
    });
    await using opened = await path.openWith({ services: [Colors], extensions: [echo] }, registerFirst(path.sdk));
    const { client } = opened;
    expect(client.getServerCapabilities()).toMatchObject({ extensions: { "com.example/echo": {} } });
    const declared = { "io.modelcontextprotocol/clientCapabilities": { extensions: { "com.example/echo": {} } } };
    const params = { text: "hi", ...(path.era === "modern" && { _meta: declared }) };
    expect(await client.request({ method: "echo/say", params }, z.looseObject({}))).toMatchObject({ text: "hi" });
  });

  it("names itself, and declares the capabilities of both", async () => {
    await using opened = await path.openWith(options, registerFirst(path.sdk));
    const { client } = opened;
    if (path.era === "legacy") expect(client.getServerVersion()).toEqual({ name: "sdk-server", version: "9.8.7" });
    expect(client.getServerCapabilities()).toMatchObject({
      tools: {},
      resources: {},
      prompts: {},
      completions: {},
      logging: {},
    });
  });

  it("serves attached components if it has no other ones", async () => {
    await using opened = await path.openWith(options, (_server, attachTo, methodic) => attachTo(methodic));
    const { tools } = await opened.client.listTools();
    expect(tools).toHaveLength(5);
    await expect(opened.client.callTool({ name: "shad" })).rejects.toThrow('Did you mean "shade"?');
  });
});

describe.each(ATTACHED_PATHS.filter(({ isLive }) => isLive).map((path) => [path.name, path] as const))(
  "A live connection of the SDK's server, %s",
  (_, path) => {
    it("receives what server.notify reports, before it has called an attached component", async () => {
      await using opened = await path.openWith({ services: [NotesService] }, registerFirst(path.sdk));
      const { client, server } = opened;
      const heard = new Inbox<string>();
      client.setNotificationHandler("notifications/tools/list_changed", () => heard.add("tools"));
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => heard.add(params.uri));
      if (path.era === "legacy") await client.subscribeResource({ uri: "notes://all" });
      else await client.listen({ toolsListChanged: true, resourceSubscriptions: ["notes://all"] } as never);
      server.notify.toolsChanged();
      server.notify.resourceUpdated("notes://all");
      await heard.count(2);
      expect(heard.items.sort()).toEqual(["notes://all", "tools"]);
    });

    it("learns of tools that are added to the attached server, disabled, enabled and removed", async () => {
      await using opened = await path.openWith({ services: [Plain, Versions] }, registerFirst(path.sdk));
      const { client, server } = opened;
      await whenStreaming(client);
      const heard = new Inbox<string>();
      client.setNotificationHandler("notifications/tools/list_changed", ({ method }) => heard.add(method));
      if (path.era === "modern") await client.listen({ toolsListChanged: true });
      const names = async (): Promise<readonly string[]> => (await client.listTools()).tools.map(({ name }) => name);
      const changes: readonly (readonly [change: () => unknown, names: readonly string[]])[] = [
        [() => server.tools.add(new Colors()), ["forecast", "mix", "shade"]],
        [() => server.tools.disable("shade"), ["forecast", "mix"]],
        [() => server.tools.enable("shade"), ["forecast", "mix", "shade"]],
        [() => server.tools.remove("mix"), ["forecast", "shade"]],
      ];
      for (const [i, [change, expected]] of changes.entries()) {
        change();
        await heard.count(i + 1);
        expect(await names()).toEqual(expected);
      }
      const shade = await client.callTool({ name: "shade", arguments: { color: "red" } });
      expect(shade).toMatchObject({ content: [{ text: "light red" }] });
    });
  },
);
