import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "./error-codes.ts";

const PAGE = `${import.meta.dirname}/../../../docs/errors.md`;

/** Renders the page: its own introduction, then an entry for each code. */
function renderPage(): string {
  const introduction = /^[^]*?\n(?=\n## )/.exec(readFileSync(PAGE, "utf8"))?.[0] ?? "";
  const entries = Object.entries(ERROR_CODES).map(
    ([code, { when, fix }]) => `## ${code}\n\n${when}\n\n**Fix:** ${fix}\n`,
  );
  return [introduction, ...entries].join("\n");
}

describe("error codes", () => {
  it("are the entries of docs/errors.md", async () => {
    await expect(renderPage()).toMatchFileSnapshot(PAGE);
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
