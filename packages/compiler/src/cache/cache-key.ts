import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { hashOf } from "../project/file-system.ts";

/** What has a part in every result. */
const DEPENDENCIES = ["typescript", "ts-json-schema-generator", "ajv", "ajv-formats"];

/** The key of a result: what was asked for, and every program that has a part in the answer. What was read from disk is no part of it. */
export function cacheKey(request: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([
    request,
    ownCode(),
    dependencyVersions(),
    process.versions.node.split(".")[0],
    process.platform,
  ]);
}

/** This package by its code: a version number would not tell a patched copy, or one that is being worked on. */
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
