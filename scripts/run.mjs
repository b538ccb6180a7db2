// Starts the programs that the project's scripts need; pnpm at the version that package.json pins.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const windows = process.platform === "win32";

/** The repository's top folder. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** Runs a program with its output passed through; returns its exit status. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: windows, ...options });
  if (error) console.error(`Cannot run ${command}: ${error.message}`);
  return status ?? 1;
}

/** Runs the pinned pnpm through npx, so that a machine needs only Node and npm. */
export function pnpm(...args) {
  const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return run(windows ? "npx.cmd" : "npx", ["--yes", packageManager, ...args], {
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", npm_config_loglevel: "error" },
  });
}
