// `node watch-methodic.mjs <folder> <rounds>`: edits a file of a watched project repeatedly and
// times each edit until the artifact is on disk.
import { readFileSync, writeFileSync } from "node:fs";
import { watchProject } from "@methodic/compiler";

const [, , folder, rounds] = process.argv;
/** Number of first edits that are not counted: V8 has not optimized the code yet. */
const WARM_UP = 3;
const file = `${folder}/src/service-50.ts`;
const text = readFileSync(file, "utf8");
const edits = [];
let started;

const watcher = watchProject({
  root: folder,
  onUpdate: ({ text: artifact, stats }) => {
    writeFileSync(`${folder}/mcp.json`, artifact);
    if (started) {
      const { user, system } = process.cpuUsage(started.cpu);
      edits.push({
        total: performance.now() - started.time,
        load: stats.loadTime,
        compile: stats.compileTime,
        cpu: (user + system) / 1000,
      });
    }
    if (edits.length < WARM_UP + Number(rounds)) {
      setTimeout(edit, 200);
      return;
    }
    watcher.close();
    console.log(JSON.stringify({ edits: edits.slice(WARM_UP) }));
  },
});

function edit() {
  started = { time: performance.now(), cpu: process.cpuUsage() };
  writeFileSync(file, text.replace("Its size in bytes", `Its size in bytes, as of edit ${edits.length}`));
}
