import { lowerScheme } from "../uri-template/parse.ts";
import { didYouMean } from "../util/did-you-mean.ts";

/** A prompt or resource template, as `@completion` names it. */
export interface Completable {
  readonly kind: "prompt" | "resource template";
  /** The public name; several if it depends on the server's naming. */
  readonly names: readonly string[];
  /** The template's URI; undefined for a prompt. */
  readonly uri: string | undefined;
  readonly methodName: string;
  /** True if the completion method's class has it. */
  readonly isOwn: boolean;
  readonly arguments: readonly string[];
}

/** The components that `@completion` completes, or the reason why it names none. */
export type CompletionTargets<T extends Completable> =
  | { readonly found: readonly T[] }
  | { readonly problem: string; readonly fix: string; readonly isUnknown?: true };

/**
 * Finds the components that `@completion(of, argument)` completes: by URI, else by public name,
 * else by the name of the method, in the same class first. Several have one name if they are
 * versions of one component.
 */
export function findCompletionTargets<T extends Completable>(
  { of, argument }: { readonly of: string; readonly argument: string },
  all: readonly T[],
): CompletionTargets<T> {
  const uri = lowerScheme(of);
  const ways: readonly ((component: T) => boolean)[] = [
    (component) => component.uri !== undefined && lowerScheme(component.uri) === uri,
    ({ names }) => names.includes(of),
    ({ methodName, isOwn }) => isOwn && methodName === of,
    ({ methodName }) => methodName === of,
  ];
  const named = ways.map((isNamed) => all.filter(isNamed)).find((found) => found.length > 0) ?? [];
  const [first] = named;
  if (!first) return describeUnknown(of, all);
  const found = named.filter((component) => component.arguments.includes(argument));
  const labels = new Set(found.map(labelOf));
  if (labels.size > 1) {
    const fix = "Write the URI of the template, or rename the prompt.";
    return { problem: `'${of}' names ${[...labels].join(" and ")}.`, fix };
  }
  if (found.length > 0) return { found };
  const known = [...new Set(named.flatMap((component) => component.arguments))];
  const list = known.length === 0 ? "It has none." : `It has ${known.join(", ")}.`;
  const problem = `the ${labelOf(first)} has no argument '${argument}'.${didYouMean(argument, known)}`;
  return { problem, fix: list };
}

function describeUnknown(of: string, all: readonly Completable[]): CompletionTargets<never> {
  const known = [...new Set(all.flatMap(({ names, uri }) => [...(uri === undefined ? [] : [uri]), ...names]))];
  const problem = `unknown prompt or resource template: '${of}'.${didYouMean(of, known)}`;
  const fix = known.length === 0 ? "The server has none." : `The server has ${known.join(", ")}.`;
  return { problem, fix, isUnknown: true };
}

/** Names a prompt or template in a message. */
export function labelOf({ kind, uri, names }: Completable): string {
  return `${kind} '${uri ?? names[0] ?? ""}'`;
}
