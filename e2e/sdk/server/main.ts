import {
  createServer,
  file,
  image,
  type Int,
  prompt,
  type PromptMessage,
  resource,
  ResourceError,
  resourceLink,
  type Server,
  tool,
  ToolError,
  toolResult,
} from "methodic";

interface User {
  id: number;
  name: string;
  email?: string;
}

interface Address {
  street: string;
  zip?: string;
}

const PIXEL = "iVBORw0KGgo=";

class Tools {
  /** A text. */
  @tool() text(): string {
    return "plain text";
  }

  /** A greeting. @param name The name @param mark The mark at its end */
  @tool() greet(name: string, mark = "!"): string {
    return `Hello, ${name}${mark}`;
  }

  /** A sum. */
  @tool() add(a: number, b: number): number {
    return a + b;
  }

  /** A user. */
  @tool() user(id: Int): User {
    return { id, name: "Ada" };
  }

  /** Numbers. */
  @tool() count(to: Int<0, 10>): number[] {
    return Array.from({ length: to }, (_, i) => i + 1);
  }

  /** A decision. */
  @tool() isEven(of: Int): boolean {
    return of % 2 === 0;
  }

  /** Nothing. */
  @tool() nothing(): void {}

  /** An image. */
  @tool() picture() {
    return image(PIXEL, "image/png");
  }

  /** Blocks. */
  @tool() mixed() {
    return ["a text", resourceLink("diff://text", { name: "linked" }), file("diff://text", "embedded", "text/plain")];
  }

  /** A failure. */
  @tool() fail(): string {
    throw new Error("The disk is full.");
  }

  /** A failure on purpose. */
  @tool() refuse(): string {
    throw new ToolError("Not today.");
  }

  /** An error with structured content. */
  @tool() whole() {
    return toolResult({ content: ["a part failed"], isError: true, meta: { part: 2 } });
  }

  /** A choice. */
  @tool() paint(color: "red" | "green" | "blue", coats?: Int<1, 3>): string {
    return `${coats ?? 1} × ${color}`;
  }

  /** A nested input. */
  @tool() ship(address: Address, items: string[]): string {
    return `${items.join(" and ")} to ${address.street}`;
  }

  /** A result that is not of its type. */
  @tool() lie(): User {
    return { id: "one" as never, name: "Ada" };
  }

  /** All metadata. */
  @tool({
    title: "Described",
    annotations: { readOnlyHint: true, idempotentHint: true },
    icons: [{ src: "https://example.com/icon.png", mimeType: "image/png" }],
    meta: { "example.com/team": "core" },
  })
  described(): string {
    return "described";
  }
}

class Resources {
  /** A text. */
  @resource("diff://text", { name: "text", mimeType: "text/plain" }) text(): string {
    return "a text";
  }

  /** A value. */
  @resource("diff://json", { name: "json", mimeType: "application/json" }) json(): { a: number } {
    return { a: 1 };
  }

  /** Bytes. */
  @resource("diff://bytes", { name: "bytes", mimeType: "image/png" }) bytes(): Uint8Array {
    return Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
  }

  /** A failure. */
  @resource("diff://broken", { name: "broken" }) broken(): string {
    throw new Error("The disk is full.");
  }

  /** A user. */
  @resource("diff://user/{id}", { name: "user", mimeType: "text/plain", list: "users" }) user(id: string): string {
    if (id === "none") throw new ResourceError("User none not found.");
    return `user ${id}`;
  }

  users(): string[] {
    return ["ada", "eve"];
  }
}

class Prompts {
  /** No arguments. */
  @prompt() plain(): string {
    return "Say something.";
  }

  /** Arguments. @param topic The topic @param tone The tone */
  @prompt() write(topic: string, tone?: "formal" | "casual"): string {
    return `Write about ${topic}, ${tone ?? "neutral"}.`;
  }

  /** Messages. */
  @prompt() talk(): PromptMessage[] {
    return [
      { role: "user", content: "Hello?" },
      { role: "assistant", content: { type: "text", text: "Hello!" } },
    ];
  }

  /** A failure. */
  @prompt() stuck(): string {
    throw new Error("The disk is full.");
  }
}

/** Creates the server, written with decorators. */
export function createDecorated(): Server {
  return createServer({
    name: "differential",
    version: "1.0.0",
    instructions: "Compare me.",
    naming: "snake_case",
    services: [Tools, Resources, Prompts],
  });
}
