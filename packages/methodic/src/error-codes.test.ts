import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "./error-codes.ts";

const INTRODUCTION = `# Errors

Look up the code of a \`MethodicError\`: when it is thrown, and the fix. Methodic throws this error for mistakes in how it is used, at
decoration, start-up or configuration. It never answers a client's request: for that, throw \`ToolError\`, \`ResourceError\` or \`PromptError\`
(see [Tools](tools.md), [Resources](resources.md), [Prompts](prompts.md)).

The message names the place, the invalid value and the fix. The code is for programs:

\`\`\`ts
import { createServer, MethodicError, tool } from "methodic";

class Clock {
  /** Tell the time. */
  @tool() now(): string {
    return new Date().toISOString();
  }
}

const server = createServer({ name: "clock", version: "1.0.0", services: [Clock] });
try {
  await server.serve({ transport: "http", port: 8000 });
} catch (error) {
  if (!(error instanceof MethodicError) || error.code !== "ADDRESS_IN_USE") throw error;
  await server.serve({ transport: "http", port: 0 });
}
\`\`\`

Errors of the compiler are [diagnostics](diagnostics.md).
`;

function renderPage(): string {
  const entries = Object.entries(ERROR_CODES).map(
    ([code, { when, fix }]) => `## ${code}\n\n${when}\n\n**Fix:** ${fix}\n`,
  );
  return [INTRODUCTION, ...entries].join("\n");
}

describe("error codes", () => {
  it("are the entries of docs/errors.md", async () => {
    await expect(renderPage()).toMatchFileSnapshot("../../../docs/errors.md");
  });

  it.each(Object.keys(ERROR_CODES))("%s is thrown somewhere", (code) => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "error-codes.ts",
    );
    const throwing = sources.filter((file) =>
      readFileSync(`${import.meta.dirname}/${file}`, "utf8").includes(`"${code}"`),
    );
    expect(throwing).not.toEqual([]);
  });
});
