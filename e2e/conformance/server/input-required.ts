import { type Context, prompt, type PromptMessage, tool } from "methodic";
import { acceptedContent, inputRequired, type InputRequiredResult, inputResponse, sdkContext } from "methodic/sdk";

const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

/** The capabilities a client declares. */
interface Capabilities {
  readonly elicitation?: object;
  readonly sampling?: object;
  readonly roots?: object;
}

type Answer<T> = T | InputRequiredResult;

const elicit = (message: string, properties: Record<string, { type: "string" } | { type: "boolean" }>) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties, required: Object.keys(properties) },
  });

const sample = (text: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text } }], maxTokens });

const ASK_NAME = elicit("What is your name?", { name: { type: "string" } });
const ASK_GREETING = sample("Generate a greeting", 50);

/** Reads the text of a field of an accepted form. */
function readField(ctx: Context, key: string, field: string): string | undefined {
  const content = acceptedContent<Record<string, unknown>>(sdkContext(ctx).mcpReq.inputResponses, key);
  const value = content?.[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Reads the text that the client's model generated. */
function readSample(ctx: Context, key: string): string | undefined {
  const answer = inputResponse(sdkContext(ctx).mcpReq.inputResponses, key);
  if (answer.kind !== "sampling") return undefined;
  const [first] = [answer.result.content].flat();
  return first?.type === "text" ? first.text : undefined;
}

function readRoots(ctx: Context, key: string): string | undefined {
  const answer = inputResponse(sdkContext(ctx).mcpReq.inputResponses, key);
  return answer.kind === "roots" ? answer.roots.map(({ uri, name }) => name ?? uri).join(", ") : undefined;
}

/**
 * Tools and a prompt that answer "input required" (2026-07-28, SEP-2322), with the SDK's own
 * builders.
 */
export class InputRequired {
  /** Greets the user by name. */
  @tool() testInputRequiredResultElicitation(ctx: Context): Answer<string> {
    const name = readField(ctx, "user_name", "name");
    return name === undefined ? inputRequired({ inputRequests: { user_name: ASK_NAME } }) : `Hello, ${name}!`;
  }

  /** Asks the client's model. */
  @tool() testInputRequiredResultSampling(ctx: Context): Answer<string> {
    const text = readSample(ctx, "capital_question");
    if (text !== undefined) return text;
    return inputRequired({ inputRequests: { capital_question: sample("What is the capital of France?", 100) } });
  }

  /** Asks for the client's roots. */
  @tool() testInputRequiredResultListRoots(ctx: Context): Answer<string> {
    const roots = readRoots(ctx, "client_roots");
    if (roots !== undefined) return `The client's roots: ${roots}`;
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  }

  /** Carries state over a round. */
  @tool() testInputRequiredResultRequestState(ctx: Context): Answer<string> {
    const state = sdkContext(ctx).mcpReq.requestState<string>();
    if (state === "waiting" && this.#confirmed(ctx)) return "Confirmed: state-ok";
    return this.#confirm("waiting");
  }

  /** Asks three things at once. */
  @tool() testInputRequiredResultMultipleInputs(ctx: Context): Answer<string> {
    const answers = [readField(ctx, "user_name", "name"), readSample(ctx, "greeting"), readRoots(ctx, "client_roots")];
    if (answers.every((answer) => answer !== undefined)) return answers.join("; ");
    const client_roots = inputRequired.listRoots();
    return inputRequired({
      inputRequests: { user_name: ASK_NAME, greeting: ASK_GREETING, client_roots },
      requestState: "three questions",
    });
  }

  /** Asks one thing after the other. */
  @tool() testInputRequiredResultMultiRound(ctx: Context): Answer<string> {
    const state = sdkContext(ctx).mcpReq.requestState<string>();
    const color = readField(ctx, "step2", "color");
    if (state?.startsWith("name:") && color !== undefined) return `${state.slice("name:".length)} likes ${color}.`;
    const name = readField(ctx, "step1", "name");
    if (name === undefined) {
      const step1 = elicit("Step 1: What is your name?", { name: { type: "string" } });
      return inputRequired({ inputRequests: { step1 }, requestState: "first round" });
    }
    const step2 = elicit("Step 2: What is your favorite color?", { color: { type: "string" } });
    return inputRequired({ inputRequests: { step2 }, requestState: `name:${name}` });
  }

  /** Carries state that only the server can write. */
  @tool() testInputRequiredResultTamperedState(ctx: Context): Answer<string> {
    const state = sdkContext(ctx).mcpReq.requestState<string>();
    return state === "sealed" && this.#confirmed(ctx) ? "Confirmed." : this.#confirm("sealed");
  }

  /** Asks only what the client can do. */
  @tool() testInputRequiredResultCapabilities(ctx: Context): Answer<string> {
    const { inputResponses, envelope = {} } = sdkContext(ctx).mcpReq;
    const { elicitation, sampling, roots } = (envelope as { readonly [key: string]: Capabilities })[CAPABILITIES] ?? {};
    const inputRequests = {
      ...(elicitation && { user_name: ASK_NAME }),
      ...(sampling && { greeting: ASK_GREETING }),
      ...(roots && { client_roots: inputRequired.listRoots() }),
    };
    if (inputResponses || Object.keys(inputRequests).length === 0) return "Asked what the client can do.";
    return inputRequired({ inputRequests });
  }

  /** Asks for a capability that the client may lack. */
  @tool() testMissingCapability(ctx: Context): Answer<string> {
    return readSample(ctx, "sample") ?? inputRequired({ inputRequests: { sample: sample("Say anything", 10) } });
  }

  /** Answers at once, without a request to the client. */
  @tool() testStreamingElicitation(): string {
    return "No request was sent over the stream of this answer.";
  }

  /** Starts a conversation with what the user says. */
  @prompt() testInputRequiredResultPrompt(ctx: Context): Answer<PromptMessage[]> {
    const context = readField(ctx, "user_context", "context");
    if (context === undefined) {
      const user_context = elicit("What context should the prompt use?", { context: { type: "string" } });
      return inputRequired({ inputRequests: { user_context } });
    }
    return [{ role: "user", content: `Use this context: ${context}` }];
  }

  #confirmed(ctx: Context): boolean {
    const content = acceptedContent<{ ok?: boolean }>(sdkContext(ctx).mcpReq.inputResponses, "confirm");
    return content?.ok === true;
  }

  #confirm(requestState: string): InputRequiredResult {
    return inputRequired({
      inputRequests: { confirm: elicit("Please confirm", { ok: { type: "boolean" } }) },
      requestState,
    });
  }
}
