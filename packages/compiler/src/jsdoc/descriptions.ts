import type ts from "typescript";
import { toPosix } from "../diagnostics/diagnostic.ts";
import type { Docs } from "./docs.ts";
import type { Descriptions } from "../project/schema-options.ts";
import { firstSentence, shorten } from "./sentences.ts";
import { decodeEntities, stripHtml } from "./strip-html.ts";

/** Dependencies of {@link DescriptionWriter}. */
export interface DescriptionDeps {
  readonly root: string;
  readonly descriptions: Descriptions;
  readonly realpath: (fileName: string) => string;
}

/**
 * Cuts the texts that schemas quote from JSDoc, as the project's option `descriptions` says. All
 * descriptions of schemas pass through it, however they were found.
 */
export class DescriptionWriter {
  readonly #deps: DescriptionDeps;
  readonly #packageFiles = new Map<ts.SourceFile, boolean>();

  constructor(deps: DescriptionDeps) {
    this.#deps = deps;
  }

  /** Returns the text that a schema quotes of a declaration's JSDoc. */
  describe(text: string, declaration: ts.Node): string {
    const { descriptions } = this.#deps;
    const isForeign = this.isForeign(declaration);
    const plain = isForeign ? stripHtml(text) : decodeEntities(text);
    if (typeof descriptions === "object") return shorten(plain, descriptions.max);
    return isForeign && descriptions === "own" ? firstSentence(plain) : plain;
  }

  /**
   * Selects the examples that a schema quotes of a declaration's JSDoc. Values cannot be cut, so a
   * limit drops the examples that exceed it together.
   */
  selectExamples(examples: readonly string[], declaration: ts.Node): readonly string[] {
    const { descriptions } = this.#deps;
    if (typeof descriptions !== "object") return descriptions === "own" && this.isForeign(declaration) ? [] : examples;
    let left = descriptions.max;
    return examples.filter(({ length }) => (left -= length) >= 0);
  }

  /**
   * Cuts the parts of a method's documentation that its schemas quote. The method's own description
   * is never cut.
   */
  describeMethod({ description, returns, ...docs }: Docs, method: ts.Node): Docs {
    return {
      ...docs,
      ...(description !== undefined && { description: decodeEntities(description) }),
      ...(returns !== undefined && { returns: this.describe(returns, method) }),
      params: docs.params.map((param) => ({ ...param, text: this.describe(param.text, param.node) })),
    };
  }

  /**
   * Checks whether a package declares something, so that the author cannot change it. Linked
   * packages of a workspace are the project's own.
   */
  isForeign(declaration: ts.Node): boolean {
    const file = declaration.getSourceFile();
    const known = this.#packageFiles.get(file);
    if (known !== undefined) return known;
    const { root, realpath } = this.#deps;
    // TypeScript resolves links, unless the tsconfig says `preserveSymlinks`.
    const fileName = file.fileName.includes("/node_modules/") ? toPosix(realpath(file.fileName)) : file.fileName;
    // The project may lie in such a folder itself.
    const inside = fileName.startsWith(`${root}/`) ? fileName.slice(root.length) : fileName;
    const isForeign = inside.includes("/node_modules/");
    this.#packageFiles.set(file, isForeign);
    return isForeign;
  }
}
