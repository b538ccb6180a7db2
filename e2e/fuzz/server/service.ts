import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type Context, type Email, type Int, type Items, prompt, resource, tool, ToolError } from "methodic";
import { inputRequired, inputResponse, sdkContext } from "methodic/sdk";

interface Tree {
  name: string;
  kids?: Tree[];
}

type Expression =
  | { kind: "number"; value: number }
  | { kind: "sum"; left: Expression; right: Expression }
  | { kind: "product"; left: Expression; right: Expression };

interface Everything {
  count: Int<0, 100>;
  mails: Items<Email, 0, 5>;
  byName: Record<string, number>;
  at?: Date;
  tags?: Set<string>;
  id?: bigint;
  pair?: [string, number];
  unit?: "celsius" | "fahrenheit" | null;
}

interface Advice {
  topic: string;
  mood?: "calm" | "loud";
  tree?: Tree;
  counts?: number[];
}

/** Components of every kind, and the number of methods that are running. */
export class Service {
  running = 0;

  @tool() echo(text: string): string {
    return text.slice(0, 100);
  }

  @tool() nothing(): void {}

  @tool() everything(input: Everything): { count: number; at?: Date } {
    return { count: input.count, ...(input.at && { at: input.at }) };
  }

  @tool() tree(root: Tree): number {
    return (root.kids ?? []).reduce((sum, kid) => sum + this.tree(kid), 1);
  }

  @tool() evaluate(expression: Expression): number {
    if (expression.kind === "number") return expression.value;
    const [left, right] = [this.evaluate(expression.left), this.evaluate(expression.right)];
    return expression.kind === "sum" ? left + right : left * right;
  }

  @tool() whatever(value: unknown): unknown {
    return value;
  }

  @tool({
    inputSchema: {
      type: "object",
      properties: { list: { type: "array", items: { type: "integer" }, uniqueItems: true }, name: { type: "string" } },
      required: ["list"],
      dependentRequired: { name: ["list"] },
      additionalProperties: false,
    },
  })
  given(input: unknown): string {
    return typeof input;
  }

  @tool() refuse(): never {
    throw new ToolError("refused");
  }

  @tool() fail(): never {
    throw new TypeError("failed");
  }

  @tool() async wait(ms: Int<0, 20>, ctx: Context): Promise<string> {
    return await this.#during(async () => {
      await ctx.progress(1, 2, "half");
      ctx.log.info("waiting", { ms });
      await pause(ms, undefined, { signal: ctx.signal });
      return "waited";
    });
  }

  /** Runs until its client leaves. */
  @tool() async hang(ctx: Context): Promise<string> {
    return await this.#during(async () => {
      if (!ctx.signal.aborted) await once(ctx.signal, "abort");
      return "hung";
    });
  }

  @tool() async ask(question: string, ctx: Context): Promise<string> {
    const properties = {
      name: { type: "string" },
      kinds: { type: "array", items: { enum: ["a", "b"] }, uniqueItems: true },
    };
    const { action } = await ctx.elicit(question.slice(0, 20), { type: "object", properties, required: ["name"] });
    return action;
  }

  @tool() sample(ctx: Context): unknown {
    const answer = inputResponse(sdkContext(ctx), "answer");
    if (answer?.kind === "sampling") return answer.result.role;
    const messages = [{ role: "user" as const, content: { type: "text" as const, text: "Hi" } }];
    return inputRequired({ inputRequests: { answer: inputRequired.createMessage({ messages, maxTokens: 10 }) } });
  }

  @resource("fuzz://static") fixed(): string {
    return "static";
  }

  @resource("fuzz://{kind}/{name}{?limit}") item(kind: "a" | "b", name: string, limit?: number): object {
    return { kind, name, limit };
  }

  @resource("fuzz://fail") broken(): never {
    throw new TypeError("failed");
  }

  @prompt() advise({ topic, mood, tree, counts }: Advice): string {
    return [topic.slice(0, 20), mood, tree?.name.slice(0, 20), counts?.length].join(" ");
  }

  @prompt() failing(): never {
    throw new TypeError("failed");
  }

  async #during<T>(work: () => Promise<T>): Promise<T> {
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
    }
  }
}
