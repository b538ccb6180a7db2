import { createServer, type Notifier, type Server, tool } from "methodic";
import type { HttpOptions } from "methodic/http";
import { AskingTools } from "./asking-tools.ts";
import { ContentTools } from "./content-tools.ts";
import { InputRequired } from "./input-required.ts";
import { ThingsToRead } from "./things-to-read.ts";

/** Tools that notify subscribed clients of changes. */
class ChangeTools {
  readonly #notifier: () => Notifier;

  constructor(notifier: () => Notifier) {
    this.#notifier = notifier;
  }

  /** Says that the list of tools has changed. */
  @tool() testTriggerToolChange(): string {
    this.#notifier().toolsChanged();
    return "The list of tools has changed.";
  }

  /** Says that the list of prompts has changed. */
  @tool() testTriggerPromptChange(): string {
    this.#notifier().promptsChanged();
    return "The list of prompts has changed.";
  }
}

/** Makes the server that the official conformance suite is run against. */
export function createConformanceServer(http: HttpOptions): Server {
  const changes = new ChangeTools(() => server.notify);
  const server = createServer({
    name: "conformance",
    version: "1.0.0",
    naming: "snake_case",
    services: [ContentTools, AskingTools, InputRequired, ThingsToRead, changes],
    http,
  });
  return server;
}
