import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import type { Step } from "../transcript.ts";

const CODE = "function add(a, b) {\n    const sum = a + b;\n    return sum;\n}\n";

/** Writes the files that the script reads, and returns the folder that the servers may use. */
export function writeFiles(folder: string): string {
  const site = `${folder}/site`;
  mkdirSync(`${site}/docs/deep`, { recursive: true });
  mkdirSync(`${site}/empty`);
  writeFileSync(`${folder}/secret.txt`, "secret");
  writeFileSync(`${site}/lines.txt`, "one\ntwo\nthree\nfour\n");
  writeFileSync(`${site}/code.js`, CODE);
  writeFileSync(`${site}/fence.md`, "```js\nlet a;\n```\n");
  writeFileSync(`${site}/large.bin`, Buffer.alloc(3000, 7));
  writeFileSync(`${site}/dot.PNG`, Buffer.from([137, 80, 78, 71]));
  writeFileSync(`${site}/beep.mp3`, Buffer.from([1, 2, 3]));
  writeFileSync(`${site}/docs/guide.md`, "# Guide\n");
  writeFileSync(`${site}/docs/deep/.hidden.md`, "hidden\n");
  symlinkSync(`${folder}/secret.txt`, `${site}/outward`);
  symlinkSync(`${site}/lines.txt`, `${site}/inward`);
  utimesSync(`${site}/code.js`, 1_700_000_000, 1_700_000_000);
  return site;
}

/** The test replaces the folder in the answers. */
export function filesystemSteps(folder: string): Step[] {
  const site = `${folder}/site`;
  const on = (tool: string, path: string, more: object = {}): Step => ({ tool, args: { path: site + path, ...more } });
  const edit = (path: string, [oldText, newText]: [string, string], more: object = {}): Step =>
    on("edit_file", path, { edits: [{ oldText, newText }], ...more });
  return [
    { tool: "list_allowed_directories" },
    on("list_directory", ""),
    on("list_directory_with_sizes", ""),
    on("list_directory_with_sizes", "", { sortBy: "size" }),
    on("directory_tree", ""),
    on("directory_tree", "", { excludePatterns: ["deep", "*.md"] }),
    on("search_files", "", { pattern: "**/*.md" }),
    on("search_files", "", { pattern: "**", excludePatterns: ["docs/**", "*.bin"] }),
    on("search_files", "", { pattern: "*.none" }),
    on("read_file", "/lines.txt"),
    on("read_text_file", "/lines.txt", { head: 2 }),
    on("read_text_file", "/lines.txt", { head: 9 }),
    on("read_text_file", "/lines.txt", { tail: 2 }),
    on("read_text_file", "/lines.txt", { head: 1, tail: 1 }),
    on("read_text_file", "/inward"),
    on("read_text_file", "/outward"),
    on("read_text_file", "/missing.txt"),
    on("read_text_file", "/../secret.txt"),
    { tool: "read_text_file", args: { path: "docs/guide.md" } },
    on("read_media_file", "/dot.PNG"),
    on("read_media_file", "/beep.mp3"),
    on("read_media_file", "/docs/guide.md"),
    {
      tool: "read_multiple_files",
      args: { paths: [`${site}/lines.txt`, `${folder}/secret.txt`, `${site}/docs/guide.md`] },
    },
    on("write_file", "/new.txt", { content: "new ✓\n" }),
    on("write_file", "/lines.txt", { content: "replaced\n" }),
    on("write_file", "/no/such/folder.txt", { content: "" }),
    on("read_text_file", "/new.txt"),
    edit("/code.js", ["return sum;", "return sum + $&;"], { dryRun: true }),
    edit("/code.js", ["const sum = a + b;\nreturn sum;", "const product = a * b;\n    return product;"]),
    edit("/code.js", ["  const product = a * b;\n    return product;", "  return (\n      a\n    );"]),
    edit("/code.js", ["not there", "anything"]),
    edit("/fence.md", ["let a;", "let b;"]),
    on("read_text_file", "/code.js"),
    on("create_directory", "/made"),
    on("create_directory", "/made"),
    { tool: "move_file", args: { source: `${site}/new.txt`, destination: `${site}/made/moved.txt` } },
    { tool: "move_file", args: { source: `${site}/made/moved.txt`, destination: `${folder}/out.txt` } },
    { tool: "move_file", args: { source: `${site}/made/moved.txt`, destination: `${site}/lines.txt` } },
    on("write_file", "/cafe\u0301.txt", { content: "decomposed" }),
    on("read_text_file", "/caf\u00e9.txt"),
    { tool: "write_file", args: { path: "C:\\work\\notes.txt", content: "" } },
    on("create_directory", "/deeper/and/deeper"),
    on("get_file_info", "/docs/guide.md"),
    on("get_file_info", "/empty"),
    on("directory_tree", "/made"),
    { ...on("list_directory_with_sizes", "", { sortBy: "date" }), invalid: true } as Step,
    { tool: "read_multiple_files", args: { paths: [] }, invalid: true },
    { tool: "no_such_tool" },
  ];
}
