import "reflect-metadata";
import { createServer, tool } from "methodic";
import { container, type Disposable, singleton } from "tsyringe";
import { say, wait } from "../parts.ts";

@singleton()
class Database implements Disposable {
  readonly name: string = "tsyringe";

  dispose(): void {
    say("database closed");
  }
}

@singleton()
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

const server = createServer({
  name: "notes",
  version: "1.0.0",
  services: [Notes],
  // Stops after the services.
  providers: [{ onStop: () => container.dispose() }],
  resolve: (service) => container.resolve(service),
});
await server.serve();
