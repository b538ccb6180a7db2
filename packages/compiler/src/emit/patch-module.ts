import { MANIFEST_KEY } from "methodic/manifest";
import ts from "typescript";
import type { CompiledService, SiteCall } from "../manifest.ts";
import { findEmittedCalls, hasSiteData } from "./call-matching.ts";
import {
  findEmitted,
  hasDecorators,
  hasSameParameters,
  methodsOf,
  readClassShapes,
  type ClassShape,
} from "./class-matching.ts";
import { appendTail, generatedNames, mapComment, type ModuleFormat } from "./manifest-code.ts";
import { type ModuleData, moduleTail } from "./module-code.ts";
import { dataArgumentText, type TextInsertion } from "./site-code.ts";
import type { LineEdit } from "./source-map-edits.ts";

/** A module emitted by any compiler, and the services and calls of its source. */
export interface ModuleToPatch extends ModuleData {
  readonly fileName: string;
  readonly text: string;
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
  /** A class, method or call that differs between the module and its source. */
  | { readonly kind: "unmatched"; readonly service: CompiledService; readonly method?: string }
  | { readonly kind: "unmatched"; readonly call: SiteCall }
  /** The module has manifests from another tool. */
  | { readonly kind: "foreign" };

const PATCH_MARK = "/* methodic patch */";
const TAIL_MARK = "/* methodic patch: what follows is written by it. */";
const PATCHES =
  / \/\* methodic patch \*\/(?: static get \[Symbol\.for\("[\w.]+"\)\]\(\) \{ return \w+\(\); \}| (?: |(?:void 0)?, )\w+_data_\d+\(\))/g;

/**
 * Adds manifests, and the data of calls, to a module that was emitted without them. An earlier
 * patch is removed first.
 */
export function patchModule({ fileName, text, ...data }: ModuleToPatch): PatchOutcome {
  const { text: bare, edits: removals } = withoutPatch(text);
  if (bare.includes(`[Symbol.for("${Symbol.keyFor(MANIFEST_KEY)}")]`) || hasSiteData(bare)) return { kind: "foreign" };
  const file = ts.createSourceFile(fileName, bare, ts.ScriptTarget.Latest, true, ts.ScriptKind.JSX);
  const names = generatedNames(bare);
  const classes = matchClasses(data.services, file);
  if (!Array.isArray(classes)) return classes;
  const calls = findEmittedCalls(data.calls, file);
  if ("node" in calls) return { kind: "unmatched", call: calls };
  const insertions: TextInsertion[] = [
    ...classes.map(({ members }, index) => ({ position: members.pos, inserted: getterText(names.manifest(index)) })),
    ...data.calls.map((call, index) => {
      const { position, inserted } = dataArgumentText(calls.get(call) as ts.CallExpression, names.data(index));
      return { position, inserted: ` ${PATCH_MARK} ${inserted}` };
    }),
  ].sort((a, b) => a.position - b.position);
  const additions = insertions.map(({ position, inserted }) => {
    const { line, character } = file.getLineAndCharacterOfPosition(position);
    return { line, column: character, inserted };
  });
  const tail = `${TAIL_MARK}\n${moduleTail(data, names, formatOf(file))}`;
  const patched = appendTail(insertAll(bare, insertions), tail);
  const decorated = data.services.find((_, index) => hasDecorators(classes[index] as ts.ClassLikeDeclaration));
  return { kind: "patched", text: patched, steps: [removals, additions], decorated };
}

/** Finds the compiled class of each service. */
function matchClasses(
  services: readonly CompiledService[],
  file: ts.SourceFile,
): ts.ClassLikeDeclaration[] | Extract<PatchOutcome, { readonly kind: "unmatched" }> {
  const [first] = services;
  const sources = first ? readClassShapes(first.sourceFile) : [];
  const emitted = readClassShapes(file);
  const classes: ts.ClassLikeDeclaration[] = [];
  for (const service of services) {
    const found = findEmitted(service.node, sources, emitted);
    const method = found && changedMethod(service, found);
    if (!found || method !== undefined) return { kind: "unmatched", service, ...(method !== undefined && { method }) };
    classes.push(found.node);
  }
  return classes;
}

/**
 * Adds manifests, and the data of calls, to the TypeScript of a file, for a runtime that compiles
 * it itself. No line moves.
 */
export function completeSource(sourceFile: ts.SourceFile, data: ModuleData): string {
  const names = generatedNames(sourceFile.text);
  const insertions = [
    ...data.services.map(({ node }, index) => ({
      position: node.members.pos,
      inserted: getterText(names.manifest(index)),
    })),
    ...data.calls.map(({ node }, index) => dataArgumentText(node, names.data(index))),
  ].sort((a, b) => a.position - b.position);
  return appendTail(insertAll(sourceFile.text, insertions), moduleTail(data, names, "esm"));
}

function changedMethod(service: CompiledService, { node }: ClassShape): string | undefined {
  const [written, emitted] = [methodsOf(service.node), methodsOf(node)];
  return [...service.members.keys()].find((name) => {
    const [source, target] = [written.get(name), emitted.get(name)];
    return source !== undefined && (target === undefined || !hasSameParameters(source, target));
  });
}

function getterText(callee: string): string {
  return ` ${PATCH_MARK} static get [Symbol.for("${Symbol.keyFor(MANIFEST_KEY)}")]() { return ${callee}(); }`;
}

function withoutPatch(text: string): { readonly text: string; readonly edits: readonly LineEdit[] } {
  const edits = [...text.matchAll(PATCHES)].map((match) => {
    const before = text.slice(0, match.index);
    const lineStart = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length - 1, column: match.index - lineStart, removed: match[0].length };
  });
  const bare = text.replaceAll(PATCHES, "");
  const tail = bare.indexOf(`${TAIL_MARK}\n`);
  if (tail < 0) return { text: bare, edits };
  return { text: bare.slice(0, tail) + mapComment(bare), edits };
}

function insertAll(text: string, insertions: readonly TextInsertion[]): string {
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
