import { createServer, tool } from "methodic";
import { say, wait } from "../parts.ts";

class Database {
  readonly name: string = "a script";

  onStop(): void {
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

const server = createServer({ name: "notes", version: "1.0.0", services: [Notes], providers: [Database] });
await server.serve();
