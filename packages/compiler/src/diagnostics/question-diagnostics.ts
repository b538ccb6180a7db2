import type { Message } from "./diagnostic-table.ts";

/** An effect that a question repeats. */
interface RepeatedEffect {
  readonly effect: string;
  /** The expression in the called function that has the effect. */
  readonly inner?: string;
  readonly question: string;
  readonly place: string;
  /** The effect as a step. */
  readonly step: string;
}

/** Methods that ask the client (MTD260). */
export const QUESTION_DIAGNOSTICS = {
  MTD260: {
    title: "Effect before a question",
    severity: "warning" as const,
    cause:
      "On 2026-07-28, a method ends where it asks, and runs again from its start once the client has the answer. An effect that stands before the question happens in each of these runs. The compiler recognizes effects by what is called (`fetch` with a method that writes, file writes, processes, SQL, methods such as `insert` or `send`) and by changes of fields and of variables outside the method.",
    fix: 'Put the effect into [a step](elicitation.md#run-effects-once): `await ctx.step("charge", () => this.gateway.charge(amount))`. Or move it behind the question.',
    example: {
      source:
        'import { type Context, tool } from "methodic";\n\nexport class Orders {\n  #count = 0;\n\n  /** Order an item. */\n  @tool() async order(item: string, ctx: Context): Promise<string> {\n    this.#count++;\n    return (await ctx.confirm(`Order ${item}?`)) ? `Order ${this.#count}` : "No order.";\n  }\n}\n',
    },
    messages: {
      effectBeforeQuestion: ({ effect, inner, question, place, step }: RepeatedEffect): Message => [
        `'${effect}'${inner === undefined ? "" : `, which runs '${inner}',`} stands before the question ${question} (${place}), so on 2026-07-28 it runs again after the answer.`,
        `Run it once: ${step}. Or move it behind the question.`,
      ],
    },
  },
};
