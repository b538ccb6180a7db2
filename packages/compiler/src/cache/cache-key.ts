import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { hashOf } from "../project/file-system.ts";

/** Packages that affect every result and are not bundled into our own code. */
const DEPENDENCIES = ["typescript", "ajv", "ajv-formats"];

/**
 * Returns the key of a result: the request, and the versions of all programs that affect the
 * result. It does not cover the files that are read: see {@link Inputs}.
 */
export function cacheKey(request: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([
    request,
    ownCode(),
    dependencyVersions(),
    process.versions.node.split(".")[0],
    process.platform,
  ]);
}

/**
 * Hashes the code of this package. A version number would not distinguish a patched copy, or one in
 * development.
 */
function ownCode(): string {
  const folder = fileURLToPath(new URL("./", import.meta.url));
  const modules = readdirSync(folder)
    .filter((name) => /(?<!\.d)\.[jt]s$/.test(name))
    .sort();
  return hashOf(modules.map((name) => `${name} ${hashOf(readFileSync(path.join(folder, name)))}`).join("\n"));
}

function dependencyVersions(): string[] {
  const require = createRequire(import.meta.url);
  return DEPENDENCIES.map((name) => {
    const { version } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")) as {
      readonly version: string;
    };
    return `${name}@${version}`;
  });
}
