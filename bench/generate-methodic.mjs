// Generates a project's artifact once with Methodic: `node generate-methodic.mjs <folder>`.
import { compileProject } from "@methodic/compiler";

const { services, diagnostics, stats } = compileProject({ root: process.argv[2] });
if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
const text = JSON.stringify(services);
console.log(JSON.stringify({ bytes: text.length, tools: stats.tools, rssMb: process.resourceUsage().maxRSS / 1024 }));
