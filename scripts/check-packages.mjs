// Packs every published package and checks the tarball as users get it: publint, and its types
// under every module resolution.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { pnpm, root, run } from "./run.mjs";

const folder = `${root}.cache/tarballs`;
const packages = ["methodic", "compiler", "cli"];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of packages) {
  if (pnpm("--dir", `packages/${name}`, "pack", "--pack-destination", folder, "--loglevel=warn") !== 0) process.exit(1);
}

let failed = false;
for (const file of readdirSync(folder)) {
  const tarball = `${folder}/${file}`;
  console.log(`\n${file}`);
  if (run(process.execPath, [`${root}node_modules/publint/src/cli.js`, "run", tarball, "--strict"]) !== 0)
    failed = true;
  // The command line package exports no code, only its bin.
  if (file.startsWith("methodic-cli")) continue;
  const attw = [
    `${root}node_modules/@arethetypeswrong/cli/dist/index.js`,
    tarball,
    "--profile",
    "esm-only",
    "--no-emoji",
  ];
  if (run(process.execPath, attw) !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
