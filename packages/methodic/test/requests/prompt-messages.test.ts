import { expect, it, vi } from "vitest";
import { createServer, file, image, prompt } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

class Prompts {
  mixed(): unknown {
    return [
      { role: "user", content: ["Compare:", image("AA==", "image/png"), file("x://a", "text")] },
      { role: "assistant", content: "Gladly." },
    ];
  }
  empty(): unknown {
    return { role: "user", content: [] };
  }
}

defineService(Prompts, {
  mixed: { as: prompt(), kind: "prompt", result: "content" },
  empty: { as: prompt(), kind: "prompt", result: "content" },
});

it.each(["legacy", "modern"] as const)("a message with several contents is sent as several, era %s", async (era) => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const server = createServer({ name: "s", version: "1", services: [Prompts] });
  await using client = await createTestClient(server, { era });
  expect((await client.getPrompt("mixed")).messages).toEqual([
    { role: "user", content: { type: "text", text: "Compare:" } },
    { role: "user", content: { type: "image", data: "AA==", mimeType: "image/png" } },
    { role: "user", content: { type: "resource", resource: { uri: "x://a", mimeType: "text/plain", text: "text" } } },
    { role: "assistant", content: { type: "text", text: "Gladly." } },
  ]);
  await expect(client.getPrompt("empty")).rejects.toThrow("Prompt empty failed");
  expect(log.mock.lastCall?.[0]).toContain("expected a string, a content block, or a message");
  log.mockRestore();
});
