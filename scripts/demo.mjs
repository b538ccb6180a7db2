// `npm run demo`: from a fresh clone to the example server answering a real client.
import { pnpm, root, run } from "./run.mjs";

const steps = [
  ["Installing dependencies", () => pnpm("install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn")],
  ["Building the packages and the example", () => pnpm("exec", "turbo", "run", "build")],
  ["Calling the example", () => run(process.execPath, [`${root}examples/notes-weather/scripts/demo.mjs`])],
];
for (const [title, step] of steps) {
  console.log(`\n▸ ${title}`);
  const status = step();
  if (status !== 0) {
    console.error(`\nThe demo stopped at "${title}" (exit status ${status}); the reason is above.`);
    process.exit(status);
  }
}
