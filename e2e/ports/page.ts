import { readFileSync, writeFileSync } from "node:fs";
import { PORTS, type Port } from "./ports.ts";
import { measure } from "./sizes.ts";

const PAGE = new URL("../../docs/migrating.md", import.meta.url);

/** The text of docs/migrating.md. */
export function readPage(): string {
  return readFileSync(PAGE, "utf8");
}

/** Replaces docs/migrating.md. */
export function writePage(text: string): void {
  writeFileSync(PAGE, text);
}

/** Returns the page with the sizes and differences of the ports as they are now. */
export function renderPage(): string {
  const sizes = PORTS.map((port) => {
    const { original, port: rebuilt, originalCode, portCode } = measure(port);
    const cells = [original, rebuilt, originalCode, portCode].map((size) => size.toLocaleString("en-US"));
    return `| ${linkTo(port)} | ${cells.join(" | ")} | ${Math.round((100 * portCode) / originalCode)} % |\n`;
  });
  const rows = new Map<string, string[]>();
  for (const { name, differences } of PORTS) {
    for (const { original, port } of differences) {
      const texts = `${original} | ${port}`;
      rows.set(texts, [...(rows.get(texts) ?? []), name]);
    }
  }
  const differences = [...rows].map(([texts, names]) => {
    return `| ${names.length === PORTS.length ? "all" : names.join(", ")} | ${texts} |\n`;
  });
  const [before = "", after = ""] = readPage().split(/\n<!-- generated -->\n[^]*<!-- \/generated -->\n/);
  const tables =
    `| server | original | port | original without descriptions | port without descriptions | share |\n` +
    `| --- | ---: | ---: | ---: | ---: | ---: |\n${sizes.join("")}\n` +
    `| server | original | port |\n| --- | --- | --- |\n${differences.join("")}`;
  return `${before}\n<!-- generated -->\n\n${tables}\n<!-- /generated -->\n${after}`;
}

function linkTo({ name }: Port): string {
  return `[${name}](../e2e/ports/${name})`;
}
