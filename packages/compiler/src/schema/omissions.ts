import ts from "typescript";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { DescriptionWriter } from "../jsdoc/descriptions.ts";
import type { Direction } from "./read/library-types.ts";
import type { UnsupportedTypeError } from "./read/unsupported-type.ts";

/** A property of a named type in a signature. */
interface Owner {
  readonly owner: ts.TypeReferenceNode | ts.ImportTypeNode;
  readonly property: string;
}

/** The property of a named type that leads to a refused type. */
interface RefusedPart extends Partial<Owner> {
  /** The refused node. */
  readonly node: ts.Node;
  /** True if a package declares the refused type: the author cannot follow another advice. */
  readonly isForeign: boolean;
}

/** Problems of types with behavior, such as a socket, which authors seldom declare themselves. */
const BEHAVIOR: ReadonlySet<string> = new Set(["MTD102", "MTD111"]);

/** Problems with a fix that comes first: install what a package needs. */
const FIXABLE: ReadonlySet<string> = new Set(["MTD110"]);

/** Maximum number of properties that a proposal names. */
const MAX_NAMED = 4;

/** Advice for a type of a package, where no name is known to leave out. */
const SELECTION = "Use an interface with the properties that you need.";

/** Proposes to leave properties out of a signature's types if something inside is refused. */
export class Omissions {
  readonly #checker: ts.TypeChecker;
  readonly #descriptions: DescriptionWriter;
  readonly #direction: Direction;
  readonly #parts = new Map<LocatedProblem, RefusedPart>();

  constructor(checker: ts.TypeChecker, descriptions: DescriptionWriter, direction: Direction) {
    this.#checker = checker;
    this.#descriptions = descriptions;
    this.#direction = direction;
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
    const found = this.#findOwner(...site);
    const declarations = (found && this.#propertyOf(found)?.declarations) ?? [];
    const isForeign = [node, ...declarations].some((one) => this.#descriptions.isForeign(one));
    if (isForeign || (found && BEHAVIOR.has(problem.code))) this.#parts.set(located, { ...found, node, isForeign });
  }

  /** Adds the proposal for a problem to its hint. */
  addTo(located: LocatedProblem): LocatedProblem {
    const part = this.#parts.get(located);
    const proposal = part && (this.#propose(part) ?? (part.isForeign ? SELECTION : undefined));
    if (!proposal) return located;
    const { problem } = located;
    const isInstead = part.isForeign && !FIXABLE.has(problem.code);
    const hint = isInstead ? proposal : `${problem.hint} Or ${proposal.charAt(0).toLowerCase()}${proposal.slice(1)}`;
    return { ...located, problem: { ...problem, hint } };
  }

  #propose({ owner, property, node }: RefusedPart): string | undefined {
    if (!owner || property === undefined) return undefined;
    const part = { owner, property };
    const type = this.#typeOf(part);
    const name = owner.getText();
    // `Omit` keeps only the properties that all members of a union have.
    if (type.isUnion()) return this.#proposeMembers(type, part, node);
    const parts = [...this.#parts.values()].filter((one) => one.owner === owner);
    const isRefused = (symbol: ts.Symbol): boolean =>
      parts.some((one) => one.property === symbol.name) || this.#isRequiredFunction(symbol);
    const refused = type.getProperties().filter((symbol) => isRefused(symbol));
    if (refused.length <= MAX_NAMED) return `Leave it out: Omit<${name}, ${listNames(refused)}>.`;
    const data = type.getProperties().filter((symbol) => !isRefused(symbol) && !this.#isFunction(symbol));
    const kept = this.#chooseProperties(data);
    return kept.length > 0 ? `Name the properties that you need: Pick<${name}, ${listNames(kept)}>.` : undefined;
  }

  /** Leaves out what a package adds to the author's properties, or marks as internal. */
  #chooseProperties(properties: readonly ts.Symbol[]): readonly ts.Symbol[] {
    const own = properties.filter(({ declarations = [] }) =>
      declarations.some((one) => !this.#descriptions.isForeign(one)),
    );
    return own.length > 0 ? own : properties.filter(({ name }) => !/^[_$]/.test(name));
  }

  /** Proposes to leave a member out of a union. */
  #proposeMembers(type: ts.UnionType, { owner, property }: Owner, node: ts.Node): string | undefined {
    const isWithin = (declaration: ts.Node): boolean =>
      ts.findAncestor(node, (one) => one === declaration) !== undefined;
    const refused = type.types.filter((member) => member.getProperty(property)?.declarations?.some(isWithin));
    const names = refused.flatMap(({ aliasSymbol, symbol }) => (aliasSymbol ?? symbol)?.name ?? []);
    const isNamed = names.length > 0 && names.every((name) => !name.startsWith("__"));
    return isNamed ? `Leave it out: Exclude<${owner.getText()}, ${names.join(" | ")}>.` : undefined;
  }

  #isRequiredFunction(property: ts.Symbol): boolean {
    const isRequired = this.#direction === "input" && !(property.flags & ts.SymbolFlags.Optional);
    return isRequired && this.#isFunction(property);
  }

  #isFunction(property: ts.Symbol): boolean {
    return this.#checker.getTypeOfSymbol(property).getCallSignatures().length > 0;
  }

  /** Finds the named type in a signature at which a path to a refused type begins. */
  #findOwner(node: ts.Node, [segment, ...others]: readonly string[]): Owner | undefined {
    if (segment === undefined) return undefined;
    const part = partOf(node, segment);
    if (part) return this.#findOwner(part, others);
    const [around] = typesWithin(node).flatMap((inner) => this.#findOwner(inner, [segment, ...others]) ?? []);
    if (around || segment.startsWith("[")) return around;
    if (!ts.isTypeReferenceNode(node) && !ts.isImportTypeNode(node)) return undefined;
    const owner = { owner: node, property: segment };
    return this.#propertyOf(owner) && owner;
  }

  /** Returns a property, also one that only some members of a union have. */
  #propertyOf(part: Owner): ts.Symbol | undefined {
    const type = this.#typeOf(part);
    const members = type.isUnion() ? type.types : [type];
    return members.flatMap((member) => member.getProperty(part.property) ?? [])[0];
  }

