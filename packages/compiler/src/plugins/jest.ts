import { createHash } from "node:crypto";
import path from "node:path";
import ts from "typescript";
import { reportDiagnostics } from "../diagnostics/report.ts";
import { isTypeScriptModule, type PluginOptions } from "./module-compiler.ts";
import { ModuleTransform } from "./module-transform.ts";

/** The part of Jest's transform options that the transformer uses. */
interface TransformRequest {
  readonly config: { readonly rootDir: string };
  /** False where Jest runs modules as CommonJS. */
  readonly supportsStaticESM: boolean;
  /** True if Jest adds its coverage counters to the output. */
  readonly instrument: boolean;
}

/** A module in the form that Jest accepts. */
interface JestOutput {
  readonly code: string;
  readonly map?: string;
}

/** A synchronous Jest transformer. */
export interface JestTransformer {
  process(text: string, fileName: string, request: TransformRequest): JestOutput;
  getCacheKey(text: string, fileName: string, request: TransformRequest): string;
}

/**
 * Creates the transformer that Jest uses for `"transform": { … : ["@methodic/compiler/jest",
 * options] }`. It compiles TypeScript with the manifests of services, as ES modules or as CommonJS,
 * in both decorator dialects. Where Jest runs CommonJS, it also converts JavaScript modules, such
 * as those of `methodic`. The preset `@methodic/compiler` contains it.
 * @throws Error with the diagnostics of a module that cannot be compiled
 */
export function createTransformer(options: PluginOptions = {}): JestTransformer {
  const transforms = new Map<boolean, ModuleTransform>();
  const outputs = new Map<string, { readonly text: string; readonly output: JestOutput }>();

  const compile = (text: string, fileName: string, request: TransformRequest): JestOutput => {
    const { supportsStaticESM, config } = request;
    if (!isTypeScriptModule(fileName)) return supportsStaticESM ? { code: text } : convertToCommonJs(text, fileName);
    const transform = transforms.get(supportsStaticESM) ?? createTransform(request, options);
    transforms.set(supportsStaticESM, transform);
    const result = transform.transform(fileName, text, { always: true });
    if (!result) throw new Error(`Cannot compile ${fileName}: TypeScript emits nothing for it.`);
    const { output, diagnostics } = result;
    if (output) return { code: output.code, map: JSON.stringify(output.map) };
    throw new CompilationError(reportDiagnostics(diagnostics, config.rootDir, { format: "text" }));
  };

  const process: JestTransformer["process"] = (text, fileName, request) => {
    const key = `${request.supportsStaticESM} ${fileName}`;
    const known = outputs.get(key);
    if (known?.text === text) return known.output;
    const output = compile(text, fileName, request);
    outputs.set(key, { text, output });
    return output;
  };

  // A schema depends on the types of other files, so only the output itself identifies it.
  const getCacheKey: JestTransformer["getCacheKey"] = (text, fileName, request) => {
    const { code } = process(text, fileName, request);
    return createHash("sha256")
      .update(JSON.stringify([fileName, code, request.instrument]))
      .digest("hex");
  };

  return { process, getCacheKey };
}

function createTransform(
  { supportsStaticESM, config }: TransformRequest,
  { tsconfig }: PluginOptions,
): ModuleTransform {
  return new ModuleTransform({
    format: supportsStaticESM ? "esm" : "commonjs",
    ...(tsconfig !== undefined && { tsconfig: path.resolve(config.rootDir, tsconfig) }),
  });
}

/** Converts a JavaScript module, of which TypeScript keeps everything but the module syntax. */
function convertToCommonJs(text: string, fileName: string): JestOutput {
  if (!/\b(?:import|export)\b/.test(text)) return { code: text };
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: fileName.replace(/\.mjs$/, ".js"),
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      allowJs: true,
      sourceMap: true,
    },
  });
  return { code: outputText, ...(sourceMapText !== undefined && { map: sourceMapText }) };
}

/** Diagnostics that fail a test file. Jest prints the stack, so it holds nothing but the report. */
class CompilationError extends Error {
  override readonly name: string = "CompilationError";

  constructor(report: string) {
    super(report);
    this.stack = report;
  }
}

/** The module as Jest loads it. */
const transformer: { readonly createTransformer: typeof createTransformer } = { createTransformer };
export default transformer;
