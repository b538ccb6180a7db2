import ts from "typescript";

/**
 * Finds symbols that a package declares, by the nearest package.json, so that workspaces and linked
 * packages count too.
 */
export class DeclaringPackage {
  readonly #name: string;
  readonly #readFile: (fileName: string) => string | undefined;
  readonly #packageNames = new Map<string, string | undefined>();

  /**
   * @param readFile Reads through the project's disk, which records that the result depends on the
   *   file
   */
  constructor(name: string, readFile: (fileName: string) => string | undefined) {
    this.#name = name;
    this.#readFile = readFile;
  }

  /** Checks whether a symbol is declared in the package, wherever that is installed. */
  declares(symbol: ts.Symbol): boolean {
    return (
      symbol.declarations?.some(
        (declaration) => this.#packageOf(declaration.getSourceFile().fileName) === this.#name,
      ) ?? false
    );
  }

  #packageOf(fileName: string): string | undefined {
    return this.#packageName(fileName.slice(0, fileName.lastIndexOf("/")));
  }

  #packageName(folder: string): string | undefined {
    if (this.#packageNames.has(folder)) return this.#packageNames.get(folder);
    const text = this.#readFile(`${folder}/package.json`);
    const parent = folder.slice(0, folder.lastIndexOf("/"));
    const own = text === undefined ? undefined : readName(text);
    const name = own ?? (parent && parent !== folder ? this.#packageName(parent) : undefined);
    this.#packageNames.set(folder, name);
    return name;
  }
}

/**
 * Returns the package name. A package.json without a name only sets the module format of its
 * folder.
 */
function readName(text: string): string | undefined {
  const { config } = ts.parseConfigFileTextToJson("package.json", text) as {
    readonly config?: { readonly name?: unknown };
  };
  return typeof config?.name === "string" ? config.name : undefined;
}
