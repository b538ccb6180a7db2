// Builds a project once with Methodic: `node build-methodic.mjs <folder>`.
import { readFileSync } from "node:fs";
import { buildProject } from "@methodic/compiler";

const root = process.argv[2];
const { files, diagnostics } = buildProject({ root });
const error = diagnostics.find(({ severity }) => severity === "error");
if (error) throw new Error(JSON.stringify(error));
const scripts = files.filter((file) => file.endsWith(".js"));
const bytes = scripts.reduce((sum, file) => sum + readFileSync(`${root}/${file}`).length, 0);
console.log(JSON.stringify({ bytes, rssMb: process.resourceUsage().maxRSS / 1024 }));
