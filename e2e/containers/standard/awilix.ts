import type { AddressInfo } from "node:net";
import process from "node:process";
import { asClass, createContainer, InjectionMode } from "awilix";
import express from "express";
import { createServer, tool } from "methodic";
import { say, wait } from "../parts.ts";

class Database {
  readonly name: string = "awilix";

  close(): void {
    say("database closed");
  }
}

class Notes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  onStart(): void {
    say("notes started");
  }

  onStop(): void {
    say("notes stopped");
  }

  /** Saves the notes. */
  @tool() async save(): Promise<string> {
    await wait();
    return `saved by ${this.#database.name}`;
  }
}

const container = createContainer({ injectionMode: InjectionMode.CLASSIC });
container.register({
  database: asClass(Database)
    .singleton()
    .disposer((database) => database.close()),
});
const server = createServer({
  name: "notes",
  version: "1.0.0",
  services: [Notes],
  resolve: (service) => container.build(service),
});
const app = express();
app.use(server.nodeHandler());
const http = app.listen(0, "127.0.0.1", () => {
  say(`serves MCP at http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
});
process.once("SIGTERM", async () => {
  await server.close();
  await container.dispose();
  http.close();
});
