import type {
  Client,
  ClientOptions,
  CreateMessageRequestParams,
  ElicitRequestParams,
  ElicitResult,
} from "@modelcontextprotocol/client";
import type { Answer, AnyFormValues, UrlAnswer } from "../context/answers.ts";
import type { Root, SampledContent, SamplingContent, SamplingOptions } from "../context/sampling.ts";
import type { JsonSchema } from "../manifest/format.ts";

/** The answers of a test client to the questions of a server. */
export interface TestAnswers {
  /** Answers `ctx.elicit`. Without it, the client does not announce that it can show forms. */
  readonly onElicit?: (question: TestQuestion) => TestAnswer | Promise<TestAnswer>;
  /** Answers `ctx.elicitUrl`. Without it, the client does not announce that it can open pages. */
  readonly onElicitUrl?: (page: TestUrlQuestion) => TestUrlAnswer | Promise<TestUrlAnswer>;
  /** Answers `ctx.sample`. Without it, the client does not announce that it has a model. */
  readonly onSample?: (request: TestSampling) => TestSample | Promise<TestSample>;
  /** Answers `ctx.listRoots`. Without it, the client does not announce that it has roots. */
  readonly roots?: readonly Root[];
}

/** A question to the user. */
export interface TestQuestion {
  readonly message: string;
  readonly requestedSchema: JsonSchema;
}

/** The user's answer. A form without required fields can be accepted without `data`. */
export type TestAnswer = Answer<AnyFormValues> | { readonly action: "accept" };

/** A page that the user is asked to open. */
export interface TestUrlQuestion {
  readonly message: string;
  readonly url: string;
}

/** The user's answer to the question whether to open a page. */
export interface TestUrlAnswer {
  readonly action: UrlAnswer["action"];
}

/** A request to the client's model. */
export interface TestSampling extends Omit<SamplingOptions, "key"> {
  readonly messages: readonly {
    readonly role: "user" | "assistant";
    readonly content: readonly SamplingContent[];
  }[];
  readonly maxTokens: number;
}

/** The model's answer: its text, or all of it. */
export type TestSample =
  | string
  | {
      readonly content: SampledContent | readonly SampledContent[];
      /** Default: `test-model`. */
      readonly model?: string;
      readonly stopReason?: string;
    };

type Capabilities = NonNullable<ClientOptions["capabilities"]>;

/** Returns the capabilities of a client that gives these answers. */
export function toCapabilities({ onElicit, onElicitUrl, onSample, roots }: TestAnswers): Capabilities {
  return {
    ...((onElicit || onElicitUrl) && {
      elicitation: { ...(onElicit && { form: {} }), ...(onElicitUrl && { url: {} }) },
    }),
    ...(onSample && { sampling: { tools: {} } }),
    ...(roots && { roots: {} }),
  };
}

/** Makes a client answer the questions of its server. */
export function answerQuestions(client: Client, answers: TestAnswers): void {
  const { onElicit, onElicitUrl, onSample, roots } = answers;
  if (onElicit || onElicitUrl)
    client.setRequestHandler("elicitation/create", async ({ params }) => answerElicitation(params, answers));
  if (onSample) {
    client.setRequestHandler(
      "sampling/createMessage",
      async ({ params }) => toSample(await onSample(toTestSampling(params))) as never,
    );
  }
  if (roots) client.setRequestHandler("roots/list", () => ({ roots: roots.map((root) => ({ ...root })) }));
}

/** Answers a question. The client declares only what it answers, so others do not get here. */
async function answerElicitation(
  params: ElicitRequestParams,
  { onElicit, onElicitUrl }: TestAnswers,
): Promise<ElicitResult> {
  const { message } = params;
  if (params.mode === "url") return { action: "cancel", ...(await onElicitUrl?.({ message, url: params.url })) };
  const requestedSchema = params.requestedSchema as JsonSchema;
  const { data, ...result } = ((await onElicit?.({ message, requestedSchema })) ?? {}) as { readonly data?: unknown };
  return { ...result, ...(data !== undefined && { content: data }) } as ElicitResult;
}

/** Writes the contents of all messages as lists. */
function toTestSampling({ messages, ...rest }: CreateMessageRequestParams): TestSampling {
  return {
    ...rest,
    messages: messages.map(({ role, content }) => ({ role, content: [content].flat() })),
  } as TestSampling;
}

/** Writes a model's answer as the protocol does: a list only if it has several blocks. */
function toSample(sample: TestSample): object {
  if (typeof sample === "string") return toSample({ content: { type: "text", text: sample } });
  const { content, model = "test-model", ...rest } = sample;
  const blocks = [content].flat();
  return { role: "assistant", model, ...rest, content: blocks.length === 1 ? blocks[0] : blocks };
}
