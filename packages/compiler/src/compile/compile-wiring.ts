import type { InjectedParameter, Wiring } from "methodic/manifest";
import ts from "typescript";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Project } from "../project/project.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { ServerCallReader } from "../scan/server-calls.ts";
import { EntryReader, type ServerEntry } from "../scan/server-entries.ts";
import { checkProvided } from "./check-provided.ts";
import type { SiteCompilation } from "./compile-sites.ts";

const LISTS = ["services", "providers"] as const;

/**
 * Compiles a call of `createServer`: the entries that each constructor and factory in its lists
 * needs. Without parameters, the call gets no data.
 */
export function compileWiring(node: ts.CallExpression, project: Project, symbols: MethodicSymbols): SiteCompilation {
  if (node.arguments.length !== 1) return { problems: [] };
  const { checker } = project;
  const reader = new ServerCallReader(checker, symbols);
  const given = { services: reader.listOption(node, "services"), providers: reader.listOption(node, "providers") };
  const isResolved = reader.listOption(node, "resolve").isGiven;
  const entries = new EntryReader(checker, symbols);
  const all = LISTS.flatMap((list) =>
    given[list].elements.map((element, index) => entries.read(element, { list, index, isResolved })),
  );
  const found = all.flatMap((entry) => checkProvided(entry, checker));
  if (all.every(({ parameters }) => parameters.length === 0)) return { problems: found };
  const computed = LISTS.find((list) => !given[list].isComplete);
  if (computed) {
    const place = given[computed].place ?? node.expression;
    // `createServer` sees `?` as little as a type: only a default lets it call without arguments.
    const needy = all.find(({ parameters }) => parameters.some((parameter) => !hasDefault(parameter)));
    if (needy) found.push({ problem: problems.computedEntries(computed, needy.name), node: place });
    return { problems: found };
  }
  const wirer = new Wirer(all, checker);
  const refs = new Map(all.map((entry) => [entry, entry.parameters.map((parameter) => wirer.find(entry, parameter))]));
  wirer.checkGraph(refs);
  const listOf = (list: (typeof LISTS)[number]): Wiring["services"] =>
    all.filter((entry) => entry.list === list).map((entry) => (refs.get(entry) ?? []).map(toReference));
  const data = { services: listOf("services"), providers: listOf("providers") };
  return { data, problems: [...found, ...wirer.problems] };
}

/** The source of a parameter; undefined if it gets nothing. */
type Source = ServerEntry | "context" | undefined;

type Refs = ReadonlyMap<ServerEntry, readonly Source[]>;

function toReference(entry: Source): InjectedParameter {
  if (entry === "context") return entry;
  return entry ? [entry.list === "services" ? "service" : "provider", entry.index] : null;
}

/** Finds the entry of each parameter, and collects problems. */
class Wirer {
  readonly problems: LocatedProblem[] = [];
  readonly #entries: readonly ServerEntry[];
  readonly #checker: ts.TypeChecker;

  constructor(entries: readonly ServerEntry[], checker: ts.TypeChecker) {
    this.#entries = entries;
    this.#checker = checker;
  }

  find(owner: ServerEntry, parameter: ServerEntry["parameters"][number]): Source {
    const { type, isOptional, isContext, name } = parameter;
    const report = (problem: Problem): undefined => {
      this.problems.push({ problem, node: parameter.node ?? owner.node });
    };
    if (isContext) return owner.isPerRequest ? "context" : report(problems.outlivesContext(owner.name));
    const text = this.#checker.typeToString(type);
    const found = isAny(type) ? [] : this.#entries.filter(({ provides }) => provides === type);
    const [only, second] = found;
    if (second) return report(problems.twoProviders(text, found.map(placeOf)));
    if (only || isOptional) return only;
    if (!isInjectable(type)) return report(problems.notInjectable(owner.name, name, text));
    return report(
      problems.missingProvider(owner.name, text, ts.isClassLike(type.symbol.valueDeclaration ?? owner.node)),
    );
  }

  /** Reports cycles, and entries that outlive what they need. */
  checkGraph(refs: Refs): void {
    const done = new Set<ServerEntry>();
    const visit = (entry: ServerEntry, path: readonly ServerEntry[]): void => {
      const start = path.indexOf(entry);
      if (start !== -1) {
        const names = [...path.slice(start), entry].map(({ name }) => name);
        const { parameters, node } = path.at(-1) ?? entry;
        const index = refs.get(path.at(-1) ?? entry)?.indexOf(entry) ?? -1;
        this.problems.push({ problem: problems.cyclicServices(names), node: parameters[index]?.node ?? node });
        return;
      }
      if (done.has(entry)) return;
      for (const needed of entriesOf(refs.get(entry))) visit(needed, [...path, entry]);
      done.add(entry);
    };
    for (const [entry, needed] of refs) {
      visit(entry, []);
      for (const [index, other] of needed.entries()) {
        if (!other || other === "context" || !other.isPerRequest || entry.isPerRequest) continue;
        const problem = problems.outlivesDependency(entry.name, other.name);
        this.problems.push({ problem, node: entry.parameters[index]?.node ?? entry.node });
      }
    }
  }
}

function entriesOf(sources: readonly Source[] = []): ServerEntry[] {
  return sources.filter((source) => source !== undefined && source !== "context");
}

function placeOf({ list, index }: ServerEntry): string {
  return `${list}[${index}]`;
}

function hasDefault({ node }: ServerEntry["parameters"][number]): boolean {
  return node !== undefined && ts.isParameter(node) && node.initializer !== undefined;
}

function isAny({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** Checks for a type that only one kind of value has. */
function isInjectable(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && type.symbol !== undefined;
}
