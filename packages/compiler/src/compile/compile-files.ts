import ts from "typescript";
import { isGeneric } from "../schema/read/syntactic-types.ts";
import { basesOf, memberNames } from "./class-members.ts";
import { checkOverrides } from "./check-overrides.ts";
import { checkServers } from "./check-servers.ts";
import { MethodCompiler, type MethodCompilation } from "./compile-method.ts";
import { compareText, relativePath, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { fromTypeScript, locate, type LocatedProblem } from "../diagnostics/locate.ts";
import { findDetachedComments, type DetachedComment } from "../jsdoc/detached-comments.ts";
import type { Compilation, CompiledMember, CompiledService, SiteCall } from "../manifest.ts";
import { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { Project } from "../project/project.ts";
import { SiteCompiler } from "./compile-sites.ts";
import { readCompletionShape } from "../scan/completions.ts";
import {
  classNameOf,
  findClasses,
  scanFiles,
  type ScannedClass,
  type ScannedCompletion,
  type ScannedMethod,
} from "../scan/scan.ts";

/**
 * Compiles the services of a project: every class with decorated methods, in the order of files and
 * positions. Problems of the project are returned, neither printed nor thrown.
 * @param files The files to compile. Default: all files of the project
 */
export function compileServices(project: Project, files: readonly ts.SourceFile[] = project.files): Compilation {
  const parts = [...compileFiles(project, files).values()];
  const fileOf = (service: CompiledService): string => relativePath(project.root, service.sourceFile.fileName);
  const services = parts
    .flatMap((part) => part.services)
    .sort((a, b) => compareText(fileOf(a), fileOf(b)) || a.node.pos - b.node.pos);
  const calls = parts.flatMap((part) => part.calls);
  const diagnostics = parts.flatMap((part) => part.diagnostics);
  return { services, calls, diagnostics: sortDiagnostics([...diagnostics, ...checkServers(project, files, services)]) };
}

/** The compilation of one file. */
export interface FileCompilation extends Compilation {
  /** The result depends on subclasses in other files. */
  readonly dependsOnSubclasses: boolean;
}

/**
 * Compiles the services of a project, file by file. The result of a file does not depend on which
 * others are compiled with it.
 */
export function compileFiles(
  project: Project,
  files: readonly ts.SourceFile[],
): ReadonlyMap<ts.SourceFile, FileCompilation> {
  const compiled = new Map<ts.SourceFile, FileCompilation>();
  for (const file of files) {
    const errors = project.program.getSyntacticDiagnostics(file);
    if (errors.length === 0) continue;
    const diagnostics = errors.map((error) => fromTypeScript(error, project.root));
    compiled.set(file, { services: [], calls: [], diagnostics, dependsOnSubclasses: false });
  }
  // TypeScript builds a tree from any text. The tree of a broken file is neither published nor
  // checked.
  const whole = files.filter((file) => !compiled.has(file));
  const run = new FileCompiler(project, whole);
  run.run();
  for (const file of whole) compiled.set(file, run.resultOf(file));
  return compiled;
}

/** One run over the classes of some files. */
class FileCompiler {
  readonly #project: Project;
  readonly #files: readonly ts.SourceFile[];
  readonly #symbols: MethodicSymbols;
  readonly #methods: MethodCompiler;
  readonly #calls = new Map<ts.SourceFile, readonly SiteCall[]>();
  readonly #diagnostics = new Map<ts.SourceFile, Diagnostic[]>();
  readonly #members = new Map<ts.SourceFile, Map<ts.ClassLikeDeclaration, Map<string, CompiledMember>>>();
  readonly #contextIndexes = new Map<ts.ClassLikeDeclaration, Readonly<Record<string, number>>>();
  /** Methods that need the type arguments of a subclass, by their class. */
  readonly #deferred = new Map<
    ts.ClassLikeDeclaration,
    Map<string, { readonly method: ScannedMethod; readonly outcome: MethodCompilation }>
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
    for (const completion of scan.completions) this.#compileCompletion(completion);
    this.#compileInherited();
    for (const file of this.#files) {
      for (const { subject, located } of checkOverrides(file, this.#project.checker, this.#symbols))
        this.#report(file, located, subject);
    }
    for (const file of new Set(scan.classes.map(({ sourceFile }) => sourceFile))) this.#checkInterfaces(file);
    const sites = new SiteCompiler(this.#project, this.#symbols);
    for (const file of this.#files) {
      const { calls, problems: found } = sites.compile(file);
      this.#calls.set(file, calls);
      for (const { subject, located } of found) this.#report(file, located, subject);
    }
  }

  /** The result of the run for one of its files. */
  resultOf(file: ts.SourceFile): FileCompilation {
    const services = [...(this.#members.get(file) ?? [])].map(([node, members]): CompiledService => {
      const contextIndexes = this.#contextIndexes.get(node);
      return {
        className: classNameOf(node),
        sourceFile: file,
        node,
        members,
        ...(contextIndexes && { contextIndexes }),
      };
    });
    return {
      services: services.sort((a, b) => a.node.pos - b.node.pos),
      calls: this.#calls.get(file) ?? [],
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
    // Comments of undecorated members are not published.
    for (const comment of findDetachedComments(node))
      if (methods.some((method) => method.node === comment.before)) this.#warnOfDetached(comment, node);
    for (const method of methods) {
      const outcome = this.#methods.compile(method);
      if (isGeneric(node) && outcome.problems.some(({ problem }) => problem.code === "MTD133"))
        this.#defer(node, method, outcome);
      else this.#keep(node, { name: method.name, outcome, subject: `${className}.${method.name}` });
    }
  }

  #compileCompletion({ subject, name, node, owner }: ScannedCompletion): void {
    const file = node.getSourceFile();
    const { contextIndex, problems: found } = readCompletionShape(node, this.#project.checker, this.#symbols);
    for (const located of found) this.#report(file, located, subject);
    // The third is the default.
    if (contextIndex === undefined || contextIndex >= 2) return;
    this.#membersOf(owner);
    this.#contextIndexes.set(owner, { ...this.#contextIndexes.get(owner), [name]: contextIndex });
  }

  /** Returns the members of a class, which gets a manifest from now on. */
  #membersOf(node: ts.ClassLikeDeclaration): Map<string, CompiledMember> {
    const file = node.getSourceFile();
    const classes = this.#members.get(file) ?? new Map<ts.ClassLikeDeclaration, Map<string, CompiledMember>>();
    const members = classes.get(node) ?? new Map<string, CompiledMember>();
    this.#members.set(file, classes.set(node, members));
    return members;
  }

  #keep(
    node: ts.ClassLikeDeclaration,
    {
      name,
      outcome,
      subject,
    }: { readonly name: string; readonly outcome: MethodCompilation; readonly subject: string },
  ): void {
    for (const located of outcome.problems) this.#report(node.getSourceFile(), located, subject);
    if (outcome.member) this.#membersOf(node).set(name, outcome.member);
  }

  #defer(node: ts.ClassLikeDeclaration, method: ScannedMethod, outcome: MethodCompilation): void {
    const methods = this.#deferred.get(node) ?? new Map();
    this.#deferred.set(node, methods.set(method.name, { method, outcome }));
  }

  /**
   * Compiles the methods of `Base<T>` whose schema depends on T for each class that fills T in. It
   * looks for such classes in the whole project, so that the result of one file does not depend on
   * which others are compiled.
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

  /** Adds the bases of the compiled classes that are in other files. */
  #addForeignBases(): void {
    const { checker } = this.#project;
    const bases = this.#files.flatMap((file) =>
      /\bextends\b/.test(file.text) ? findClasses(file).flatMap((node) => basesOf(node, checker)) : [],
    );
    const foreign = new Set(
      bases
        .filter((base) => !this.#files.includes(base.getSourceFile()) && isGeneric(base))
        .map((base) => base.getSourceFile()),
    );
    for (const { node, methods } of scanFiles([...foreign], checker, this.#symbols).classes) {
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
    for (const base of basesOf(node, checker)) {
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
      // A method that a nearer class overrides is not inherited from a class further up.
      for (const name of memberNames(base)) own.add(name);
    }
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
