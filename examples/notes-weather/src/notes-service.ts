import { completion, type Context, prompt, resource, ResourceError, tool, ToolError } from "methodic";
import type { NotesStore } from "./notes-store.ts";
import { describeServer, type ServerDescription } from "./server-info.ts";

/** Names that have a static resource: only `get_note` reads notes called `all` or `count`. */
const RESERVED_NAMES: readonly string[] = ["all", "count"];

/** Maximum size in bytes of a note that is deleted without a question. */
const SMALL_NOTE = 1024;

/** Stores notes, and publishes them as tools, resources and a prompt. */
export class NotesService {
  constructor(private readonly store: NotesStore) {}

  /**
   * Add a new note with the given name and content. A note that already has this name is replaced.
   * @param name The name/title of the note
   * @param content The content of the note
   */
  @tool({
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  })
  addNote(name: string, content: string): string {
    if (!name.trim() || !content.trim()) throw new ToolError("Name and content are required.");
    this.store.add(name, content);
    return `Note '${name}' added successfully.`;
  }

  /**
   * Get the content of a note.
   * @param name The name of the note
   */
  @tool({ annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false } })
  getNote(name: string): string {
    const content = this.store.get(name);
    if (content === undefined) throw new ToolError(`Note '${name}' not found.`);
    return content;
  }

  /** List the names of all saved notes, oldest first. */
  @tool({ annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false } })
  listNotes(): string {
    const names = this.store.all().map((note) => note.name);
    return names.length === 0 ? "No notes saved yet." : `Saved notes: ${names.join(", ")}`;
  }

  /**
   * Delete a note. The user is asked first if it is long.
   * @param name The name of the note
   */
  @tool({
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  })
  async deleteNote(name: string, ctx: Context): Promise<string> {
    const size = Buffer.byteLength(this.getNote(name));
    if (size > SMALL_NOTE && !(await ctx.confirm(`Delete the note '${name}' of ${size} bytes?`))) {
      return `Note '${name}' was kept.`;
    }
    this.store.delete(name);
    return `Note '${name}' deleted.`;
  }

  /** All saved notes as a formatted list. */
  @resource("notes://all", { title: "All notes", mimeType: "text/markdown" })
  allNotes(): string {
    const notes = this.store.all();
    if (notes.length === 0) return "No notes available.";
    return notes.map((note) => `## ${note.name}\n${note.content}`).join("\n");
  }

  /** The number of saved notes. */
  @resource("notes://count", { title: "Number of notes" })
  noteCount(): string {
    return `${this.store.count()} notes saved`;
  }

  /**
   * A specific note by name.
   * @param name The name of the note
   */
  @resource("notes://{name}", { title: "Note", list: "noteNames", allowUnsafeVariables: ["name"] })
  note(name: string): string {
    const content = this.store.get(name);
    if (content === undefined) throw new ResourceError(`Note '${name}' not found.`);
    return content;
  }

  /** Returns the notes that clients see in their list of resources. */
  noteNames(): string[] {
    return this.store
      .all()
      .map((note) => note.name)
      .filter((name) => !RESERVED_NAMES.includes(name));
  }

  /** Name and version of this server, its framework and its runtime. */
  @resource("server://info", { title: "About this server" })
  serverInfo(): ServerDescription {
    return describeServer();
  }

  /**
   * Helps organize notes on a topic.
   * @param topic The topic to organize notes about
   */
  @prompt({ title: "Note-taking assistant" })
  noteTakingAssistant(topic: string): string {
    return [
      `Help me organize information about ${topic}.`,
      "",
      "1. Identify the key points worth remembering.",
      "2. Suggest a short, descriptive name for the note.",
      "3. Save it with the `add_note` tool.",
      "",
      "To see what is there already, find notes with `list_notes`, read them with `get_note`, and summarize what they say about the topic.",
    ].join("\n");
  }

  @completion("noteTakingAssistant", "topic") topics(): string[] {
    return this.store.all().map((note) => note.name);
  }
}
