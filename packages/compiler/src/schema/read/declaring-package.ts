import ts from "typescript";

/** Answers whether a package declares a symbol, by the nearest package.json, which also holds for workspaces and linked packages. */
export class DeclaringPackage {
  readonly #name: string;
  readonly #readFile: (fileName: string) => string | undefined;
  readonly #packageNames = new Map<string, string | undefined>();

  /** @param readFile How files are read: through the project's disk, which knows then that a result depends on them */
  constructor(name: string, readFile: (fileName: string) => string | undefined) {
    this.#name = name;
    this.#readFile = readFile;
  }

  /** Whether a symbol is declared in the package, wherever that is installed. */
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

/** A package.json without a name only says how the files of its folder are to be read. */
function readName(text: string): string | undefined {
  const { config } = ts.parseConfigFileTextToJson("package.json", text) as {
    readonly config?: { readonly name?: unknown };
  };
  return typeof config?.name === "string" ? config.name : undefined;
}
