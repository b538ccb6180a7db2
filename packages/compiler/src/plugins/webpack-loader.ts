/**
 * The loader that the webpack plugin adds. It compiles whole files, so the loaders before it do not
 * run.
 */
import { readFile } from "node:fs/promises";
import type { LoaderContext } from "webpack";
import type { ModuleCompiler } from "./module-compiler.ts";
import { toBundlerProblems } from "./problems.ts";

type PitchContext = LoaderContext<{ readonly modules: ModuleCompiler }>;

/** Runs before webpack reads the file. A result makes webpack skip the loaders before this one. */
export async function pitch(this: PitchContext): Promise<void> {
  const respond = this.async();
  try {
    const { modules } = this.getOptions();
    const text = await readFile(this.resourcePath, "utf8");
    // Without an earlier loader, this one compiles all TypeScript.
    const isAlone = this.loaderIndex === this.loaders.length - 1;
    const result = isAlone
      ? await modules.compile(this.resourcePath, text)
      : await modules.compileService(this.resourcePath, text);
    if (!result) {
      respond(null);
      return;
    }
    for (const file of [this.resourcePath, ...result.dependencies]) this.addDependency(file);
    for (const { message, frame } of toBundlerProblems(result, "warning"))
      this.emitWarning(new ServiceProblem(message, frame));
    const errors = toBundlerProblems(result, "error").map(({ message, frame }) => new ServiceProblem(message, frame));
    for (const error of errors.slice(1)) this.emitError(error);
    const [first] = errors;
    if (first) respond(first);
    else respond(null, result.output?.code, result.output && JSON.stringify(result.output.map));
  } catch (error) {
    respond(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A problem that webpack prints without a stack. */
class ServiceProblem extends Error {
  override readonly name: string = "methodic";
  readonly hideStack = true;

  constructor(message: string, frame: string) {
    super(frame === "" ? message : `${message}\n\n${frame}`);
  }
}
