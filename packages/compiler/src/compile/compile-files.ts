import ts from "typescript";
import { MethodCompiler, type MethodOutcome } from "./compile-method.ts";
import { compareText, relativePath, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { fromTypeScript } from "../diagnostics/locate.ts";
import { findDetachedComments, type DetachedComment } from "../jsdoc/docs.ts";
import type { Compilation, CompiledMember, CompiledService } from "../manifest.ts";
import { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { locate, type LocatedProblem } from "../diagnostics/locate.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { Project } from "../project/project.ts";
import { classNameOf, findClasses, scanFiles, type ScannedClass, type ScannedMethod } from "../scan/scan.ts";

/**
 * Compiles the services of a project: every class with decorated methods, in the order of files and positions.
 * Prints nothing and throws nothing for what is wrong with the project.
 * @param files The files to compile. Default: all of the project's own
 */
export function compileServices(project: Project, files: readonly ts.SourceFile[] = project.files): Compilation {
  const parts = [...compileFiles(project, files).values()];
  const fileOf = (service: CompiledService): string => relativePath(project.root, service.sourceFile.fileName);
  return {
    services: parts
      .flatMap(({ services }) => services)
      .sort((a, b) => compareText(fileOf(a), fileOf(b)) || a.node.pos - b.node.pos),
    diagnostics: sortDiagnostics(parts.flatMap(({ diagnostics }) => diagnostics)),
  };
}

/** What {@link compileFiles} made of one file. */
export interface FileCompilation extends Compilation {
  /** Whether it has to do with which classes of the project extend those of this file. */
  readonly dependsOnSubclasses: boolean;
}

/** {@link compileServices}, file by file. What is said of a file does not depend on which others are compiled with it. */
export function compileFiles(
  project: Project,
  files: readonly ts.SourceFile[],
): ReadonlyMap<ts.SourceFile, FileCompilation> {
  const compiled = new Map<ts.SourceFile, FileCompilation>();
  for (const file of files) {
    const errors = project.program.getSyntacticDiagnostics(file);
    if (errors.length === 0) continue;
    const diagnostics = errors.map((error) => fromTypeScript(error, project.root));
    compiled.set(file, { services: [], diagnostics, dependsOnSubclasses: false });
  }
  // TypeScript makes something of any text. What it made of a broken file is neither to be published nor to be complained about.
  const whole = files.filter((file) => !compiled.has(file));
  const run = new ServiceCompiler(project, whole);
  run.run();
  for (const file of whole) compiled.set(file, run.resultOf(file));
  return compiled;
}

/** One run over the classes of a project. */
class ServiceCompiler {
  readonly #project: Project;
  readonly #files: readonly ts.SourceFile[];
  readonly #symbols: MethodicSymbols;
  readonly #methods: MethodCompiler;
  readonly #diagnostics = new Map<ts.SourceFile, Diagnostic[]>();
  readonly #members = new Map<ts.SourceFile, Map<ts.ClassLikeDeclaration, Map<string, CompiledMember>>>();
  /** Methods that need the type arguments of a subclass, by the class that has them. */
  readonly #deferred = new Map<
    ts.ClassLikeDeclaration,
    Map<string, { readonly method: ScannedMethod; readonly outcome: MethodOutcome }>
  >();

  constructor(project: Project, files: readonly ts.SourceFile[]) {
    this.#project = project;
    this.#files = files;
    this.#symbols = new MethodicSymbols(project.checker, project.disk);
    this.#methods = new MethodCompiler(project, this.#symbols);
  }

  run(): void {
    const scan = scanFiles(this.#files, this.#project.checker, this.#symbols);
    for (const { subject, located } of scan.problems) this.#report(located.node.getSourceFile(), located, subject);
    for (const scanned of scan.classes) this.#compileClass(scanned);
    this.#compileInherited();
    for (const file of new Set(scan.classes.map(({ sourceFile }) => sourceFile))) this.#checkInterfaces(file);
  }

  /** What the run made of one of its files. */
  resultOf(file: ts.SourceFile): FileCompilation {
    const services = [...(this.#members.get(file) ?? [])].map(([node, members]) => ({
      className: classNameOf(node),
      sourceFile: file,
      node,
      members,
    }));
    return {
      services: services.sort((a, b) => a.node.pos - b.node.pos),
      diagnostics: sortDiagnostics(this.#diagnostics.get(file) ?? []),
      dependsOnSubclasses: [...this.#deferred.keys()].some((node) => node.getSourceFile() === file),
    };
  }

  /** @param owner The file that is compiled; the problem may lie in another */
  #report(owner: ts.SourceFile, located: LocatedProblem, subject?: string): void {
    const diagnostics = this.#diagnostics.get(owner) ?? [];
    this.#diagnostics.set(owner, diagnostics);
    diagnostics.push(locate(located, this.#project.root, subject));
  }

  #compileClass({ node, className, methods }: ScannedClass): void {
    // The comment of a member that is no component matters to nobody here.
    for (const comment of findDetachedComments(node))
      if (methods.some((method) => method.node === comment.before)) this.#warnOfDetached(comment, node);
    for (const method of methods) {
      const outcome = this.#methods.compile(method);
      if (isGeneric(node) && outcome.problems.some(({ problem }) => problem.code === "MTD133"))
        this.#defer(node, method, outcome);
      else this.#keep(node, { name: method.name, outcome, subject: `${className}.${method.name}` });
    }
  }

  #keep(
    node: ts.ClassLikeDeclaration,
    { name, outcome, subject }: { readonly name: string; readonly outcome: MethodOutcome; readonly subject: string },
  ): void {
    for (const located of outcome.problems) this.#report(node.getSourceFile(), located, subject);
    if (!outcome.member) return;
    const file = node.getSourceFile();
    const classes = this.#members.get(file) ?? new Map<ts.ClassLikeDeclaration, Map<string, CompiledMember>>();
    const members = classes.get(node) ?? new Map<string, CompiledMember>();
    this.#members.set(file, classes.set(node, members.set(name, outcome.member)));
  }

  #defer(node: ts.ClassLikeDeclaration, method: ScannedMethod, outcome: MethodOutcome): void {
    const methods = this.#deferred.get(node) ?? new Map();
    this.#deferred.set(node, methods.set(method.name, { method, outcome }));
  }

  /**
   * A method of `Base<T>` whose schema depends on T belongs to each class that fills T in.
   * Whether such a class exists is asked of the whole project, so that the answer for one file does not depend on which were asked for.
   */
  #compileInherited(): void {
    if (this.#deferred.size === 0) this.#addForeignBases();
    if (this.#deferred.size === 0) return;
    const extended = new Set<ts.Node>();
    for (const file of this.#project.files) {
      for (const node of findClasses(file)) this.#inheritInto(node, { extended, isWanted: this.#files.includes(file) });
    }
    for (const [node, methods] of this.#deferred) {
      const isAbstract = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0;
      if (extended.has(node) || isAbstract || !this.#files.includes(node.getSourceFile())) continue;
      for (const [name, { outcome }] of methods)
        this.#keep(node, { name, outcome, subject: `${classNameOf(node)}.${name}` });
    }
  }

  /** The bases of the wanted classes may stand in files that were not asked for. */
  #addForeignBases(): void {
    const bases = this.#files.flatMap((file) =>
      /\bextends\b/.test(file.text) ? findClasses(file).flatMap((node) => this.#basesOf(node)) : [],
    );
    const foreign = new Set(
      bases
        .filter((base) => !this.#files.includes(base.getSourceFile()) && isGeneric(base))
        .map((base) => base.getSourceFile()),
    );
    for (const { node, methods } of scanFiles([...foreign], this.#project.checker, this.#symbols).classes) {
      for (const method of methods) {
        const outcome = isGeneric(node) ? this.#methods.compile(method) : undefined;
        if (outcome?.problems.some(({ problem }) => problem.code === "MTD133")) this.#defer(node, method, outcome);
      }
    }
  }

  #inheritInto(
    node: ts.ClassLikeDeclaration,
    { extended, isWanted }: { readonly extended: Set<ts.Node>; readonly isWanted: boolean },
  ): void {
    const { checker } = this.#project;
    const own = memberNames(node);
    for (const base of this.#basesOf(node)) {
      extended.add(base);
      for (const [name, { method }] of this.#deferred.get(base) ?? []) {
        const site = node.heritageClauses?.[0]?.types[0];
        const property = checker.getTypeAtLocation(node).getProperty(name);
        const signature = property && checker.getTypeOfSymbol(property).getCallSignatures()[0];
        if (own.has(name) || isGeneric(node) || !isWanted || !site || !signature) continue;
        own.add(name);
        const outcome = this.#methods.compile(method, { signature, site });
        this.#keep(node, { name, outcome, subject: `${classNameOf(node)}.${name}` });
      }
      // What a nearer class overrides is not inherited from one further up.
      for (const name of memberNames(base)) own.add(name);
    }
  }

  /** The classes a class extends, nearest first, also those that a function (a mixin, say) returns. */
  #basesOf(node: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration[] {
    const bases = new Set<ts.ClassLikeDeclaration>([node]);
    for (const current of bases) {
      const clause = current.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
      const type = clause?.types[0] && this.#project.checker.getTypeAtLocation(clause.types[0]);
      for (const { symbol } of type?.isIntersection() ? type.types : type ? [type] : []) {
        const declaration = symbol?.valueDeclaration;
        if (declaration && ts.isClassLike(declaration)) bases.add(declaration);
      }
    }
    bases.delete(node);
    return [...bases];
  }

  #checkInterfaces(file: ts.SourceFile): void {
    if (!/[^\s*/][ \t]*\/\*\*/.test(file.text)) return;
    ts.forEachChild(file, (node) => {
      const shape = ts.isInterfaceDeclaration(node)
        ? node
        : ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)
          ? node.type
          : undefined;
      for (const comment of shape ? findDetachedComments(shape) : []) this.#warnOfDetached(comment, shape ?? node);
    });
  }

  #warnOfDetached({ start, reason }: DetachedComment, node: ts.Node): void {
    this.#report(node.getSourceFile(), { problem: problems.detachedDoc(reason), node, start });
  }
}

/** The names of a class's own members, but for the static ones. */
function memberNames(node: ts.ClassLikeDeclaration): Set<string> {
  const members = node.members.filter(
    (member) => (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) === 0,
  );
  return new Set(members.flatMap(({ name }) => (name ? [textOf(name)] : [])));
}

function textOf(name: ts.PropertyName): string {
  if (!ts.isComputedPropertyName(name)) return name.text;
  return ts.isStringLiteralLike(name.expression) ? name.expression.text : name.getText();
}

function isGeneric(node: ts.Node): boolean {
  return (
    ts.findAncestor(
      node,
      (ancestor) => (ts.isClassLike(ancestor) || ts.isFunctionLike(ancestor)) && ancestor.typeParameters !== undefined,
    ) !== undefined
  );
}
