import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { compileProject } from "@methodic/compiler";
import { root } from "./snippets.ts";

/** A row of a table in docs/types.md: a type and its schema or diagnostic code. */
export interface TypeRow {
  /** The line in the document, from 0. */
  readonly index: number;
  readonly section: string;
  readonly type: string;
  /** The second cell's text. */
  readonly claimed: string;
}

const page = `${root}docs/types.md`;

/** Reads the rows of all tables whose first column contains types. */
export function readTypeRows(): TypeRow[] {
  let section = "";
  return readFileSync(page, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line.startsWith("## ")) section = line.slice(3);
      const cells = splitRow(line);
      const type = cells[0] && /^(`+) ?(.*?) ?\1$/.exec(cells[0])?.[2];
      if (!type) return [];
      return [{ index, section, type, claimed: cells[1]?.replaceAll("`", "") ?? "" }];
    });
}

function splitRow(line: string): string[] {
  if (!line.startsWith("|")) return [];
  const cells = line.slice(1, -1).split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Compiles the rows; returns their schemas or codes as the second column writes them. */
export function compileTypeRows(rows: readonly TypeRow[]): string[] {
  const project = `${root}docs/.cache/types`;
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  const declarations = readDeclarations();
  const files = rows.map((row, index) => {
    const file = `${project}/row-${index}.ts`;
    // With a second parameter, a discriminated union is a property, too.
    const service = `export class Row {\n  @tool() run(value: ${row.type}, other?: boolean): void {}\n}\n`;
    writeFileSync(file, `import { tool } from "methodic";\n${declarations.get(row.section) ?? ""}\n${service}`);
    return file;
  });
  const { services, diagnostics } = compileProject({ root: project, files, keepGoing: true });
  return rows.map((_, index) => {
    const codes = diagnostics
      .filter(({ file, severity }) => file === `row-${index}.ts` && severity === "error")
      .map(({ code }) => code);
    if (codes.length > 0) return codes.join(", ");
    const { inputSchema } = services[`row-${index}.ts#Row`]?.tools["run"] ?? {};
    const { properties, $defs } = (inputSchema ?? {}) as { properties?: { value?: object }; $defs?: object };
    return JSON.stringify({ ...properties?.value, ...($defs && { $defs }) });
  });
}

function readDeclarations(): Map<string, string> {
  const sections = readFileSync(page, "utf8").split(/^## /m);
  return new Map(sections.map((text) => [text.split("\n", 1)[0] ?? "", /^```ts\n(.*?)^```$/ms.exec(text)?.[1] ?? ""]));
}

/** Writes the compiled schemas and codes into the page. */
export function writeTypeRows(rows: readonly TypeRow[], made: readonly string[]): void {
  const lines = readFileSync(page, "utf8").split("\n");
  for (const [number, { index }] of rows.entries()) {
    const [first, , ...rest] = (lines[index] ?? "").slice(1, -1).split(/(?<!\\)\|/);
    const cell = ` \`${(made[number] ?? "").replaceAll("|", "\\|")}\` `;
    lines[index] = `|${[first, cell, ...rest].join("|")}|`;
  }
  writeFileSync(page, lines.join("\n"));
}
