// `node scripts/pnpm.mjs <arguments>`: the pinned pnpm, on a machine that has only Node and npm.
import { pnpm } from "./run.mjs";

process.exit(pnpm(...process.argv.slice(2)));
