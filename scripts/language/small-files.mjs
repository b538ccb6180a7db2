// Finds source files that are too short to stand alone.
import { readFileSync } from "node:fs";
import path from "node:path";
import { SMALL_FILE } from "./rules.mjs";

const SOURCE = /^packages\/[^/]+\/src\/.*(?<!\.test|\.d)\.ts$/;

/** Returns files below the limit that exactly one other source file imports. */
export function findSmallFiles(top, files) {
  const sources = files.filter((file) => SOURCE.test(file));
  const importers = new Map(sources.map((file) => [file, []]));
  const lengths = new Map();
  for (const file of sources) {
    const text = readFileSync(path.join(top, file), "utf8");
    lengths.set(file, text.trimEnd().split("\n").length);
    for (const imported of new Set(findRelativeImports(file, text))) importers.get(imported)?.push(file);
  }
  return sources
    .filter((file) => lengths.get(file) < SMALL_FILE && importers.get(file).length === 1)
    .map((file) => ({ file, lines: lengths.get(file), importer: importers.get(file)[0] }));
}

function findRelativeImports(file, text) {
  return Array.from(text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g), ([, specifier]) =>
    path.posix.join(path.posix.dirname(file), specifier),
  );
}
