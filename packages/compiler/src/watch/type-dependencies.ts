import ts from "typescript";

/** Internal fields of a file that TypeScript's incremental builder uses, too. */
interface BoundSourceFile extends ts.SourceFile {
  /** The specifiers of all imports of any kind. */
  readonly imports?: readonly ts.StringLiteralLike[];
  /** The module augmentations, including `declare global`. */
  readonly moduleAugmentations?: readonly ts.Node[];
  readonly ambientModuleNames?: readonly string[];
  readonly symbol?: ts.Symbol & { readonly globalExports?: ts.SymbolTable };
}

interface ResolvingProgram extends ts.Program {
  getResolvedModuleFromModuleSpecifier(
    specifier: ts.StringLiteralLike,
    file: ts.SourceFile,
  ): ts.ResolvedModuleWithFailedLookupLocations | undefined;
}

/**
 * The files that can affect a file's types, for the files of one program: the file itself, its
 * transitive imports, and all files with global declarations. While these are the same, in the same
 * order, so are the types.
 */
export class TypeDependencies {
  readonly #program: ResolvingProgram;
  /** The names of the files that a file imports. */
  readonly #imports: WeakMap<ts.SourceFile, readonly string[]>;
  /** The files that every file depends on. */
  readonly global: readonly ts.SourceFile[];

  /** @param earlier The dependencies of a program in which all imports resolve to the same files */
  constructor(program: ts.Program, earlier?: TypeDependencies) {
    this.#program = program as ResolvingProgram;
    this.#imports = earlier ? earlier.#imports : new WeakMap();
    this.global = this.#closure(program.getSourceFiles().filter((file) => affectsEverything(file)));
  }

  /**
   * Returns a file and its transitive imports, in an order that the texts and resolutions
   * determine.
   */
  of(file: ts.SourceFile): readonly ts.SourceFile[] {
    return this.#closure([file]);
  }

  #closure(start: readonly ts.SourceFile[]): ts.SourceFile[] {
    const closure = new Set(start);
    // Iteration over a set includes the elements that are added meanwhile.
    for (const file of closure) for (const imported of this.#importsOf(file)) closure.add(imported);
    return [...closure];
  }

  #importsOf(file: ts.SourceFile): readonly ts.SourceFile[] {
    let names = this.#imports.get(file);
    if (!names) {
      names = ((file as BoundSourceFile).imports ?? []).flatMap(
        (specifier) =>
          this.#program.getResolvedModuleFromModuleSpecifier(specifier, file)?.resolvedModule?.resolvedFileName ?? [],
      );
      this.#imports.set(file, names);
    }
    return names.flatMap((name) => this.#program.getSourceFile(name) ?? []);
  }
}

/**
 * Checks whether a file affects others without an import: a script, or a module that augments
 * modules or globals, or that exports itself as a global.
 */
function affectsEverything(file: BoundSourceFile): boolean {
  if (ts.isExternalModule(file)) {
    return (
      (file.moduleAugmentations?.length ?? 0) > 0 ||
      (file.ambientModuleNames?.length ?? 0) > 0 ||
      (file.symbol?.globalExports?.size ?? 0) > 0
    );
  }
  return !file.fileName.endsWith(".json");
}
