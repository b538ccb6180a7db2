import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Store } from "methodic";
import { storeContract } from "methodic/testing";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { readSnippets, root } from "./snippets.ts";

mkdirSync(`${root}docs/.cache`, { recursive: true });
const folder = mkdtempSync(`${root}docs/.cache/store-`);
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads the store of docs/state.md as a module. */
async function loadStore(): Promise<new (folder: string) => Store> {
  const { code = "" } = readSnippets("docs/state.md").find((snippet) => snippet.code.includes("class FileStore")) ?? {};
  const file = path.join(folder, "file-store.mjs");
  writeFileSync(file, ts.transpile(code, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }));
  const { FileStore } = (await import(pathToFileURL(file).href)) as { FileStore: new (folder: string) => Store };
  return FileStore;
}

describe("The store of docs/state.md", async () => {
  const FileStore = await loadStore();

  it.each(storeContract(() => new FileStore(path.join(folder, "values")), { ttl: 100 }))(
    "keeps the contract: $name",
    async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    },
  );
});
