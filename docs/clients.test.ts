import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderClientsPage } from "./clients-page.ts";
import { root } from "./snippets.ts";

it("docs/clients.md shows the rules that the code applies", () => {
  const page = `${root}docs/clients.md`;
  if (process.env["UPDATE_DOCS"]) writeFileSync(page, renderClientsPage());
  expect(readFileSync(page, "utf8")).toBe(renderClientsPage());
});
