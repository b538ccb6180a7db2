import type ts from "typescript";
import type { Problem } from "../diagnostics/catalog.ts";
import { describePlace, type LocatedProblem } from "../diagnostics/locate.ts";
import type { Project } from "../project/project.ts";

/** Finds the declarations of a type's properties, at any depth. */
export class PropertyPlaces {
  readonly #site: ts.TypeNode;
  readonly #project: Project;

  constructor(site: ts.TypeNode, project: Project) {
    this.#site = site;
    this.#project = project;
  }

  /** Locates a problem at a property: at its declaration, or at the type if that is elsewhere. */
  locate(problem: Problem, path: readonly string[]): LocatedProblem {
    const node = this.#find(path)?.declarations?.[0];
    if (!node) return { problem, node: this.#site };
    if (node.getSourceFile() === this.#site.getSourceFile()) return { problem, node };
    const declared = describePlace(node, this.#project.root);
    return {
      problem: { ...problem, text: `${problem.text} (declared at ${declared})` },
      node: this.#site,
      declaredAt: node,
    };
  }

  /** Checks whether a property has a JSDoc tag. */
  hasTag(path: readonly string[], name: string): boolean {
    const tags = this.#find(path)?.getJsDocTags(this.#project.checker) ?? [];
    return tags.some((tag) => tag.name === name);
  }

  /** Returns the type of a property, as text. */
  typeAt(path: readonly string[]): string {
    const { checker } = this.#project;
    const symbol = this.#find(path);
    const type = symbol && checker.getTypeOfSymbolAtLocation(symbol, this.#site);
    if (!type) return "";
    return checker.typeToString(type.isUnion() ? checker.getNonNullableType(type) : type);
  }

  #find(path: readonly string[]): ts.Symbol | undefined {
    const { checker } = this.#project;
    let type: ts.Type | undefined = checker.getTypeFromTypeNode(this.#site);
    let symbol: ts.Symbol | undefined;
    for (const name of path) {
      symbol = type && checker.getNonNullableType(type).getProperty(name);
      type = symbol && checker.getTypeOfSymbolAtLocation(symbol, this.#site);
    }
    return symbol;
  }
}
