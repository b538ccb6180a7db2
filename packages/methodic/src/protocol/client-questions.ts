import type { ClientQuestions } from "../context/answers.ts";
import type { Asker } from "./asker.ts";
import { createFormQuestion } from "./elicitation-form.ts";

/** Creates the questions that a method can ask, whatever the protocol era. */
export function createClientQuestions(asker: Asker): ClientQuestions {
  return {
    elicit: async (question, requestedSchema) => asker.ask(createFormQuestion(question, requestedSchema)),
  };
}
