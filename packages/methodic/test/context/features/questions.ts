import { expect } from "vitest";
import { type Context, tool } from "../../../src/index.ts";
import { expectAnswer, type Feature, type FeatureGroup, type FeaturePath } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

const DISH = { type: "object", properties: { dish: { type: "string" } }, required: ["dish"] } as const;

const effects: string[] = [];

class Questions {
  async order(ctx: Context): Promise<string> {
    return JSON.stringify(await ctx.elicit("Which dish?", DISH));
  }

  async confirm(ctx: Context): Promise<string> {
    return String(await ctx.confirm("Sure?"));
  }

  async openPage(ctx: Context): Promise<string> {
    return (await ctx.elicitUrl("https://example.com/login", "Log in")).action;
  }

  async sample(ctx: Context): Promise<string> {
    return (await ctx.sample("Capital of France?")).text;
  }

  async roots(ctx: Context): Promise<string> {
    return JSON.stringify(await ctx.listRoots());
  }

  async reserve(ctx: Context): Promise<string> {
    await ctx.step("reserve", () => effects.push("reserved"));
    return `${await ctx.confirm("Sure?")} ${effects.length}`;
  }

  async confirmAll({ callTool }: Context): Promise<string> {
    const results = [await callTool("confirm"), await callTool("order")];
    return results.map(({ text }) => text).join(" ");
  }

  async pay(amount: number, ctx: Context): Promise<string> {
    if (await ctx.confirm("Sure?")) effects.push(`paid ${amount}`);
    return effects.join();
  }
}
const context = { contextIndex: 0 };
defineService(Questions, {
  order: { as: tool(), ...context },
  confirm: { as: tool(), ...context },
  openPage: { as: tool(), ...context },
  sample: { as: tool(), ...context },
  roots: { as: tool(), ...context },
  reserve: { as: tool(), ...context },
  confirmAll: { as: tool(), ...context },
  pay: { as: tool(), properties: { amount: { type: "number" } }, contextIndex: 1 },
});

/** Answers every question of a server. */
function answerQuestions({ client }: FeaturePath): void {
  effects.length = 0;
  client.setRequestHandler("elicitation/create", () => ({ action: "accept" as const, content: { dish: "soup" } }));
  const content = { type: "text" as const, text: "Paris" };
  client.setRequestHandler("sampling/createMessage", () => ({ role: "assistant" as const, model: "m", content }));
  client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///work" }] }));
}

/** A feature that a tool without arguments shows, whose result is known. */
function asks(name: string, tool: string, expected: string): Feature {
  return {
    name,
    async check(path) {
      answerQuestions(path);
      return expectAnswer(await path.call(tool), expected);
    },
  };
}

/** Questions to the user, and what they need. */
export const questions: FeatureGroup = {
  service: Questions,
  features: [
    asks("`ctx.elicit`", "order", '{"action":"accept","data":{"dish":"soup"}}'),
    asks("`ctx.confirm`", "confirm", "true"),
    asks("`ctx.elicitUrl`", "openPage", "accept"),
    asks("`ctx.sample`", "sample", "Paris"),
    asks("`ctx.listRoots`", "roots", '[{"uri":"file:///work"}]'),
    asks("`ctx.step`, once in a call that asks", "reserve", "true 1"),
    {
      name: "`ctx.callTool` of a tool that asks",
      async check(path) {
        answerQuestions(path);
        const works = 'true {"action":"accept","data":{"dish":"soup"}}';
        const text = await path.call("confirmAll");
        // The results of the two tools say that the server cannot ask.
        return expectAnswer(text, works);
      },
    },
    {
      name: "An answer counts for the caller and the arguments that were asked about",
      async check(path) {
        answerQuestions(path);
        if (path.era === "legacy") {
          const outcome = expectAnswer(await path.call("pay", { arguments: { amount: 1 } }), "paid 1");
          return outcome === "works" ? "noState" : outcome;
        }
        // Sends the rounds of a call as a client that changes the arguments in between.
        type Round = { readonly inputRequests: object; readonly requestState: string };
        const send = (params: object, client = path.client): Promise<Round> =>
          client.callTool({ name: "pay", ...params } as never, { allowInputRequired: true }) as never;
        const { inputRequests, requestState } = await send({ arguments: { amount: 1 } });
        const [key = ""] = Object.keys(inputRequests);
        const round = { requestState, inputResponses: { [key]: { action: "accept", content: {} } } };
        await expect(send({ arguments: { amount: 1000 }, ...round })).rejects.toThrow("belongs to other arguments");
        const stranger = await path.connectStranger();
        await expect(send({ arguments: { amount: 1 }, ...round }, stranger)).rejects.toThrow("requestState");
        const forged = { ...round, requestState: `${requestState}x` };
        await expect(send({ arguments: { amount: 1 }, ...forged })).rejects.toThrow("requestState");
        expect(effects).toEqual([]);
        expect(await send({ arguments: { amount: 1 }, ...round })).toMatchObject({ content: [{ text: "paid 1" }] });
        return "works";
      },
    },
  ],
};
