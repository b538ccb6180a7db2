import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { serveBundle } from "./serve-bundle.ts";
import { isInstalled, WEB_RUNTIMES } from "./web-runtime.ts";

/** Each call waits for the other one, and then asks who called it. */
const SERVER = `import { createServer, tool } from "methodic";
import { currentContext } from "methodic/context";

const waiting: (() => void)[] = [];

class Guests {
  async nameOfCaller(): Promise<string> {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return String(currentContext().meta["name"]);
  }
}

class Calls {
  readonly #guests = new Guests();

  @tool() async hello(): Promise<string> {
    const name = this.#guests.nameOfCaller();
    // Two of this call, and two of the other.
    const again = this.#guests.nameOfCaller();
    if (waiting.length === 4) for (const resume of waiting.splice(0).reverse()) resume();
    return \`\${await name} \${await again}\`;
  }

  @tool() async *one(): AsyncGenerator<string, string> {
    yield "text";
    return String(currentContext().meta["name"]);
  }
}

export default createServer({ name: "calls", version: "1.0.0", services: [Calls], auth: "none" });
`;

async function connect(url: URL): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

const call = async (client: Client, name: string, caller: string): Promise<string> => {
  const { content } = await client.callTool({ name, _meta: { name: caller } });
  return (content as readonly { readonly text: string }[])[0]?.text ?? "";
};

describe.each(WEB_RUNTIMES)("currentContext in a bundle for $name", (runtime) => {
  test.skipIf(!isInstalled(runtime))("is the context of the call that asks", async () => {
    await using server = await serveBundle(runtime, { server: SERVER, flags: ["nodejs_compat"] });
    const client = await connect(server.url);
    expect(await call(client, "one", "Ada")).toBe("Ada");
    // A worker may not resume the promise of another request.
    if (runtime.target !== "worker") {
      const both = [call(client, "hello", "Ada"), call(client, "hello", "Bo")];
      expect(await Promise.all(both)).toEqual(["Ada Ada", "Bo Bo"]);
    }
    await client.close();
  });
});

const worker = WEB_RUNTIMES.filter(({ target }) => target === "worker");

describe.each(worker)("currentContext in a bundle for $name without nodejs_compat", (runtime) => {
  test.skipIf(!isInstalled(runtime))("says which flag it needs", async () => {
    await using server = await serveBundle(runtime, { server: SERVER.replace('"none"', '"none", maskErrors: false') });
    const client = await connect(server.url);
    expect(await call(client, "one", "Ada")).toContain('set the compatibility flag "nodejs_compat"');
    await client.close();
  });
});
