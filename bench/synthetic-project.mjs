// Writes a project of N tools: five kinds of signature, shared generic types and, for every ten
// tools, local ones with JSDoc.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const SHARED = `/** A page of results. */
export interface Page<T> {
  /** The items on this page. */
  items: T[];
  /** Where the next page starts, if there is one. */
  next?: string;
}

/** A person or thing that owns data. */
export interface Owner {
  /** @minLength 1 */
  id: string;
  kind: "person" | "team" | "robot";
  tags?: Record<string, string>;
}
`;

const MAIN = `import server from "./server.js";\n\nawait server.serve();\n`;

function method(n) {
  const file = Math.floor(n / 10);
  const doc = (text, params) =>
    `  /**\n   * ${text} ${n}.\n${params.map((p) => `   * @param ${p}`).join("\n")}\n   */\n  @tool()`;
  switch (n % 5) {
    case 0:
      return `${doc("Say something about", ["topic What to talk about"])}\n  say${n}(topic: string): string {\n    return topic;\n  }\n`;
    case 1:
      return `${doc("Search for", ["query The words", "limit How many at most"])}\n  search${n}(query: string, limit = 10): Page<Item${file}> {\n    return { items: [{ id: query, size: limit, state: "new" }] };\n  }\n`;
    case 2:
      return `${doc("Store an item", ["item The item", "owner Whose it is"])}\n  store${n}(item: Item${file}, owner: Owner): { stored: boolean; owner: Owner } {\n    return { stored: item.size > 0, owner };\n  }\n`;
    case 3:
      return `${doc("Change items", ["ids Which ones", "patch What changes"])}\n  async change${n}(ids: string[], patch: Partial<Item${file}>): Promise<number> {\n    return ids.length + Object.keys(patch).length;\n  }\n`;
    default:
      return `${doc("Count by state", ["state Which state", "exact Whether to be exact"])}\n  count${n}(state: Item${file}["state"], exact?: boolean): { count: number; exact: boolean; state: string } {\n    return { count: 1, exact: exact ?? false, state };\n  }\n`;
  }
}

function itemType(group) {
  return `/** A thing of group ${group}. */
export interface Item${group} {
  /** Its id. */
  id: string;
  /** Its size in bytes. @minimum 0 */
  size: number;
  /** Where it stands. */
  state: "new" | "open" | "closed";
  parent?: { id: string; note: string | null };
}
`;
}

/** Returns the text of a file with one class of `count` tools, numbered from `first`. */
function service(file, first, count) {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  const groups = new Set(numbers.map((n) => Math.floor(n / 10)));
  return `import { tool } from "methodic";
import type { Owner, Page } from "./shared.js";

${Array.from(groups, itemType).join("\n")}
export class Service${file} {
${numbers.map(method).join("\n")}}
`;
}

/** Empties a folder and writes a project with these files in `src`. Returns the folder. */
export function writeTypeScript(folder, files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/src`, { recursive: true });
  const options = {
    target: "ES2022",
    lib: ["ES2022"],
    types: ["node"],
    module: "NodeNext",
    strict: true,
    skipLibCheck: true,
    rootDir: "src",
    outDir: "dist",
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: options, include: ["src"] }));
  const name = folder.replace(/^.*\//, "");
  writeFileSync(`${folder}/package.json`, JSON.stringify({ name, type: "module", private: true }));
  for (const [file, text] of Object.entries(files)) writeFileSync(`${folder}/src/${file}`, text);
  return folder;
}

/**
 * Empties a folder and writes a project with a number of tools into it, one class per file. Returns
 * the folder.
 */
export function writeProject(folder, tools, toolsPerClass = 10) {
  writeTypeScript(folder, { "shared.ts": SHARED, "main.ts": MAIN });
  const files = Math.ceil(tools / toolsPerClass);
  for (let file = 0; file < files; file++) {
    writeFileSync(
      `${folder}/src/service-${file}.ts`,
      service(file, file * toolsPerClass, Math.min(toolsPerClass, tools - file * toolsPerClass)),
    );
  }
  const names = Array.from({ length: files }, (_, file) => file);
  const server = `import { createServer } from "methodic";
${names.map((file) => `import { Service${file} } from "./service-${file}.js";`).join("\n")}

export default createServer({ name: "synthetic", version: "1.0.0", services: [${names.map((f) => `Service${f}`).join(", ")}] });
`;
  writeFileSync(`${folder}/src/server.ts`, server);
  return folder;
}
