import { createServer, type Notifier, type Server, tool } from "methodic";
import type { HttpOptions } from "methodic/http";
import { AskingTools } from "./asking-tools.ts";
import { ContentTools } from "./content-tools.ts";
import { InputRequired } from "./input-required.ts";
import { ResourcesAndPrompts } from "./resources-and-prompts.ts";

/** Tools that notify subscribed clients of changes. */
class ChangeTools {
  readonly #notifier: () => Notifier;

  constructor(notifier: () => Notifier) {
    this.#notifier = notifier;
  }

  /** Announces that the list of tools has changed. */
  @tool() testTriggerToolChange(): string {
    this.#notifier().toolsChanged();
    return "The list of tools has changed.";
  }

  /** Announces that the list of prompts has changed. */
  @tool() testTriggerPromptChange(): string {
    this.#notifier().promptsChanged();
    return "The list of prompts has changed.";
  }
}

/** Creates the server that the official conformance suite runs against. */
export function createConformanceServer(http: HttpOptions): Server {
  const changes = new ChangeTools(() => server.notify);
  const server = createServer({
    name: "conformance",
    version: "1.0.0",
    naming: "snake_case",
    services: [ContentTools, AskingTools, InputRequired, ResourcesAndPrompts, changes],
    http,
  });
  return server;
}
