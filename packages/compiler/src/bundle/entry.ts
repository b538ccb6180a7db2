import path from "node:path";
import ts from "typescript";
import type { Disk } from "../project/disk.ts";
import { readProjectConfig } from "../project/tsconfig.ts";
import { BundleFailure, type BundleOptions } from "./bundle-options.ts";

/** The entry module of a bundle. */
export interface BundleEntry {
  /** Absolute path of the module. */
  readonly fileName: string;
  /** Absolute path of the folder for the project's JavaScript. */
  readonly outDir: string;
  readonly hasDefaultExport: boolean;
  /** True if its top level calls `serve()`. */
  readonly servesItself: boolean;
  /** Its first line if it is a hashbang. */
  readonly hashbang: string | undefined;
}

/** Common names of the module with the server. */
const COMMON_NAMES = ["src/main", "src/server", "src/index", "main", "server", "index"];
const EXTENSIONS = [".ts", ".mts", ".tsx", ".cts", ".js", ".mjs"];

/**
 * Finds the entry module: the one in the options, else `src/main`, else the program or main module
 * of package.json, else a module with another common name. Targets that serve the default export
 * use the first of these that has one.
 * @throws BundleFailure if no module is found
 */
export function findEntry(options: BundleOptions, disk: Disk): BundleEntry {
  const root = path.resolve(options.root);
  const configPath = path.resolve(root, options.tsconfig ?? "tsconfig.json");
  const existingConfig = disk.fileExists(configPath) ? configPath : undefined;
  const config = readProjectConfig({ root, configPath: existingConfig, disk }).options;
  const outDir = path.resolve(config.outDir ?? path.join(root, "dist"));
  const read = (fileName: string): BundleEntry => ({ fileName, outDir, ...readEntry(fileName, disk) });
  const mustExport = (options.target ?? "node") !== "node";
  if (options.entry !== undefined) {
    const fileName = path.resolve(root, options.entry);
    if (!disk.fileExists(fileName))
      throw new BundleFailure(`the entry '${options.entry}' does not exist (looked for ${fileName}).`);
    const entry = read(fileName);
    if (mustExport && !entry.hasDefaultExport) throw new BundleFailure(formatMissingExport([options.entry], options));
    return entry;
  }
  const stems = ["src/main", ...listPackageStems(root, { disk, outDir, rootDir: config.rootDir }), ...COMMON_NAMES];
  const found = stems
    .map((stem) =>
      EXTENSIONS.map((extension) => path.resolve(root, stem + extension)).find((name) => disk.fileExists(name)),
    )
    .filter((fileName) => fileName !== undefined);
  if (found.length === 0) {
    throw new BundleFailure(
      `found no entry module (no src/main.ts, none in package.json, no ${COMMON_NAMES.slice(1).join(", ")}). Name it with --entry <file>.`,
    );
  }
  const entries = [...new Set(found)].map(read);
  const chosen = mustExport ? entries.find(({ hasDefaultExport }) => hasDefaultExport) : entries[0];
  if (!chosen)
    throw new BundleFailure(
      formatMissingExport(
        entries.map(({ fileName }) => path.relative(root, fileName)),
        options,
      ),
    );
  return chosen;
}

function formatMissingExport(names: readonly string[], { target }: BundleOptions): string {
  return `${names.join(", ")}: no default export, which the target '${target}' serves. Write: export default createServer({ … }), and name that module with --entry.`;
}

/** Folders for mapping the output files in package.json to their sources. */
interface PackageLayout {
  readonly disk: Disk;
  readonly outDir: string;
  readonly rootDir: string | undefined;
}

/** Returns the sources, without extension, of the programs and main modules in package.json. */
function listPackageStems(root: string, { disk, outDir, rootDir }: PackageLayout): string[] {
  const text = disk.readFile(path.join(root, "package.json"));
  if (text === undefined) return [];
  const manifest = parseManifest(text);
  const { bin, main, module, exports } = manifest;
  const outputs = [bin, main, module, exports].flatMap(listPaths);
  return outputs.flatMap((output) => {
    const stem = path.resolve(root, output).replace(/\.[cm]?[jt]sx?$/, "");
    const inside = path.relative(outDir, stem);
    if (inside.startsWith("..")) return [stem];
    return [rootDir, path.join(root, "src"), root]
      .filter((folder) => folder !== undefined)
      .map((folder) => path.join(folder, inside));
  });
}

function parseManifest(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Returns the paths in a field of package.json: a string, or strings below nested conditions. */
function listPaths(field: unknown): string[] {
  if (typeof field === "string") return [field];
  if (typeof field !== "object" || field === null) return [];
  return Object.entries(field).flatMap(([key, value]) => (key === "types" ? [] : listPaths(value)));
}

function readEntry(fileName: string, disk: Disk): Omit<BundleEntry, "fileName" | "outDir"> {
  const text = disk.readFile(fileName) ?? "";
  const { statements } = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest);
  return {
    hasDefaultExport: statements.some(exportsDefault),
    servesItself: statements.some(callsServe),
    hashbang: /^#!.*/.exec(text)?.[0],
  };
}

function exportsDefault(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return statement.isExportEquals !== true;
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    return (
      clause !== undefined && ts.isNamedExports(clause) && clause.elements.some(({ name }) => name.text === "default")
    );
  }
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false)
  );
}

/**
 * Checks whether a statement calls `serve()` itself, as opposed to defining a function that does.
 */
function callsServe(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isCallExpression(node) && /^serve(?:Stdio|Http)?$/.test(getCalleeName(node.expression))) return true;
  return ts.forEachChild(node, callsServe) ?? false;
}

function getCalleeName(callee: ts.Expression): string {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : "";
}
