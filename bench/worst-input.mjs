// The worst invalid argument of 4 MiB: calls the tools of all golden schemas with hostile values,
// each tool once with its generated validator and once with the interpreted one, through `fetch`. A
// figure is the CPU time of the whole call, less that of `JSON.parse`.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildProject } from "@methodic/compiler";
import { createServer, tool } from "methodic";
import { defineManifest, MANIFEST_KEY, MANIFEST_VERSION } from "methodic/manifest";
import ts from "typescript";
import { hostileValues } from "./hostile-values.mjs";
import { median } from "./measure.mjs";

const CONSTRUCTS = fileURLToPath(new URL("../packages/compiler/test/schema/constructs/", import.meta.url));

// Every value is tried at the small size; the worst ones of each validator at the full size, which
// the body limit of an endpoint allows.
const SCREENED = 16 * 1024;
const FULL = 4_000_000;
const KEPT = 24;

/** Measures the worst calls of both validators; returns a row for each. */
export async function worstInputs(cache, rounds) {
  const all = await readConstructs(`${cache}/constructs`);
  const { server, slugs } = await buildServer(`${cache}/worst-input`, all);
  const constructs = all.filter(({ slug }) => slugs.has(slug));
  const rows = [];
  for (const kind of ["generated", "interpreted"]) {
    const found = [];
    for (const construct of constructs)
      for (const accepted of new Set([...construct.accepts, null]))
        for (const [label, create] of hostileValues(accepted)) {
          const name = `${kind}-${construct.slug}`;
          found.push({ name, label, create, ms: await timeCall(server, name, create(SCREENED)) });
        }
    const worst = [];
    for (const { name, label, create } of found.sort((a, b) => b.ms - a.ms).slice(0, KEPT)) {
      const times = [];
      for (let i = 0; i < rounds; i++) times.push(await timeCall(server, name, create(FULL)));
      worst.push({ name, label, ms: median(times) });
    }
    worst.sort((a, b) => b.ms - a.ms);
    for (const { ms, name, label } of worst.slice(0, 5))
      console.error(`worst: ${Math.round(ms)} ms, ${name}: ${label}`);
    const [{ ms, name }] = worst;
    const absolute = `4 MiB, ${found.length} arguments of ${constructs.length} schemas, ${name}`;
    rows.push({ a: ms, absolute, absoluteBound: 300 });
  }
  return rows;
}

/** Returns the milliseconds of CPU of one call, without those of parsing its JSON. */
async function timeCall(server, name, x) {
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: { x } } };
  const body = JSON.stringify(message);
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const request = new Request("http://localhost/mcp", { method: "POST", headers, body });
  const parse = await cpuTime(() => JSON.parse(body));
  let text;
  const call = await cpuTime(async () => {
    text = await (await server.fetch(request)).text();
  });
  if (!text.startsWith('{"result"')) throw new Error(`${name}: ${text.slice(0, 500)}`);
  return call - parse;
}

async function cpuTime(run) {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Reads the constructs of the compiler's tests: types, and values they accept. */
async function readConstructs(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(CONSTRUCTS);
  for (const file of files) {
    const source = readFileSync(`${CONSTRUCTS}${file}`, "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(
      `${folder}/${file.replace(".ts", ".mjs")}`,
      outputText.replace('./construct.ts"', './construct.mjs"'),
    );
  }
  const modules = await Promise.all(files.map((file) => import(`file://${folder}/${file.replace(".ts", ".mjs")}`)));
  const constructs = modules
    .flatMap((module) => Object.values(module))
    .filter(Array.isArray)
    .flat();
  return constructs.map((construct) => ({
    ...construct,
    slug: construct.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
  }));
}

async function buildServer(root, constructs) {
  rmSync(root, { recursive: true, force: true });
  const write = (file, text) => {
    mkdirSync(path.dirname(`${root}/${file}`), { recursive: true });
    writeFileSync(`${root}/${file}`, text);
  };
  write("package.json", JSON.stringify({ name: "bench-worst-input", type: "module", private: true }));
  const compilerOptions = {
    target: "ES2022",
    lib: ["ESNext"],
    module: "NodeNext",
    strict: true,
    types: [],
    skipLibCheck: true,
    outDir: "dist",
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["src", "shared"] }));
  for (const { slug, before = "", parameters, files = {} } of constructs) {
    const method = `  @tool("generated-${slug}") run(${parameters}): void {}`;
    write(`src/${slug}.ts`, `import { tool } from "methodic";\n${before}\nexport class Service {\n${method}\n}\n`);
    for (const [file, text] of Object.entries(files)) write(file, text);
  }
  const error = buildProject({ root }).diagnostics.find(({ severity }) => severity === "error");
  if (error) throw new Error(JSON.stringify(error));
  const [services, slugs] = [[], new Set()];
  for (const { slug } of constructs) {
    // A few constructs only declare the functions that they call.
    const { Service } = await import(`file://${root}/dist/src/${slug}.js`).catch(() => ({}));
    if (!Service) continue;
    const { inputSchema } = Service[MANIFEST_KEY].members.run;
    slugs.add(slug);
    services.push(Service, interpretedService(`interpreted-${slug}`, inputSchema));
  }
  return { server: createServer({ name: "bench", version: "1.0.0", services, auth: "none" }), slugs };
}

/** Creates a service whose tool has the schema from its decorator. */
function interpretedService(name, inputSchema) {
  class Service {
    run() {}
  }
  tool({ name, inputSchema })(Service.prototype, "run", Object.getOwnPropertyDescriptor(Service.prototype, "run"));
  const parameters = { names: ["input"], wholeInput: true };
  const run = { kind: "tool", parameters, decoratorSchemas: ["input"], result: "empty" };
  const manifest = defineManifest({ version: MANIFEST_VERSION, members: { run }, validators: () => ({ run: {} }) });
  return Object.defineProperty(Service, MANIFEST_KEY, { value: manifest });
}
