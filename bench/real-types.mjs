// Measures the types of real APIs: 100 endpoints of octokit, an endless type, and two large types.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { compare, median, timeScript } from "./measure.mjs";
import { writeTypeScript } from "./synthetic-project.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const { resolve } = createRequire(import.meta.url);
const tsc = resolve("typescript/lib/tsc.js");

const AREAS = ["actions", "issues", "orgs", "pulls", "repos"];
const TOOLS_PER_AREA = 20;

/** Returns the names of an area's endpoints, as octokit declares them. */
function endpointsOf(area) {
  const types = resolve("@octokit/plugin-rest-endpoint-methods").replace(/dist-src.*$/, "dist-types/generated/");
  const text = readFileSync(`${types}parameters-and-response-types.d.ts`, "utf8");
  const section = text.split(`\n    ${area}: {\n`)[1].split("\n    };\n")[0];
  return Array.from(section.matchAll(/^ {8}(\w+): \{$/gm), ([, name]) => name);
}

function octokitService(area) {
  const methods = endpointsOf(area)
    .slice(0, TOOLS_PER_AREA)
    .map((name) => {
      const endpoint = `Endpoints["${name}"]`;
      return `  @tool() async ${area}_${name}(params: ${endpoint}["parameters"]): Promise<${endpoint}["response"]["data"]> {
    throw new Error(JSON.stringify(params));
  }\n`;
    });
  return `import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { tool } from "methodic";

type Endpoints = RestEndpointMethodTypes["${area}"];

export class ${area} {
${methods.join("\n")}}
`;
}

const LARGE = `import type { Anthropic } from "@anthropic-ai/sdk";
import type { ChatPostMessageArguments } from "@slack/web-api";
import { createServer, tool } from "methodic";

class Large {
  @tool() postMessage(message: ChatPostMessageArguments): void {}
  @tool() createMessage(params: Anthropic.MessageCreateParamsNonStreaming): void {}
}

export default createServer({ name: "large", version: "1.0.0", services: [Large] });
`;

const ENDLESS = `import { tool } from "methodic";

interface Box<T> {
  value: T;
  inner?: Box<Box<T>[]>;
  outer?: Box<{ wrapped: T }>;
}

export class Endless {
  @tool() open(box: Box<string>): void {}
}
`;

/** Speed, memory and sizes with the types of real APIs. */
export async function realTypes(cache, rounds) {
  const services = Object.fromEntries(AREAS.map((area) => [`${area}.ts`, octokitService(area)]));
  const octokit = writeTypeScript(`${cache}/octokit-100`, services);
  const generated = await compare(
    () => timeScript(`${here}generate-methodic.mjs`, [octokit]),
    () => timeScript(tsc, ["-p", octokit, "--noEmit"]),
    rounds,
  );
  let size = 0;
  const built = await compare(
    async () => {
      const result = await timeScript(`${here}build-methodic.mjs`, [octokit]);
      size = result.bytes / 1000;
      return result;
    },
    () => timeScript(tsc, ["-p", octokit, "--outDir", `${octokit}/tsc`, "--declaration", "--sourceMap"]),
    rounds,
  );
  const endless = writeTypeScript(`${cache}/endless`, { "endless.ts": ENDLESS });
  const refused = await timeScript(`${here}generate-methodic.mjs`, [endless, "MTD108"]);
  const large = writeTypeScript(`${cache}/large`, { "server.ts": LARGE });
  await timeScript(`${here}build-methodic.mjs`, [large]);
  const starts = [];
  for (let i = 0; i < rounds; i++) starts.push((await timeScript(`${here}import-server.mjs`, [large])).importMs);
  return [
    { figure: "generate 100 octokit endpoints ÷ tsc --noEmit", ...generated, bound: 1.5 },
    { figure: "build 100 octokit endpoints ÷ tsc", ...built, bound: 1.6, rssBound: 450 },
    { a: size, unit: "kB", absolute: "JavaScript of 100 octokit endpoints", absoluteBound: 1500 },
    { a: refused.compileMs, absolute: "time to refuse an endless type", absoluteBound: 1000 },
    { a: median(starts), absolute: "import of a server with Slack's and Anthropic's types", absoluteBound: 60 },
  ];
}
