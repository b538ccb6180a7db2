import type { Command } from "commander";
import { didYouMean } from "methodic/manifest";

/** An argument that is not a flag of its command, but close to one. */
export interface MisspelledFlag {
  readonly name: string;
  /** The sentence that names the flag it most likely means. */
  readonly suggestion: string;
}

/**
 * Finds the first argument that looks like a misspelled flag of a command. A third of the flag's
 * letters may differ: `--prt` is close to `--port`, `--export` is not.
 */
export function findMisspelledFlag(
  args: readonly string[],
  { options }: Pick<Command, "options">,
): MisspelledFlag | undefined {
  const flags = options.flatMap(({ long }) => long ?? []);
  const switches = options.flatMap(({ long, required, optional }) => (required || optional ? [] : (long ?? [])));
  for (const argument of args) {
    const [name = ""] = argument.split("=", 1);
    if (!/^--?[^-]./.test(name) || (flags.includes(name) && name === argument)) continue;
    // A switch with a value, `--http=true`, is unknown to the argument parser.
    if (switches.includes(name)) return { name: argument, suggestion: ` Did you mean "${name}"?` };
    if (flags.includes(name)) continue;
    const close = flags.filter((flag) => didYouMean(flag, [name]) !== "");
    if (close.length > 0) return { name, suggestion: didYouMean(name, close) };
  }
  return undefined;
}
