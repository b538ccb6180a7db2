import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type Context, prompt, resource, tool, ToolError } from "methodic";
import type { Tally } from "./tally.ts";

interface Call {
  id: number;
  token: string;
}

/** Tools whose answers name the call and its token, so that clients recognize their own. */
export class Service {
  readonly #tally: Tally;
  readonly #onTouch: (uri: string) => void;

  constructor(tally: Tally, onTouch: (uri: string) => void) {
    this.#tally = tally;
    this.#onTouch = onTouch;
  }

  @tool() echo(id: number, token: string): string {
    this.#tally.count(id);
    return `echo ${id} ${token}`;
  }

  @tool() lookup(id: number, token: string): { text: string } {
    this.#tally.count(id);
    return { text: `lookup ${id} ${token}` };
  }

  @tool() refuse(id: number, token: string): string {
    this.#tally.count(id);
    throw new ToolError(`refuse ${id} ${token}`);
  }

  @tool() fail(id: number, token: string): string {
    this.#tally.count(id);
    throw new TypeError(`fail ${id} ${token}`);
  }

  @tool() big(id: number, token: string, size: number): string {
    this.#tally.count(id);
    return `big ${id} ${token} ${"x".repeat(size)}`;
  }

  @tool() async wait({ id, token, ms }: Call & { ms: number }, ctx: Context): Promise<string> {
    return await this.#tally.during(id, async () => {
      await pause(ms, undefined, { signal: ctx.signal });
      return `wait ${id} ${token}`;
    });
  }

  /** Hangs until its client disconnects. */
  @tool() async hang(id: number, token: string, ctx: Context): Promise<string> {
    return await this.#tally.during(id, async () => {
      await ctx.progress(1);
      if (!ctx.signal.aborted) await once(ctx.signal, "abort");
      return `hang ${id} ${token}`;
    });
  }

  @tool() async count(
    { id, token, steps, padding }: Call & { steps: number; padding: number },
    ctx: Context,
  ): Promise<string> {
    return await this.#tally.during(id, async () => {
      for (let step = 1; step <= steps; step++) {
        await ctx.progress(step, steps, `count ${id} ${token} ${"x".repeat(padding)}`);
        if (step % 4 === 0) await pause(1, undefined, { signal: ctx.signal });
      }
      return `count ${id} ${token}`;
    });
  }

  @tool() async ask(id: number, token: string, ctx: Context): Promise<string> {
    const properties = { token: { type: "string" } };
    const answer = await ctx.elicit(`ask ${id} ${token}`, { type: "object", properties, required: ["token"] });
    return `ask ${id} ${String(answer.action === "accept" ? answer.data["token"] : answer.action)}`;
  }

  @tool() touch(id: number, token: string): string {
    this.#tally.count(id);
    this.#onTouch("load://touched/now");
    return `touch ${id} ${token}`;
  }

  @resource("load://{id}/{token}") read(id: string, token: string): string {
    if (id !== "touched") this.#tally.count(Number(id));
    return `read ${id} ${token}`;
  }

  @prompt() draft(id: string, token: string): string {
    this.#tally.count(Number(id));
    return `draft ${id} ${token}`;
  }
}
