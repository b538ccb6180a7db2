// Runs the pnpm that package.json pins, through npx, so that a machine needs only Node and npm.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { packageManager } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const npx = process.platform === "win32" ? "npx.cmd" : "npx";
const { status, error } = spawnSync(npx, ["--yes", packageManager, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (error) {
  console.error(`Cannot run npx (${error.message}). Install Node 20.19 or newer, which brings npm and npx.`);
  process.exit(1);
}
process.exit(status ?? 1);
