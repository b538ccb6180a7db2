// The server of http-process.test.ts, on the built package: a process of its own, as a platform would start it.
import process from "node:process";
import { createServer, tool } from "../dist/index.js";
import { defineManifest, MANIFEST_KEY, MANIFEST_VERSION } from "../dist/manifest.js";

const member = (names) => ({
  kind: "tool",
  parameters: { names },
  inputSchema: { type: "object", properties: Object.fromEntries(names.map((name) => [name, {}])) },
  result: "text",
});
const valid = { input: () => true };

class Service {
  static [MANIFEST_KEY] = defineManifest({
    version: MANIFEST_VERSION,
    members: { echo: member(["text"]), wait: member([]) },
    validators: () => ({ echo: valid, wait: valid }),
  });

  echo(text) {
    process.stderr.write(`echo ${text}\n`);
    return text;
  }

  /** Until the test sends a signal. */
  async wait() {
    process.stderr.write("waiting\n");
    await new Promise((resolve) => {
      process.once("SIGUSR2", resolve);
    });
    return "done";
  }
}
for (const name of ["echo", "wait"]) {
  tool()(Service.prototype, name, Object.getOwnPropertyDescriptor(Service.prototype, name));
}

const options = JSON.parse(process.env.OPTIONS ?? "{}");
const server = createServer({ name: "http-test", version: "1.0.0", services: [Service], ...options });
const serves = JSON.parse(process.env.SERVES ?? "[null]");
for (const serve of serves) await server.serve(serve ?? undefined);
if (process.env.CLOSE) {
  await server.close();
  process.stderr.write("closed\n");
}
