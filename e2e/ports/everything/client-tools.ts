import { type Context, type TextContent, tool, type ToolOptions, type Url } from "methodic";
import { FORM } from "./form.ts";

const LOCAL = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
const act = (options?: ToolOptions) => tool({ ...options, annotations: { ...LOCAL, ...options?.annotations } });
const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;
const PACE_MS = 5000;

interface Page {
  /** The page */
  url: Url;
  /** Why the user should open it */
  message?: string;
  /** ID in the answer; random by default */
  elicitationId?: string;
}

const texts = (...lines: string[]): TextContent[] => lines.map((text) => ({ type: "text", text }));

/** Tools that ask the client, or send it notifications. */
export class ClientTools {
  readonly #documents: readonly string[];
  readonly #updates = new Map<string | undefined, NodeJS.Timeout>();
  readonly #logging = new Set<string | undefined>();

  /** @param documents The URIs that are said to change */
  constructor(documents: readonly string[]) {
    this.#documents = documents;
  }

  /** Lists the client's roots. @title Get Roots List Tool */
  @act({ annotations: { readOnlyHint: true, idempotentHint: true } })
  async getRootsList(ctx: Context): Promise<string> {
    const roots = await ctx.listRoots();
    if (roots.length === 0) return "The client has no roots.";
    const lines = roots.map(({ uri, name }, i) => `${i + 1}. ${name ?? "Unnamed Root"}\n   URI: ${uri}`);
    return `Current MCP Roots (${roots.length} total):\n\n${lines.join("\n\n")}`;
  }

  /**
   * Asks the user to fill in a form with every kind of field.
   * @title Trigger Elicitation Request Tool
   */
  @act() async triggerElicitationRequest(ctx: Context): Promise<TextContent[]> {
    const answer = await ctx.elicit("Please provide inputs for the following fields:", FORM);
    const { action } = answer;
    const raw = `\nRaw result: ${JSON.stringify(
      action === "accept" ? { action, content: answer.data } : { action },
      null,
      2,
    )}`;
    if (action === "decline") return texts("❌ User declined to provide the requested information.", raw);
    if (action === "cancel") return texts("⚠️ User cancelled the elicitation dialog.", raw);
    const { name, check, email, homepage, birthdate, integer, number } = answer.data;
    const lines = Object.entries({
      Name: name,
      "Agreed to terms": check,
      Email: email,
      Homepage: homepage,
      Birthdate: birthdate,
      "Favorite Integer": integer,
      "Favorite Number": number,
    }).flatMap(([label, value]) => (value === undefined ? [] : [`- ${label}: ${value}`]));
    return texts("✅ User provided the requested information!", `User inputs:\n${lines.join("\n")}`, raw);
  }

  /** Asks the user to open a page. @title Trigger URL Elicitation Tool */
  @act({ annotations: { openWorldHint: true } })
  async triggerUrlElicitation(
    { url, message = "Please open the link to complete this action.", elicitationId }: Page,
    ctx: Context,
  ): Promise<TextContent[]> {
    const id = elicitationId ?? (await ctx.step("id", () => crypto.randomUUID()));
    const { action } = await ctx.elicitUrl(url, message);
    const outcome = {
      accept: `✅ User completed the URL elicitation flow.\nElicitation ID: ${id}\nURL: ${url}`,
      decline: `❌ User declined to open the URL (Elicitation ID: ${id}).`,
      cancel: `⚠️ User cancelled the URL elicitation (Elicitation ID: ${id}).`,
    };
    return texts(outcome[action], `\nRaw result: ${JSON.stringify({ action }, null, 2)}`);
  }

  /**
   * Lets the client's model answer.
   * @title Trigger Sampling Request Tool
   * @param prompt Text for the model
   * @param maxTokens Maximum length of the answer
   */
  @act({ annotations: { openWorldHint: true } })
  async triggerSamplingRequest(prompt: string, maxTokens = 100, ctx: Context): Promise<string> {
    const { model, stopReason, content } = await ctx.sample(`Resource trigger-sampling-request context: ${prompt}`, {
      systemPrompt: "You are a helpful test server.",
      temperature: 0.7,
      maxTokens,
    });
    const result = { model, stopReason, role: "assistant", content: content.length === 1 ? content[0] : content };
    return `LLM sampling result: \n${JSON.stringify(result, null, 2)}`;
  }

  /** Logs a message of a random level in each second call. @title Toggle Simulated Logging */
  @act() toggleSimulatedLogging(ctx: Context): string {
    if (this.#logging.delete(ctx.session.id)) return `Stopped simulated logging for session ${ctx.session.id}`;
    this.#logging.add(ctx.session.id);
    const level = LEVELS[Math.floor(Math.random() * LEVELS.length)] ?? "info";
    ctx.log[level](`${level}-level message`);
    return `Started simulated logging for session ${ctx.session.id}`;
  }

  /** Starts or stops reports of updates, every five seconds. @title Toggle Subscriber Updates */
  @act() toggleSubscriberUpdates(ctx: Context): string {
    const session = ctx.session.id;
    const running = this.#updates.get(session);
    clearInterval(running);
    if (this.#updates.delete(session)) return `Stopped simulated resource updates for session ${session}`;
    const { notify } = ctx;
    const report = (): void => this.#documents.forEach((uri) => notify.resourceUpdated(uri));
    report();
    this.#updates.set(session, setInterval(report, PACE_MS).unref());
    return `Started simulated resource updates for session ${session}`;
  }

  onStop(): void {
    for (const timer of this.#updates.values()) clearInterval(timer);
  }
}
