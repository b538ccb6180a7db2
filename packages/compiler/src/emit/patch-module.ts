import { MANIFEST_KEY } from "methodic/manifest";
import ts from "typescript";
import type { CompiledService } from "../manifest.ts";
import {
  findEmitted,
  hasDecorators,
  hasSameParameters,
  methodsOf,
  readClassShapes,
  type ClassShape,
} from "./class-matching.ts";
import { appendTail, generatedNames, manifestTail, mapComment, type ModuleFormat } from "./manifest-code.ts";
import type { LineEdit } from "./source-map-edits.ts";

/** A module emitted by any compiler, and the services of its source. */
export interface ModuleToPatch {
  readonly fileName: string;
  readonly text: string;
  /** Services of one source file. */
  readonly services: readonly CompiledService[];
}

/** The outcome of a patch. */
export type PatchOutcome =
  | {
      readonly kind: "patched";
      readonly text: string;
      /** Edits of the lines that source mappings refer to, one step after the other. */
      readonly steps: readonly (readonly LineEdit[])[];
      /** A service whose decorators were not compiled away. */
      readonly decorated: CompiledService | undefined;
    }
  /** A class or method that differs between the module and its source. */
  | { readonly kind: "unmatched"; readonly service: CompiledService; readonly method?: string }
  /** The module has manifests from another tool. */
  | { readonly kind: "foreign" };

const GETTER_MARK = "/* methodic patch */";
const TAIL_MARK = "/* methodic patch: what follows is written by it. */";
const GETTER = / \/\* methodic patch \*\/ static get \[Symbol\.for\("[\w.]+"\)\]\(\) \{ return \w+\(\); \}/g;

/** Adds manifests to a module that was emitted without them. An earlier patch is removed first. */
export function patchModule({ fileName, text, services }: ModuleToPatch): PatchOutcome {
  const { text: bare, edits: removals } = withoutPatch(text);
  if (bare.includes(`[Symbol.for("${Symbol.keyFor(MANIFEST_KEY)}")]`)) return { kind: "foreign" };
  const file = ts.createSourceFile(fileName, bare, ts.ScriptTarget.Latest, true, ts.ScriptKind.JSX);
  const names = generatedNames(bare);
  const [first] = services;
  const sources = first ? readClassShapes(first.sourceFile) : [];
  const emitted = readClassShapes(file);
  let decorated: CompiledService | undefined;
  const insertions: { readonly position: number; readonly inserted: string }[] = [];
  for (const [index, service] of services.entries()) {
    const found = findEmitted(service.node, sources, emitted);
    const method = found && changedMethod(service, found);
    if (!found || method !== undefined) return { kind: "unmatched", service, ...(method !== undefined && { method }) };
    if (hasDecorators(found.node)) decorated ??= service;
    insertions.push({ position: found.node.members.pos, inserted: getterText(names.manifest(index)) });
  }
  insertions.sort((a, b) => a.position - b.position);
  const additions = insertions.map(({ position, inserted }) => {
    const { line, character } = file.getLineAndCharacterOfPosition(position);
    return { line, column: character, inserted };
  });
  const tail = `${TAIL_MARK}\n${manifestTail(services, names, formatOf(file))}`;
  const patched = appendTail(insertAll(bare, insertions), tail);
  return { kind: "patched", text: patched, steps: [removals, additions], decorated };
}

/**
 * Adds manifests to the TypeScript of a file, for a runtime that compiles it itself. No line moves.
 */
export function completeSource(sourceFile: ts.SourceFile, services: readonly CompiledService[]): string {
  const names = generatedNames(sourceFile.text);
  const insertions = services.map(({ node }, index) => ({
    position: node.members.pos,
    inserted: getterText(names.manifest(index)),
  }));
  insertions.sort((a, b) => a.position - b.position);
  return appendTail(insertAll(sourceFile.text, insertions), manifestTail(services, names, "esm"));
}

function changedMethod(service: CompiledService, { node }: ClassShape): string | undefined {
  const [written, emitted] = [methodsOf(service.node), methodsOf(node)];
  return [...service.members.keys()].find((name) => {
    const [source, target] = [written.get(name), emitted.get(name)];
    return source !== undefined && (target === undefined || !hasSameParameters(source, target));
  });
}

function getterText(callee: string): string {
  return ` ${GETTER_MARK} static get [Symbol.for("${Symbol.keyFor(MANIFEST_KEY)}")]() { return ${callee}(); }`;
}

function withoutPatch(text: string): { readonly text: string; readonly edits: readonly LineEdit[] } {
  const edits = [...text.matchAll(GETTER)].map((match) => {
    const before = text.slice(0, match.index);
    const lineStart = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length - 1, column: match.index - lineStart, removed: match[0].length };
  });
  const bare = text.replaceAll(GETTER, "");
  const tail = bare.indexOf(`${TAIL_MARK}\n`);
  if (tail < 0) return { text: bare, edits };
  return { text: bare.slice(0, tail) + mapComment(bare), edits };
}

function insertAll(
  text: string,
  insertions: readonly { readonly position: number; readonly inserted: string }[],
): string {
  let result = "";
  let end = 0;
  for (const { position, inserted } of insertions) {
    result += text.slice(end, position) + inserted;
    end = position;
  }
  return result + text.slice(end);
}

function formatOf(file: ts.SourceFile): ModuleFormat {
  if (/\.[cm]js$/.test(file.fileName)) return file.fileName.endsWith(".mjs") ? "esm" : "commonjs";
  return ts.isExternalModule(file) ? "esm" : "commonjs";
}
