/** The loader that the webpack plugin adds: it answers for whole files, so that the loaders before it do not run. */
import { readFile } from "node:fs/promises";
import type { LoaderContext } from "webpack";
import type { BundledModules } from "./modules.ts";
import { problemsOf } from "./problems.ts";

type Context = LoaderContext<{ readonly modules: BundledModules }>;

/** webpack asks this before it reads the file; an answer makes it skip all loaders that come before this one. */
export async function pitch(this: Context): Promise<void> {
  const respond = this.async();
  try {
    const { modules } = this.getOptions();
    const text = await readFile(this.resourcePath, "utf8");
    // With no loader before this one, nobody else compiles the file.
    const isAlone = this.loaderIndex === this.loaders.length - 1;
    const result = isAlone
      ? await modules.compile(this.resourcePath, text)
      : await modules.compileService(this.resourcePath, text);
    if (!result) {
      respond(null);
      return;
    }
    for (const file of [this.resourcePath, ...result.dependencies]) this.addDependency(file);
    for (const { message, frame } of problemsOf(result, "warning"))
      this.emitWarning(new ServiceProblem(message, frame));
    const errors = problemsOf(result, "error").map(({ message, frame }) => new ServiceProblem(message, frame));
    for (const error of errors.slice(1)) this.emitError(error);
    const [first] = errors;
    if (first) respond(first);
    else respond(null, result.output?.code, result.output && JSON.stringify(result.output.map));
  } catch (error) {
    respond(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A problem of a service as webpack prints it: its text, and no stack. */
class ServiceProblem extends Error {
  override readonly name: string = "methodic";
  readonly hideStack = true;

  constructor(message: string, frame: string) {
    super(frame === "" ? message : `${message}\n\n${frame}`);
  }
}
