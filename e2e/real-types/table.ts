import { readFileSync, writeFileSync } from "node:fs";
import type { JsonSchema } from "methodic/manifest";
import { REFUSED, TOO_LARGE } from "./exceptions.ts";
import type { SuiteTool } from "./suite.ts";

/** Maximum size of a schema, in bytes. */
export const LARGEST: number = 128 * 1024;

const PAGE = new URL("../../docs/real-types.md", import.meta.url);
const START = "| package | type | side | schema | verdict |\n| --- | --- | --- | ---: | --- |\n";

/** The text of docs/real-types.md. */
export function readPage(): string {
  return readFileSync(PAGE, "utf8");
}

/** Replaces docs/real-types.md. */
export function writePage(text: string): void {
  writeFileSync(PAGE, text);
}

/** The size of a schema as JSON, in bytes. */
export function sizeOf(schema: JsonSchema | undefined): number {
  return schema ? Buffer.byteLength(JSON.stringify(schema)) : 0;
}

/** Returns the page with its table and figures as they are now; the rest of the text is kept. */
export function renderPage(tools: readonly SuiteTool[], published: ReadonlyMap<SuiteTool, JsonSchema>): string {
  const working = tools.filter(({ refusal }) => !refusal);
  const sizes = working.map((tool) => sizeOf(published.get(tool))).sort((a, b) => a - b);
  const packages = new Set(tools.map(({ packageName }) => packageName)).size;
  const figures =
    `${tools.length} tools over ${packages} packages: ${working.length} work. ` +
    `The median of their schemas is ${inKb(sizes[sizes.length >> 1] ?? 0)}, the largest ${inKb(sizes.at(-1) ?? 0)}.`;
  const rows = tools.map((tool) => {
    const { id, packageName, type, side, refusal } = tool;
    const size = refusal ? "–" : inKb(sizeOf(published.get(tool)));
    const verdict = refusal
      ? `refused (${linkTo(refusal.code)}): ${REFUSED[id]?.reason}`
      : id in TOO_LARGE
        ? `large: ${TOO_LARGE[id]}`
        : "works";
    return `| \`${packageName}\` | \`${type.replaceAll("|", "\\|")}\` | ${side} | ${size} | ${verdict} |\n`;
  });
  const [before = "", after = ""] = readPage().split(/\n<!-- generated -->\n[^]*<!-- \/generated -->\n/);
  return `${before}\n<!-- generated -->\n\n${figures}\n\n${START}${rows.join("")}\n<!-- /generated -->\n${after}`;
}

function inKb(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function linkTo(code: string): string {
  return `[${code}](diagnostics.md)`;
}
