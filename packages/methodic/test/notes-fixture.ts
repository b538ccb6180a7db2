import { type Context, prompt, resource, ResourceError, tool, ToolError } from "../src/index.ts";
import { defineService } from "./service-fixture.ts";

const text = { type: "string" };

/** The notes service that most tests talk to. */
export class NotesService {
  readonly notes: Map<string, string> = new Map();

  addNote(name: string, content: string): string {
    this.notes.set(name, content);
    return `Note '${name}' added successfully.`;
  }

  getNote(name: string): string {
    const found = this.notes.get(name);
    if (found === undefined) throw new ToolError(`Note '${name}' not found.`);
    return found;
  }

  count(): number {
    return this.notes.size;
  }

  async index(paths: readonly string[], ctx: Context): Promise<string> {
    for (const [i, path] of paths.entries()) {
      ctx.log.info(`reading ${path}`, { i });
      await ctx.progress(i + 1, paths.length, path);
    }
    return `${ctx.request.method} in the ${ctx.request.era} era`;
  }

  all(): string {
    return [...this.notes.keys()].join(", ");
  }

  note(name: string): string {
    const found = this.notes.get(name);
    if (found === undefined) throw new ResourceError(`Note '${name}' not found.`);
    return found;
  }

  noteNames(): string[] {
    return [...this.notes.keys()];
  }

  assistant(topic: string, times = 1): string {
    return `Organize notes about ${topic}, ${times + 0} times.`;
  }
}

defineService(NotesService, {
  addNote: {
    as: tool(),
    description: "Add a new note.",
    properties: { name: { ...text, description: "The name of the note" }, content: text },
  },
  getNote: { as: tool({ annotations: { readOnlyHint: true } }), properties: { name: text } },
  count: { as: tool(), outputSchema: { type: "integer" } },
  index: { as: tool(), properties: { paths: { type: "array", items: text } }, contextIndex: 1 },
  all: { as: resource("notes://all"), kind: "resource" },
  note: { as: resource("notes://{name}", { list: "noteNames" }), kind: "resource", properties: { name: text } },
  assistant: {
    as: prompt(),
    kind: "prompt",
    properties: { topic: { ...text, description: "The topic" }, times: { type: "integer", default: 1 } },
    required: ["topic"],
  },
});
