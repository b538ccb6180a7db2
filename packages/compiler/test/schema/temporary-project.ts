import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The public types of `methodic`, as far as the compiler reads them. */
const STUB = `
export interface Annotations { readonly priority?: number }
export interface TextContent { readonly type: "text"; readonly text: string; readonly annotations?: Annotations }
export interface ImageContent { readonly type: "image"; readonly data: string; readonly mimeType: string }
export type ContentBlock = TextContent | ImageContent;
export interface ToolResult<T = unknown> { readonly content: string | ContentBlock[]; readonly structuredContent?: T }
export interface PromptMessage { readonly role: "user" | "assistant"; readonly content: ContentBlock | string }
export interface Context { readonly signal: AbortSignal; progress(done: number): Promise<void> }
type Decorator = (...args: any[]) => any;
declare function tool(method: any, context: ClassMethodDecoratorContext): void;
declare function tool(options?: string | { [key: string]: unknown }): Decorator;
declare function prompt(method: any, context: ClassMethodDecoratorContext): void;
declare function prompt(options?: string | { [key: string]: unknown }): Decorator;
declare function resource(uri: string, options?: string | { [key: string]: unknown }): Decorator;
export { prompt, resource, tool };
export type * from "./constraints.js";
`;

/** The constraint types as they are: their source is nothing but types. */
const CONSTRAINTS = readFileSync(new URL("../../../methodic/src/constraints.ts", import.meta.url), "utf8");

const TSCONFIG = {
  compilerOptions: { target: "ES2022", lib: ["ES2023"], module: "NodeNext", strict: true, types: [] },
  include: ["**/*.ts"],
};

/** Files by path relative to the project, as text or, for JSON, as data. */
export type ProjectFiles = Readonly<Record<string, string | object>>;

/** A project on disk, outside of this workspace, that is removed at the end of its scope. */
export interface TemporaryProject extends Disposable {
  readonly root: string;
  /** Writes or replaces files. */
  readonly write: (files: ProjectFiles) => void;
}

/** Makes a project with a tsconfig and a stand-in for the package `methodic`, unless the files say otherwise. */
export function makeProject(files: ProjectFiles, options: { readonly bare?: boolean } = {}): TemporaryProject {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "methodic-compiler-")));
  const write = (written: ProjectFiles): void => {
    for (const [file, content] of Object.entries(written)) {
      const target = path.join(root, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content));
    }
  };
  if (!options.bare) {
    write({
      "tsconfig.json": TSCONFIG,
      "node_modules/methodic/package.json": { name: "methodic", version: "0.0.0", type: "module", types: "index.d.ts" },
      "node_modules/methodic/index.d.ts": STUB,
      "node_modules/methodic/constraints.d.ts": CONSTRAINTS,
    });
  }
  write({ "package.json": { name: "fixture", type: "module" }, ...files });
  return { root, write, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
