import type {
  ArrayRevival,
  ObjectChoice,
  ObjectRevival,
  RevivalPlan,
  RevivalReference,
  TextRevival,
} from "../manifest/revival.ts";
import type { Input } from "./arguments.ts";
import { formatPath } from "./format-value.ts";
import { reviveText } from "./revive-text.ts";

/** Revived arguments, or why they cannot be. */
export type Revived = { readonly input: Input } | { readonly problems: readonly string[] };

/**
 * Turns validated arguments into the values that the method's types name: dates, URLs, big integers, bytes, sets and maps.
 * What a client sent is never changed: containers of revived values are copied.
 */
export function reviveInput(input: Input, plan: RevivalPlan | undefined): Revived {
  if (!plan) return { input };
  const run = new Revival(plan, input);
  const revived = run.value(input, 0, []) as Input;
  return run.problems.length > 0 ? { problems: run.problems } : { input: revived };
}

type Path = readonly string[];

class Revival {
  readonly problems: string[] = [];
  readonly #plan: RevivalPlan;
  readonly #root: Input;

  constructor(plan: RevivalPlan, root: Input) {
    this.#plan = plan;
    this.#root = root;
  }

  value(value: unknown, reference: RevivalReference, path: Path): unknown {
    const step = reference === null ? undefined : this.#plan.steps[reference];
    if (!step) return value;
    if (typeof value === "string") return step.string ? this.#text(value, step.string, path) : value;
    if (Array.isArray(value)) return step.array ? this.#array(value, step.array, path) : value;
    if (typeof value === "object" && value !== null && step.object)
      return this.#object(value as Input, step.object, path);
    return value;
  }

  #text(text: string, { as, except }: TextRevival, path: Path): unknown {
    if (except?.includes(text)) return text;
    const read = reviveText(text, as);
    if ("value" in read) return read.value;
    const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}…` : text);
    this.problems.push(`${formatPath(path, this.#root)}: expected ${read.expected}, received string ${shown}.`);
    return text;
  }

  #array(items: readonly unknown[], { set, prefix, items: others = null }: ArrayRevival, path: Path): unknown {
    const revived = items.map((item, i) => {
      const reference = prefix && i < prefix.length ? (prefix[i] ?? null) : others;
      return reference === null ? item : this.value(item, reference, [...path, String(i)]);
    });
    return set ? new Set(revived) : revived;
  }

  #object(object: Input, how: ObjectRevival | ObjectChoice, path: Path): unknown {
    if ("by" in how) return this.value(object, choose(object, how), path);
    const { map, properties, patterns = [], others = null } = how;
    const referenceOf = (name: string): RevivalReference => {
      if (properties && Object.hasOwn(properties, name)) return properties[name] ?? null;
      const pattern = patterns.find(([source]) => new RegExp(source, "u").test(name));
      return pattern ? pattern[1] : others;
    };
    const entries = Object.entries(object).map(([name, value]): [string, unknown] => {
      const reference = referenceOf(name);
      return [name, reference === null ? value : this.value(value, reference, [...path, name])];
    });
    // Neither of the two sets a prototype for a property called `__proto__`.
    return map ? new Map(entries) : Object.fromEntries(entries);
  }
}

function choose(object: Input, { by, cases, presence }: ObjectChoice): RevivalReference {
  if (presence) return presence[Object.hasOwn(object, by) ? 0 : 1];
  const value = JSON.stringify(object[by]);
  return cases && Object.hasOwn(cases, value) ? (cases[value] ?? null) : null;
}
