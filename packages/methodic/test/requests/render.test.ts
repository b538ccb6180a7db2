import { afterEach, describe, expect, it, vi } from "vitest";
import { createServer, tool, toolResult } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

interface Weather {
  readonly city: string;
  readonly at: Date;
}

const outputSchema = {
  type: "object",
  properties: { city: { type: "string" }, at: { type: "string", format: "date-time" } },
};
const at = new Date("2026-07-28T12:00:00Z");

class Reports {
  weather(): Weather {
    return { city: "Oslo", at };
  }
  async later(): Promise<Weather> {
    return { city: "Rome", at };
  }
  fails(): Weather {
    return { city: "Bern", at };
  }
  odd(): Weather {
    return { city: "Kyiv", at };
  }
  whole(): unknown {
    return toolResult({ content: "own", structuredContent: { city: "Riga", at } });
  }
}
const render = vi.fn<(weather: Weather) => string>(({ city, at: time }) => `${city} at ${time.getUTCHours()}:00`);
defineService(Reports, {
  weather: { as: tool({ render }), outputSchema },
  later: { as: tool({ render }), outputSchema },
  fails: {
    as: tool({
      render: () => {
        throw new Error("no template");
      },
    }),
    outputSchema,
  },
  odd: { as: tool({ render: (async () => "late") as never }), outputSchema },
  whole: { as: tool({ render }), outputSchema },
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(["legacy", "modern"] as const)("The option render in the %s era", (era) => {
  const connect = () => createTestClient(createServer({ name: "s", version: "1", services: [Reports] }), { era });

  it.each([
    ["weather", "Oslo at 12:00"],
    ["later", "Rome at 12:00"],
  ])("writes the text next to the data from what the method returns: %s", async (name, text) => {
    await using client = await connect();
    const { content, structured } = await client.callTool(name);
    expect(content).toEqual([{ type: "text", text }]);
    expect(structured).toMatchObject({ at: at.toJSON() });
  });

  it.each([
    ["fails", "Bern", "Tool fails: its option 'render' failed: Error: no template"],
    ["odd", "Kyiv", "Tool odd: its option 'render' returned object. Return a string"],
  ])("is logged, and the text is JSON, if it does not return text: %s", async (name, city, line) => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using client = await connect();
    expect(await client.callTool(name)).toMatchObject({ isError: false, text: JSON.stringify({ city, at }) });
    expect(error.mock.calls.flat().join("\n")).toContain(line);
  });

  it("does not replace the content of toolResult", async () => {
    await using client = await connect();
    expect(await client.callTool("whole")).toMatchObject({ text: "own", structured: { city: "Riga" } });
  });
});

describe("The option render", () => {
  it("is refused on a tool without structured data", () => {
    class Plain {
      text(): string {
        return "";
      }
    }
    defineService(Plain, { text: { as: tool({ render: (text: string) => text }) } });
    expect(() => createServer({ name: "s", version: "1", services: [Plain] })).toThrow(
      "@tool on Plain.text: invalid option 'render': the result has no structured data.",
    );
  });
});
