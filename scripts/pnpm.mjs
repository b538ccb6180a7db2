// `node scripts/pnpm.mjs <arguments>`: runs the pinned pnpm on a machine that has only Node and
// npm.
import { pnpm } from "./run.mjs";

process.exit(pnpm(...process.argv.slice(2)));
