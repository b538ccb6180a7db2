// Generates a project's artifact once with Methodic: `node generate-methodic.mjs <folder> [code]`.
// With a code, expects an error that has it.
import { compileProject } from "@methodic/compiler";

const [, , root, code] = process.argv;
const { services, diagnostics, stats } = compileProject({ root });
const error = diagnostics.find(({ severity }) => severity === "error");
if (error?.code !== code) throw new Error(JSON.stringify(error ?? `no ${code}`));
const text = JSON.stringify(services);
const { tools, compileTime: compileMs } = stats;
console.log(JSON.stringify({ bytes: text.length, tools, compileMs, rssMb: process.resourceUsage().maxRSS / 1024 }));
