import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, describe, expect, it } from "vitest";
import { readSnippets, root } from "./snippets.ts";

mkdirSync(`${root}docs/.cache`, { recursive: true });
const folder = mkdtempSync(`${root}docs/.cache/sdk-`);
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  `${folder}/tsconfig.json`,
  JSON.stringify({ compilerOptions: { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true } }),
);

/** The servers of docs/sdk.md that run over stdio. */
const servers = readSnippets("docs/sdk.md").filter(({ code }) => code.includes("class Dice"));

describe("The servers of docs/sdk.md", () => {
  it.each([
    ["v2", "2025-11-25", servers[0]?.code],
    ["v2", "2026-07-28", servers[0]?.code],
    ["v1", "2025-11-25", servers[1]?.code],
  ])("serve the SDK's tool and the attached one over stdio: %s, %s", async (sdk, revision, code = "") => {
    const file = `${folder}/${sdk}-${revision}.ts`;
    writeFileSync(file, code);
    const mode = revision === "2026-07-28" ? { pin: revision } : ("legacy" as const);
    const client = new Client({ name: "docs", version: "1.0.0" }, { versionNegotiation: { mode } });
    const args = ["--import", "@methodic/compiler/register", file];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: folder }));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["flip", "roll"]);
    const flipped = await client.callTool({ name: "flip", arguments: { times: 2 } });
    expect(flipped.content).toEqual([{ type: "text", text: "heads heads" }]);
    const refused = await client.callTool({ name: "roll", arguments: { sides: 7 } });
    expect(refused.isError).toBe(true);
    await client.close();
  });
});
