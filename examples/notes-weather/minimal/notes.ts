import { createServer, prompt, resource, tool, ToolError } from "methodic";

class Notes {
  #notes = new Map<string, string>();

  /** Add a note. @param name Its name @param content Its text */
  @tool() addNote(name: string, content: string): string {
    this.#notes.set(name, content);
    return `Note '${name}' added.`;
  }
  /** Get a note. @param name Its name */
  @tool() getNote(name: string): string {
    const content = this.#notes.get(name);
    if (content === undefined) throw new ToolError(`Note '${name}' not found.`);
    return content;
  }
  /** List all names. */
  @tool() listNotes(): string[] {
    return [...this.#notes.keys()];
  }
  /** Delete a note. @param name Its name */
  @tool() deleteNote(name: string): boolean {
    return this.#notes.delete(name);
  }
  /** All notes. */
  @resource("notes://all") all(): string {
    return [...this.#notes].map(([name, content]) => `## ${name}\n${content}`).join("\n");
  }
  /** One note. @param name Its name */
  @resource("notes://{name}") note(name: string): string {
    return this.getNote(name);
  }
  /** Take notes. @param topic What about */
  @prompt() takeNotes(topic: string): string {
    return `Save the key points about ${topic} with add_note.`;
  }
}

export default createServer({ name: "notes", version: "1.0.0", naming: "snake_case", services: [Notes] });