  #typeOf({ owner }: Owner): ts.Type {
    return this.#checker.getTypeFromTypeNode(owner);
  }
}

/** Returns the node of the part of a written type that a segment of a path leads to. */
function partOf(node: ts.Node, segment: string): ts.TypeNode | undefined {
  if (ts.isTypeLiteralNode(node)) {
    const member = node.members.find(({ name }) => name && [name.getText(), nameOf(name)].includes(segment));
    return member && ts.isPropertySignature(member) ? member.type : undefined;
  }
  if (ts.isArrayTypeNode(node)) return segment === "[]" ? node.elementType : undefined;
  if (ts.isTupleTypeNode(node)) {
    const element = node.elements[Number(segment.slice(1, -1))];
    return element && ts.isNamedTupleMember(element) ? element.type : element;
  }
  const written = ts.isTypeReferenceNode(node) ? (node.typeArguments ?? []) : [];
  return segment === "[]" || segment === "[key]" ? written.at(-1) : undefined;
}

function nameOf(name: ts.PropertyName): string {
  return ts.isComputedPropertyName(name) ? name.getText() : name.text;
}

/** Returns the types within a written type that have the same path. */
function typesWithin(node: ts.Node): readonly ts.TypeNode[] {
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node) || ts.isOptionalTypeNode(node))
    return [node.type];
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types;
  const isPromise = ts.isTypeReferenceNode(node) && node.typeName.getText() === "Promise";
  return isPromise ? (node.typeArguments ?? []) : [];
}

function listNames(properties: readonly ts.Symbol[]): string {
  return properties
    .slice(0, MAX_NAMED)
    .map(({ name }) => JSON.stringify(name))
    .join(" | ");
}
