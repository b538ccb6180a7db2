import { expect } from "vitest";
import { type Context, tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { defineService } from "../../fixtures/service.ts";

class StateService {
  async countInSession({ session }: Context): Promise<string> {
    return String(await session.update("count", (count: number = 0) => count + 1));
  }

  async countForUser({ user }: Context): Promise<string> {
    return String(await user.update("count", (count: number = 0) => count + 1));
  }
}
defineService(StateService, {
  countForUser: { as: tool(), contextIndex: 0 },
  countInSession: { as: tool(), contextIndex: 0 },
});

/** Values that are kept between calls. */
export const state: FeatureGroup = {
  service: StateService,
  features: [
    {
      name: "`ctx.session`",
      async check({ call, isHttp }) {
        const first = await call("countInSession");
        if (isHttp && first.startsWith("This call keeps state for its session, but ")) return "noSession";
        expect([first, await call("countInSession")]).toEqual(["1", "2"]);
        return "works";
      },
    },
    {
      name: "`ctx.user`, over HTTP for callers that [authenticate](auth.md)",
      async check({ call }) {
        expect([await call("countForUser"), await call("countForUser")]).toEqual(["1", "2"]);
        return "works";
      },
    },
  ],
};
