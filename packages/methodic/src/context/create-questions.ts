import { MethodicError, ToolError } from "../errors.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { HOW_TO_COMPILE } from "../manifest/read.ts";
import { markHandled } from "../util/handled.ts";
import type { ClientQuestions, Question } from "./answers.ts";
import type { Context } from "./context.ts";
import { type StepMemo, Steps } from "./steps.ts";

/** The members of a {@link Context} that ask the client. */
export type QuestionMembers = Pick<Context, "elicit" | "elicitUrl" | "confirm" | "sample" | "listRoots" | "step">;

/** A form without fields: the answer to it is its action. */
const NO_FIELDS = { type: "object", properties: {} } as const;

/** Creates the members of a context that ask the client. */
export function createQuestions(
  source: { readonly questions: ClientQuestions; readonly steps: StepMemo },
  isEnded: () => boolean,
): QuestionMembers {
  const ask = <T>(send: (questions: ClientQuestions) => Promise<T>): Promise<T> =>
    markHandled(
      (async () => {
        if (isEnded()) throw createEndedError();
        return send(source.questions);
      })(),
    );
  let steps: Steps | undefined;
  return {
    step: <T>(key: string, effect: () => T | Promise<T>) => {
      const run = async (): Promise<T> => {
        if (isEnded()) throw createEndedError();
        return (steps ??= new Steps(source.steps)).run(key, effect) as Promise<T>;
      };
      return markHandled(run());
    },
    elicit: ((question: string | Question, requestedSchema?: unknown) =>
      ask((questions) => {
        if (requestedSchema === undefined) throw createSchemaError();
        return questions.elicit(toQuestion(question), requestedSchema as JsonSchema);
      })) as Context["elicit"],
    elicitUrl: (url, question) =>
      ask(async (questions) => {
        const { action, announceCompletion } = await questions.elicitUrl(toQuestion(question), url);
        if (action !== "accept") return { action };
        return { action, complete: async () => announceCompletion?.(isEnded()).catch(() => undefined) };
      }),
    confirm: (question) =>
      ask(async (questions) => (await questions.elicit(toQuestion(question), NO_FIELDS)).action === "accept"),
    sample: (prompt, options) => ask((questions) => questions.sample(prompt, options)),
    listRoots: (options) => ask((questions) => questions.listRoots(options?.key)),
  };
}

function toQuestion(question: string | Question): Question {
  return typeof question === "object" && question !== null ? question : { message: question };
}

function createEndedError(): ToolError {
  return new ToolError(
    "The call has ended, so it can no longer ask or take steps. Await ctx.elicit and ctx.step before you return.",
  );
}

function createSchemaError(): MethodicError {
  return new MethodicError(
    "MISSING_MANIFEST",
    "ctx.elicit: no schema. In ctx.elicit<Form>(message), the Methodic compiler writes it from the type, but it has not " +
      `seen this call. ${HOW_TO_COMPILE} Without the compiler, pass a JSON Schema: ctx.elicit(message, schema).`,
  );
}
