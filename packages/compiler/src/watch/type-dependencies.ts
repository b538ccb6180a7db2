import ts from "typescript";

/** What TypeScript's own incremental builder knows of a file; there is no public way to it. */
interface BoundSourceFile extends ts.SourceFile {
  /** The specifiers of everything it imports, in whatever way. */
  readonly imports?: readonly ts.StringLiteralLike[];
  /** The modules it adds to, `declare global` among them. */
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
 * The files that can have a say in what a file's types mean, for the files of one program: itself, what it imports, however indirectly, and all
 * that declares something for everybody. As long as these are the same, in the same order, so are the types.
 */
export class TypeDependencies {
  readonly #program: ResolvingProgram;
  /** The names of the files that a file imports. */
  readonly #imports: WeakMap<ts.SourceFile, readonly string[]>;
  /** What every file depends on. */
  readonly global: readonly ts.SourceFile[];

  /** @param earlier Those of a program in which the same imports lead to the same files */
  constructor(program: ts.Program, earlier?: TypeDependencies) {
    this.#program = program as ResolvingProgram;
    this.#imports = earlier ? earlier.#imports : new WeakMap();
    this.global = this.#closure(program.getSourceFiles().filter((file) => affectsEverything(file)));
  }

  /** A file and what it imports, in an order that follows from the texts and from where imports lead. */
  of(file: ts.SourceFile): readonly ts.SourceFile[] {
    return this.#closure([file]);
  }

  #closure(start: readonly ts.SourceFile[]): ts.SourceFile[] {
    const closure = new Set(start);
    // A set is walked in the order in which it grows.
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

/** A file that others need not import: a script, a file that adds to modules or to the globals, or one with a name for itself among these. */
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
