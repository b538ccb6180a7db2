// Measures a deployed server: its JavaScript and the packages that npm installs for it without
// development dependencies.
import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const methodic = fileURLToPath(new URL("../packages/methodic", import.meta.url));

/** Bytes of a project's JavaScript and of everything it needs installed. */
export function sizeOfBuild(dist) {
  const code = sizeOf(dist, (name) => name.endsWith(".js"));
  const folders = new Set();
  collect(methodic, folders);
  // Of the workspace's own package, only what npm would publish.
  const packages = [...folders].map((folder) =>
    sizeOf(folder === realpathSync(methodic) ? join(folder, "dist") : folder, () => true),
  );
  return packages.reduce((sum, size) => sum + size, code);
}

function collect(folder, folders) {
  const real = realpathSync(folder);
  if (folders.has(real)) return;
  folders.add(real);
  const { dependencies = {} } = JSON.parse(readFileSync(join(real, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) collect(findPackage(real, name), folders);
}

function findPackage(from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (lstatSync(candidate, { throwIfNoEntry: false })) return candidate;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed for ${from}`);
  }
}

function sizeOf(folder, counts) {
  let size = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) size += sizeOf(path, counts);
    else if (entry.isFile() && counts(entry.name)) size += lstatSync(path).size;
  }
  return size;
}
