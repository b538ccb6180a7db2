import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { compileProject } from "@methodic/compiler";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readAnchors, readLinks } from "./links.ts";
import { readExamples, readSnippets, root, type Snippet } from "./snippets.ts";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...["packages", "examples"].flatMap((group) =>
    readdirSync(root + group)
      .map((name) => `${group}/${name}/README.md`)
      .filter((file) => existsSync(root + file)),
  ),
];
const snippets = documents.flatMap(readSnippets);
// The snippets of diagnostics.md must not compile; the compiler's tests expect their diagnostics.
const guides = snippets.filter(({ language, document }) => language === "ts" && document !== "docs/diagnostics.md");
const examples = ["methodic", "compiler", "cli"].flatMap((name) =>
  readdirSync(`${root}packages/${name}/src`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .sort()
    .flatMap((file) => readExamples(`packages/${name}/src/${file.replaceAll("\\", "/")}`)),
);
const modules = [...guides, ...examples];
const project = `${root}docs/.cache/snippets`;

const exportsServer = ({ code }: Snippet): boolean => code.includes("export default createServer");

function folderOf(snippet: Snippet): string {
  return `${snippet.document.replaceAll(/[^a-z]+/gi, "-")}-${snippet.line}`;
}

/** Finds the server that a snippet imports as `./server.js`: its document's, else the README's. */
function serverFor(snippet: Snippet): Snippet {
  const server = [snippet.document, "README.md"]
    .map((document) => modules.find((other) => other.document === document && exportsServer(other)))
    .find((found) => found !== undefined);
  if (!server)
    throw new Error(`${snippet.document}:${snippet.line} imports ./server.js, but no snippet exports a server.`);
  return server;
}

function writeSnippets(): string[] {
  rmSync(project, { recursive: true, force: true });
  return modules.map((snippet) => {
    const folder = `${project}/${folderOf(snippet)}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/snippet.ts`, snippet.code);
    if (snippet.code.includes('"./server.js"')) writeFileSync(`${folder}/server.ts`, serverFor(snippet).code);
    return `${folder}/snippet.ts`;
  });
}

describe("documentation snippets", () => {
  const files = writeSnippets();

  it("cover every guide and every entry point", () => {
    const documented = new Set(modules.map(({ document }) => document));
    for (const guide of ["getting-started", "tools", "resources", "prompts", "testing", "auth"]) {
      expect(documented).toContain(`docs/${guide}.md`);
    }
    for (const entry of [
      "server/create-server",
      "decorators/tool",
      "decorators/resource",
      "decorators/prompt",
      "decorators/service",
      "testing/test-client",
      "auth/api-key",
      "auth/jwt",
      "protocol/sdk-context",
      "adapters/sdk-v1",
      "adapters/sdk-v2",
    ]) {
      expect(documented).toContain(`packages/methodic/src/${entry}.ts`);
    }
  });

  it.each([{ experimentalDecorators: false }, { experimentalDecorators: true }])(
    "type-check with %o",
    { timeout: 120_000 },
    (dialect) => {
      const program = ts.createProgram(files, {
        ...dialect,
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
        module: ts.ModuleKind.NodeNext,
        types: ["node"],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
      });
      const text = ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => project,
        getNewLine: () => "\n",
      });
      expect(text).toBe("");
    },
  );

  it("compile without diagnostics", () => {
    const { diagnostics } = compileProject({ root: project, files });
    expect(diagnostics).toEqual([]);
  });

  it("show the JSON that the compiler generates for the README's first class", () => {
    const [first, published] = snippets.filter(({ document }) => document === "README.md");
    const { servers } = compileProject({ root: project, files: [`${project}/${folderOf(first!)}/snippet.ts`] });
    expect({ name: "greet", ...servers["greeter"]?.tools["greet"] }).toEqual(JSON.parse(published!.code));
  });

  it.each(snippets.filter(({ language }) => language === "json"))("parse as JSON at $document:$line", ({ code }) => {
    expect(() => JSON.parse(code)).not.toThrow();
  });

  it.each(snippets.filter(({ file }) => file !== undefined))("equal $file at $document:$line", ({ code, file }) => {
    expect(code).toBe(readFileSync(`${root}${file}`, "utf8"));
  });
});

describe("documents", () => {
  it.each(documents)("link only to existing files and headings: %s", (document) => {
    const broken = readLinks(root + document).filter(({ file, anchor }) => {
      if (!existsSync(file)) return true;
      return anchor !== undefined && !readAnchors(file).has(anchor);
    });
    expect(broken.map(({ text }) => text)).toEqual([]);
  });

  it("name only existing paths in architecture.md", () => {
    const text = readFileSync(`${root}docs/architecture.md`, "utf8");
    const paths = [...text.matchAll(/`((?:packages|examples|docs|bench|e2e|fixtures)(?:\/[^`\s]+)?)`/g)].map(
      (match) => match[1] ?? "",
    );
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it("keep README.md under 150 lines of at most 120 columns", () => {
    const lines = readFileSync(`${root}README.md`, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThan(150);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });

  // examples/notes-weather/test/minimal-on-sdk.test.ts compares their behavior.
  it("give the sizes of the notes server and of its counterpart on the SDK in README.md", () => {
    const countCharacters = (file: string): string =>
      readFileSync(`${root}examples/notes-weather/minimal/${file}`, "utf8")
        .replaceAll(/\s/g, "")
        .length.toLocaleString("en-US");
    const [, comparison] =
      /^## Compare it with the SDK\n\n([^`]+?)\n\n/m.exec(readFileSync(`${root}README.md`, "utf8")) ?? [];
    expect(comparison).toContain(`take ${countCharacters("notes.ts")} characters`);
    expect(comparison).toContain(`takes ${countCharacters("notes-on-sdk.ts")}.`);
  });
});
