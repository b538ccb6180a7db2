import ts from "typescript";
import { type Problem, problems } from "../../diagnostics/catalog.ts";
import type { DescriptionWriter } from "../../jsdoc/descriptions.ts";
import { type Direction, libraryHint } from "./library-types.ts";
import { declarationsOf } from "./mapped-properties.ts";
import { isPrivate, type OwnProperties } from "./own-properties.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/** Dependencies of {@link RefusedMembers}. */
export interface RefusedMembersDeps {
  readonly checker: ts.TypeChecker;
  readonly descriptions: DescriptionWriter;
  readonly direction: Direction;
}

/** Rejects objects whose members keep JSON from carrying them. */
export class RefusedMembers {
  readonly #deps: RefusedMembersDeps;
  readonly #own: OwnProperties;

  constructor(deps: RefusedMembersDeps, own: OwnProperties) {
    this.#deps = deps;
    this.#own = own;
  }

  /** Rejects a class with private members, or whose instances are empty in JSON. */
  refuseState(type: ts.Type, site: ts.Node): void {
    const problem = this.#deps.direction === "output" ? this.#unseenData(type) : this.#privateState(type);
    if (problem) throw new UnsupportedTypeError(problem, site);
  }

  /** Rejects a property that is named by a symbol, unless it can be left out. */
  refuseSymbol(owner: ts.Type, property: ts.Symbol, site: ts.Node): void {
    const name = symbolName(property);
    const isLeftOut = this.#deps.direction === "output" || property.flags & ts.SymbolFlags.Optional;
    if (name === undefined || isLeftOut) return;
    throw new UnsupportedTypeError(this.#symbolProblem(owner, property, name), site);
  }

  #symbolProblem(owner: ts.Type, property: ts.Symbol, name: string): Problem {
    const { checker } = this.#deps;
    if (!this.#isForeign(property)) return problems.propertyNameUnusable(`[${name}]`);
    const text = checker.typeToString(owner);
    const parent = declarationsOf(property)[0]?.parent;
    const declared = parent && (ts.isInterfaceDeclaration(parent) || ts.isClassLike(parent)) ? parent.name?.text : "";
    const isCopy = declared && owner.symbol?.name !== declared;
    return problems.noJsonForm(
      text,
      isCopy
        ? `It copies the members of ${declared}, which JSON cannot carry. Apply it to plain objects only.`
        : libraryHint(owner.symbol?.name ?? ""),
    );
  }

  /** Finds the reason why an instance's own properties are not what the class shows. */
  #unseenData(type: ts.Type): Problem | undefined {
    const text = this.#deps.checker.typeToString(type);
    const hidden = this.#own.findPrivateData(type);
    if (hidden) return problems.sentPrivateState(text, hidden.name, this.#isForeign(hidden));
    return this.#own.isHollow(type) ? problems.hollowClass(text) : undefined;
  }

  #privateState(type: ts.Type): Problem | undefined {
    const { checker } = this.#deps;
    const hidden = checker
      .getPropertiesOfType(type)
      .find((property) => property.declarations?.some((declaration) => isPrivate(declaration)));
    return hidden && problems.privateState(checker.typeToString(type));
  }

  #isForeign(property: ts.Symbol): boolean {
    return declarationsOf(property).some((one) => this.#deps.descriptions.isForeign(one));
  }
}

/** Returns the name of the symbol that names a property: the checker calls it `__@KEY@204`. */
export function symbolName({ escapedName }: ts.Symbol): string | undefined {
  // The number depends on what the checker has seen before.
  return /^__@(.*)@\d+$/s.exec(escapedName.toString())?.[1];
}

/** Rejects `__proto__`: assigning it changes an object's prototype. */
export function checkName(name: string, site: ts.Node): string {
  if (name === "__proto__") throw new UnsupportedTypeError(problems.propertyNameUnusable(JSON.stringify(name)), site);
  return name;
}
