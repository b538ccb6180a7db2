import ts from "typescript";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { DescriptionWriter } from "../jsdoc/descriptions.ts";
import type { UnsupportedTypeError } from "./read/unsupported-type.ts";

/** The property of a named type in a signature that leads to a refused type. */
interface RefusedPart {
  readonly owner: ts.TypeReferenceNode;
  readonly property: string;
  /** True if a package declares the refused type: the author cannot follow another advice. */
  readonly isForeign: boolean;
}

/** Problems of types with behavior, such as a socket, which authors seldom declare themselves. */
const BEHAVIOR: ReadonlySet<string> = new Set(["MTD102", "MTD111"]);

/** Problems with a fix that comes first: install what a package needs. */
const FIXABLE: ReadonlySet<string> = new Set(["MTD110"]);

/** Maximum number of properties that a proposal names. */
const MAX_NAMED = 4;

/** Proposes to leave properties out of a signature's types if something inside is refused. */
export class Omissions {
  readonly #checker: ts.TypeChecker;
  readonly #descriptions: DescriptionWriter;
  readonly #parts = new Map<LocatedProblem, RefusedPart>();

  constructor(checker: ts.TypeChecker, descriptions: DescriptionWriter) {
    this.#checker = checker;
    this.#descriptions = descriptions;
  }

  /**
   * Notes the property of a signature's type that leads to a refused type.
   * @param site The written type at which the path begins
   */
  note(
    located: LocatedProblem,
    { problem, node }: UnsupportedTypeError,
    site: readonly [ts.Node, readonly string[]],
  ): void {
    const found = findOwner(...site);
    const declared = found && this.#typeOf(found).getProperty(found.property);
    if (!found || !declared) return;
    const isForeign = [node, ...(declared.declarations ?? [])].some((one) => this.#descriptions.isForeign(one));
    if (isForeign || BEHAVIOR.has(problem.code)) this.#parts.set(located, { ...found, isForeign });
  }

  /** Adds the proposal for a problem to its hint. */
  addTo(located: LocatedProblem): LocatedProblem {
    const part = this.#parts.get(located);
    const proposal = part && this.#propose(part);
    if (!proposal) return located;
    const { problem } = located;
    const isInstead = part.isForeign && !FIXABLE.has(problem.code);
    const hint = isInstead ? proposal : `${problem.hint} Or ${proposal.charAt(0).toLowerCase()}${proposal.slice(1)}`;
    return { ...located, problem: { ...problem, hint } };
  }

  #propose(part: RefusedPart): string | undefined {
    const type = this.#typeOf(part);
    // `Omit` keeps only the properties that all members of a union have.
    if (type.isUnion()) return undefined;
    const parts = [...this.#parts.values()].filter(({ owner }) => owner === part.owner);
    const isRefused = ({ name }: ts.Symbol): boolean => parts.some(({ property }) => property === name);
    const refused = type.getProperties().filter((property) => isRefused(property));
    const name = part.owner.getText();
    if (refused.length <= MAX_NAMED) return `Leave it out: Omit<${name}, ${listNames(refused)}>.`;
    const kept = type.getProperties().filter((property) => !isRefused(property));
    return kept.length > 0 ? `Name the properties that you need: Pick<${name}, ${listNames(kept)}>.` : undefined;
  }

  #typeOf({ owner }: Pick<RefusedPart, "owner">): ts.Type {
    return this.#checker.getTypeFromTypeNode(owner);
  }
}

function findOwner(
  node: ts.Node,
  [segment, ...others]: readonly string[],
): Pick<RefusedPart, "owner" | "property"> | undefined {
  if (segment === undefined) return undefined;
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node))
    return findOwner(node.type, [segment, ...others]);
  if (ts.isArrayTypeNode(node)) return segment === "[]" ? findOwner(node.elementType, others) : undefined;
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const [argument] = node.typeArguments ?? [];
  if (argument && segment === "[]") return findOwner(argument, others);
  if (argument && node.typeName.getText() === "Promise") return findOwner(argument, [segment, ...others]);
  return segment.startsWith("[") ? undefined : { owner: node, property: segment };
}

function listNames(properties: readonly ts.Symbol[]): string {
  return properties
    .slice(0, MAX_NAMED)
    .map(({ name }) => JSON.stringify(name))
    .join(" | ");
}
