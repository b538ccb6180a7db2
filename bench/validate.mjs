// Compares a generated validator with ajv's standalone code for the same schema, in one process, in
// turn.
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { buildProject } from "@methodic/compiler";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

const CALLS = 200_000;
const SERVICE = `import { tool } from "methodic";
export class Bench {
  @tool() run(/** @maxLength 40 */ name: string, /** @asType integer @minimum 1 @maximum 50 */ limit: number, unit: "celsius" | "fahrenheit", tags: string[], exact?: boolean): void {}
}
`;
// Objects of several shapes and values: a server does not get the same input every time.
const VALID = Array.from({ length: 64 }, (_, i) => ({
  name: `name ${i}`,
  limit: 1 + (i % 50),
  unit: i % 2 ? "celsius" : "fahrenheit",
  tags: Array.from({ length: i % 4 }, (_, j) => `tag ${j}`),
  ...(i % 3 && { exact: i % 2 === 0 }),
}));
const INVALID = VALID.map((input, i) => (i % 2 ? { ...input, limit: "many" } : { ...input, unit: "kelvin", more: 1 }));

/**
 * Prepares the measurements of both checks, in nanoseconds per call, on valid and invalid input.
 */
export async function prepareValidate(folder) {
  const [ours, schema] = await buildService(folder);
  const theirs = compileByHand(schema, folder);
  const time = (check, inputs, verdict) => () => {
    let right = 0;
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) if (check(inputs[i & 63]) === verdict) right++;
    const ns = ((performance.now() - start) * 1e6) / CALLS;
    if (right !== CALLS) throw new Error(`${CALLS - right} verdicts are wrong.`);
    // `compare` reads the property `ms`; the row names the unit.
    return { ms: ns };
  };
  return {
    valid: [time(ours, VALID, true), time(theirs, VALID, true)],
    invalid: [time(ours, INVALID, false), time(theirs, INVALID, false)],
  };
}

async function buildService(root) {
  mkdirSync(`${root}/src`, { recursive: true });
  writeFileSync(`${root}/package.json`, JSON.stringify({ name: "bench-validate", type: "module", private: true }));
  writeFileSync(
    `${root}/tsconfig.json`,
    JSON.stringify({
      compilerOptions: { target: "ES2022", module: "NodeNext", strict: true, rootDir: "src", outDir: "dist" },
      include: ["src"],
    }),
  );
  writeFileSync(`${root}/src/service.ts`, SERVICE);
  const { diagnostics } = await buildProject({ root });
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error) throw new Error(JSON.stringify(error));
  const { Bench } = await import(`file://${root}/dist/service.js`);
  const member = Bench[Symbol.for("methodic.manifest")].members.run;
  return [member.validators.input, member.inputSchema];
}

function compileByHand(schema, folder) {
  const ajv = new Ajv2020({ allErrors: true, strict: false, messages: false, code: { source: true } });
  (addFormats.default ?? addFormats)(ajv);
  const file = `${folder}/by-hand.cjs`;
  writeFileSync(file, (standaloneCode.default ?? standaloneCode)(ajv, ajv.compile(schema)));
  return createRequire(import.meta.url)(file);
}
