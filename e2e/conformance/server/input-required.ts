import { type Answer, type Context, prompt, type PromptMessage, tool } from "methodic";

interface Name {
  /** @minLength 1 */
  name: string;
}

interface Color {
  /** @minLength 1 */
  color: string;
}

interface UserContext {
  /** @minLength 1 */
  context: string;
}

interface Confirmation {
  ok: boolean;
}

const askName = (ctx: Context, key = "user_name", message = "What is your name?") => ctx.elicit<Name>({ message, key });

const askGreeting = (ctx: Context) => ctx.sample("Generate a greeting", { maxTokens: 50, key: "greeting" });

const askRoots = async (ctx: Context): Promise<string> => {
  const roots = await ctx.listRoots({ key: "client_roots" });
  return roots.map(({ uri, name }) => name ?? uri).join(", ");
};

const nameIn = (answer: Answer<Name>): string => (answer.action === "accept" ? answer.data.name : "stranger");

/** Tools and a prompt that ask the client (2026-07-28, SEP-2322). */
export class InputRequired {
  /** Greets the user by name. */
  @tool() async testInputRequiredResultElicitation(ctx: Context): Promise<string> {
    return `Hello, ${nameIn(await askName(ctx))}!`;
  }

  /** Asks the client's model. */
  @tool() async testInputRequiredResultSampling(ctx: Context): Promise<string> {
    const { text } = await ctx.sample("What is the capital of France?", { maxTokens: 100, key: "capital_question" });
    return text;
  }

  /** Asks for the client's roots. */
  @tool() async testInputRequiredResultListRoots(ctx: Context): Promise<string> {
    return `The client's roots: ${await askRoots(ctx)}`;
  }

  /** Carries state over a round. */
  @tool() async testInputRequiredResultRequestState(ctx: Context): Promise<string> {
    const state = await ctx.step("state", () => "state-ok");
    return (await this.#confirm(ctx)) ? `Confirmed: ${state}` : "Not confirmed.";
  }

  /** Asks three things at once. */
  @tool() async testInputRequiredResultMultipleInputs(ctx: Context): Promise<string> {
    const [name, greeting, roots] = await Promise.all([askName(ctx), askGreeting(ctx), askRoots(ctx)]);
    return [nameIn(name), greeting.text, roots].join("; ");
  }

  /** Asks one thing after the other. */
  @tool() async testInputRequiredResultMultiRound(ctx: Context): Promise<string> {
    const name = nameIn(await askName(ctx, "step1", "Step 1: What is your name?"));
    const answer = await ctx.elicit<Color>({ message: "Step 2: What is your favorite color?", key: "step2" });
    return `${name} likes ${answer.action === "accept" ? answer.data.color : "no color"}.`;
  }

  /** Carries state that only the server can write. */
  @tool() async testInputRequiredResultTamperedState(ctx: Context): Promise<string> {
    return (await this.#confirm(ctx)) ? "Confirmed." : "Not confirmed.";
  }

  /** Asks only what the client can do. */
  @tool() async testInputRequiredResultCapabilities(ctx: Context): Promise<string> {
    const asked = await Promise.allSettled([askName(ctx), askGreeting(ctx), askRoots(ctx)]);
    return `The client answered ${asked.filter(({ status }) => status === "fulfilled").length} questions.`;
  }

  /** Asks for a capability that the client may lack. */
  @tool() async testMissingCapability(ctx: Context): Promise<string> {
    return (await ctx.sample("Say anything", { maxTokens: 10 })).text;
  }

  /** Answers at once, without a request to the client. */
  @tool() testStreamingElicitation(): string {
    return "No request was sent over the stream of this answer.";
  }

  /** Starts a conversation with what the user says. */
  @prompt() async testInputRequiredResultPrompt(ctx: Context): Promise<PromptMessage[]> {
    const message = "What context should the prompt use?";
    const answer = await ctx.elicit<UserContext>({ message, key: "user_context" });
    const context = answer.action === "accept" ? answer.data.context : "none";
    return [{ role: "user", content: `Use this context: ${context}` }];
  }

  async #confirm(ctx: Context): Promise<boolean> {
    const answer = await ctx.elicit<Confirmation>({ message: "Please confirm", key: "confirm" });
    return answer.action === "accept" && answer.data.ok;
  }
}
