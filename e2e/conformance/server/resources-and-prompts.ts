import { file, image, prompt, type PromptMessage, resource } from "methodic";
import { PIXEL } from "./content-tools.ts";

/** Resources and prompts, as the official conformance suite asks for them. */
export class ResourcesAndPrompts {
  /** A text that never changes. */
  @resource("test://static-text", { mimeType: "text/plain" }) staticText(): string {
    return "This is the content of the static text resource.";
  }

  /** An image that never changes. */
  @resource("test://static-binary", { mimeType: "image/png" }) staticBinary(): Uint8Array {
    return Uint8Array.from(atob(PIXEL), (character) => character.charCodeAt(0));
  }

  /** A text that clients may watch. */
  @resource("test://watched-resource", { mimeType: "text/plain" }) watchedResource(): string {
    return "Watched resource content";
  }

  /** Data by its id. */
  @resource("test://template/{id}/data", { mimeType: "application/json" }) data(id: string): {
    id: string;
    templateTest: boolean;
    data: string;
  } {
    return { id, templateTest: true, data: `Data for ID: ${id}` };
  }

  /** A prompt without arguments. */
  @prompt() testSimplePrompt(): string {
    return "This is a simple prompt for testing.";
  }

  /**
   * A prompt with arguments.
   * @param arg1 The first argument
   * @param arg2 The second argument
   */
  @prompt() testPromptWithArguments(arg1: string, arg2: string): string {
    return `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`;
  }

  /** A prompt whose argument can be completed. */
  @prompt() testPromptWithChoice(tone: "kind" | "strict"): string {
    return `Be ${tone}.`;
  }

  /**
   * A prompt with a resource in it.
   * @param resourceUri The URI of the resource
   */
  @prompt() testPromptWithEmbeddedResource(resourceUri: string): PromptMessage[] {
    return [
      { role: "user", content: file(resourceUri, "Embedded resource content for testing.", "text/plain") },
      { role: "user", content: "Please process the embedded resource above." },
    ];
  }

  /** A prompt with an image in it. */
  @prompt() testPromptWithImage(): PromptMessage[] {
    return [
      { role: "user", content: image(PIXEL, "image/png") },
      { role: "user", content: "Please analyze the image above." },
    ];
  }
}
