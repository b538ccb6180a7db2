// A stdio server with 20 services. With INJECTED in the environment, each needs a database, the
// previous service, and 10 of them have hooks; else none needs anything.
import { createServer, tool } from "methodic";
import { defineManifest, MANIFEST_KEY, MANIFEST_VERSION } from "methodic/manifest";

const isInjected = process.env.INJECTED !== undefined;
const member = { kind: "tool", parameters: { names: [] }, inputSchema: { type: "object" }, result: "text" };

class Database {
  async onStart() {
    this.isOpen = true;
  }
}

function defineService(index) {
  class Service {
    static [MANIFEST_KEY] = defineManifest({
      version: MANIFEST_VERSION,
      members: { run: member },
      validators: () => ({ run: { input: () => true } }),
    });
    run() {
      return "";
    }
  }
  tool(`run${index}`)(Service.prototype, "run", Object.getOwnPropertyDescriptor(Service.prototype, "run"));
  if (!isInjected) return Service;
  class Injected extends Service {
    constructor(database, previous) {
      super();
      this.database = database;
      this.previous = previous;
    }
  }
  if (index % 2 === 0) Injected.prototype.onStart = async () => undefined;
  return Injected;
}

const services = Array.from({ length: 20 }, (_, index) => defineService(index));
const options = { name: "bench", version: "1.0.0", services };
// The argument that the compiler adds.
const wiring = {
  services: services.map((_, index) => [["provider", 0], index === 0 ? null : ["service", index - 1]]),
  providers: [[]],
};
const server = isInjected ? createServer({ ...options, providers: [Database] }, wiring) : createServer(options);
await server.serve();
