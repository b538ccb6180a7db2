import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Port } from "./ports.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Characters that an author writes for a server, without whitespace. */
export interface Sizes {
  /** Of the JavaScript on npm, which has no types, without comments and tests. */
  readonly original: number;
  /** Of the TypeScript, with its comments, which become descriptions. */
  readonly port: number;
  /** The same without descriptions, which differ in length. */
  readonly originalCode: number;
  readonly portCode: number;
}

/** Measures an original and its port. */
export function measure({ name, omitted }: Port): Sizes {
  const published = `${folder}../node_modules/@modelcontextprotocol/server-${name}/dist/`;
  const originals = readModules(
    published,
    (file) => file.endsWith(".js") && !/__tests__|vitest/.test(file) && !omitted?.test(file),
  );
  const ports = readModules(`${folder}${name}/`, (file) => file.endsWith(".ts"));
  const original = sum(originals.map((module) => lengthOf(withoutComments(module))));
  return {
    original,
    port: sum(ports.map((module) => lengthOf(module.text))),
    originalCode: original - sum(originals.flatMap(findDescriptions).map(lengthOf)),
    portCode: sum(ports.map((module) => lengthOf(withoutComments(module)))),
  };
}

function readModules(root: string, isCounted: (file: string) => boolean): ts.SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter(isCounted)
    .map((file) => ts.createSourceFile(file, readFileSync(root + file, "utf8"), ts.ScriptTarget.Latest, true));
}

function withoutComments(module: ts.SourceFile): string {
  return ts.createPrinter({ removeComments: true }).printFile(module);
}

/** Finds the texts of `description: "…"` and `.describe("…")`. */
function findDescriptions(node: ts.Node): string[] {
  if (ts.isPropertyAssignment(node) && node.name.getText() === "description") return [node.initializer.getText()];
  const inner: string[] = [];
  ts.forEachChild(node, (child) => void inner.push(...findDescriptions(child)));
  const isDescribed =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "describe";
  return isDescribed ? [...inner, ...node.arguments.map((argument) => argument.getText())] : inner;
}

/** Counts without whitespace and base64 images. */
function lengthOf(text: string): number {
  return text.replaceAll(/[A-Za-z\d+/=]{1000,}|\s/g, "").length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
