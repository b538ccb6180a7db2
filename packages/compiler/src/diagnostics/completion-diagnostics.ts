import type { Message } from "./diagnostic-table.ts";

/** Mistakes in methods with `@completion` (MTD290 to MTD292). */
export const COMPLETION_DIAGNOSTICS = {
  MTD290: {
    title: "Completion method that does not fit",
    severity: "error" as const,
    cause:
      "A completion method is called with the text typed so far, the arguments chosen before, and a `Context` at any position. All of them are text and any of them may be missing, because the user chooses in any order. It returns an array of strings, or `{ values, total, hasMore }`.",
    fix: "Write it as `names(typed: string, chosen: { folder?: string }, ctx: Context): string[]`; leave out the parameters that it does not use.",
    example: {
      source:
        'import { completion, prompt } from "methodic";\n\nexport class Notes {\n  @prompt() plan(topic: string): string {\n    return topic;\n  }\n  @completion("plan", "topic") topics(typed: number): string[] {\n    return [String(typed)];\n  }\n}\n',
    },
    messages: {
      extraCompletionParameter: (name: string): Message => [
        `a completion method has no parameter '${name}': it is called with the text typed so far and the arguments chosen before.`,
        "Remove the parameter.",
      ],
      completionText: (name: string, type: string): Message => [
        `the parameter '${name}' is the text typed so far, but its type is '${type}'.`,
        "Declare it as string.",
      ],
      completionChosen: (name: string, type: string): Message => [
        `the parameter '${name}' has the arguments chosen before, but its type is '${type}'.`,
        "Declare it as an object of optional strings: { folder?: string }.",
      ],
      chosenProperty: (name: string, type: string): Message => [
        `the argument '${name}' arrives as text, but its type is '${type}'.`,
        `Declare it as ${name}?: string.`,
      ],
      requiredChosen: (name: string): Message => [
        `the argument '${name}' may be missing: the user may not have chosen it yet.`,
        `Declare it as ${name}?: string.`,
      ],
      completionResult: (type: string): Message => [
        `a completion method returns texts, but its result is '${type}'.`,
        "Return string[], or { values: string[]; total?: number; hasMore?: boolean }.",
      ],
    },
  },
  MTD291: {
    title: "Completion of an unknown argument",
    severity: "error" as const,
    cause:
      "`@completion` names a prompt or resource template of the server, and one of its arguments or variables. `createServer` refuses a name that does not exist. A prompt or template is named as clients see it, a template also by its URI, and both by the name of their method.",
    fix: "Correct the name. The message lists those that exist.",
    example: {
      source:
        'import { completion, createServer, prompt } from "methodic";\n\nclass Notes {\n  @prompt() plan(topic: string): string {\n    return topic;\n  }\n  @completion("plan", "topics") topics(): string[] {\n    return ["work"];\n  }\n}\n\nexport default createServer({ name: "notes", version: "1.0.0", services: [Notes] });\n',
    },
    messages: {
      unknownCompletion: (problem: string, fix: string): Message => [problem, fix],
    },
  },
  MTD292: {
    title: "Two completions of one argument",
    severity: "error" as const,
    cause: "Two methods with `@completion` name the same argument of the same prompt or resource template.",
    fix: "Remove one of them.",
    example: {
      source:
        'import { completion, createServer, prompt } from "methodic";\n\nclass Notes {\n  @prompt() plan(topic: string): string {\n    return topic;\n  }\n  @completion("plan", "topic") topics(): string[] {\n    return ["work"];\n  }\n  @completion("plan", "topic") more(): string[] {\n    return ["home"];\n  }\n}\n\nexport default createServer({ name: "notes", version: "1.0.0", services: [Notes] });\n',
    },
    messages: {
      duplicateCompletion: (argument: string, component: string, other: string): Message => [
        `${other} completes '${argument}' of the ${component} as well.`,
        "Remove one of the decorators.",
      ],
    },
  },
};
