// The server of stdio.test.ts, on the built package: a process of its own, as a client would start it.
import process from "node:process";
import { createServer, tool } from "../dist/index.js";
import { defineManifest, MANIFEST_KEY, MANIFEST_VERSION } from "../dist/manifest.js";

const anything = { type: "object", properties: {} };
const member = (names) => ({
  kind: "tool",
  parameters: { names },
  inputSchema: { ...anything, properties: Object.fromEntries(names.map((name) => [name, {}])) },
  result: "text",
});
const valid = { input: () => true };

class Service {
  static [MANIFEST_KEY] = defineManifest({
    version: MANIFEST_VERSION,
    members: {
      noisy: member([]),
      sleep: member(["ms"]),
      echo: member(["text"]),
      ask: { ...member([]), parameters: { names: [], contextIndex: 0 } },
    },
    validators: () => ({ noisy: valid, sleep: valid, echo: valid, ask: valid }),
  });

  noisy() {
    console.log("console.log");
    console.info("console.info %d", 5);
    console.debug("console.debug");
    console.table([{ a: 1 }]);
    process.stdout.write("process.stdout.write\n");
    return "done";
  }

  async sleep(ms) {
    process.stderr.write("sleeping\n");
    await new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
    return `slept ${ms}`;
  }

  echo(text) {
    return text;
  }

  async ask(ctx) {
    return (await ctx.elicit("Sure?", { type: "object", properties: {} })).action;
  }
}
for (const name of ["noisy", "sleep", "echo", "ask"]) {
  tool()(Service.prototype, name, Object.getOwnPropertyDescriptor(Service.prototype, name));
}

if (process.env.SERVE_BEFORE) {
  const listeners = () =>
    ["SIGINT", "SIGTERM"].map((signal) => process.listenerCount(signal)) +
    [process.stdin, process.stdout, process.stderr].map((stream) => stream.listenerCount("error"));
  const before = listeners();
  const first = createServer({ name: "first", version: "1.0.0", services: [Service] });
  await first.serve();
  await first.close();
  const { serveStdio } = await import("../dist/stdio.js");
  const refused = await serveStdio(first).catch(({ code }) => code);
  console.log(JSON.stringify({ id: "first", refused, clean: listeners() === before }));
}
const shutdownTimeout = Number(process.env.SHUTDOWN_TIMEOUT ?? 10_000);
await createServer({ name: "stdio-test", version: "1.0.0", services: [Service], shutdownTimeout }).serve();
if (process.env.SERVE_TWICE) {
  const { serveStdio } = await import("../dist/stdio.js");
  await serveStdio({ name: "second" }).catch(({ code, message }) => console.error(`${code}: ${message}`));
}
// Something that would keep the process alive.
setInterval(() => undefined, 1000);
