import ts from "typescript";
import { DecoratorReader, type DecoratorUse } from "./decorators.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";

/** A decorated method. */
export interface ScannedMethod {
  readonly name: string;
  readonly node: ts.MethodDeclaration;
  readonly decorator: DecoratorUse;
}

/** A class that declares decorated methods. */
export interface ScannedClass {
  /** The declared name, else its constant's name, else `default` or `(anonymous)`. */
  readonly className: string;
  readonly node: ts.ClassLikeDeclaration;
  readonly sourceFile: ts.SourceFile;
  readonly methods: readonly ScannedMethod[];
}

/** A method with `@completion`. */
export interface ScannedCompletion {
  /** `Class.method` */
  readonly subject: string;
  readonly name: string;
  readonly node: ts.MethodDeclaration;
  readonly owner: ts.ClassLikeDeclaration;
}

/** A problem with the method or class it concerns. */
export interface SubjectProblem {
  readonly subject: string;
  readonly located: LocatedProblem;
}

/** The decorated classes of some files, and the problems of decorators. */
export interface Scan {
  readonly classes: readonly ScannedClass[];
  readonly completions: readonly ScannedCompletion[];
  readonly problems: readonly SubjectProblem[];
}

/** Finds the classes with decorated methods, at any level of nesting. */
export function scanFiles(files: readonly ts.SourceFile[], checker: ts.TypeChecker, symbols: MethodicSymbols): Scan {
  const scanner = new Scanner(new DecoratorReader(checker, symbols), checker);
  // A file without an at sign has no decorators.
  for (const file of files) if (file.text.includes("@")) scanner.scan(file);
  return scanner;
}

/** Finds all classes of a file, decorated or not. */
export function findClasses(file: ts.SourceFile): ts.ClassLikeDeclaration[] {
  const found: ts.ClassLikeDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Returns the name of a class. */
export function classNameOf(node: ts.ClassLikeDeclaration): string {
  if (node.name) return node.name.text;
  const { parent } = node;
  // JavaScript, too, names an anonymous class after the variable or property it is assigned to.
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && ts.isIdentifier(parent.name))
    return parent.name.text;
  const isDefault =
    ts.isExportAssignment(parent) ||
    (ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword));
  return isDefault ? "default" : "(anonymous)";
}

class Scanner implements Scan {
  readonly classes: ScannedClass[] = [];
  readonly completions: ScannedCompletion[] = [];
  readonly problems: SubjectProblem[] = [];
  readonly #decorators: DecoratorReader;
  readonly #checker: ts.TypeChecker;

  constructor(decorators: DecoratorReader, checker: ts.TypeChecker) {
    this.#decorators = decorators;
    this.#checker = checker;
  }

  scan(sourceFile: ts.SourceFile): void {
    for (const node of findClasses(sourceFile)) {
      const className = classNameOf(node);
      for (const { kind, node: decorator } of this.#decorators.read(node)) {
        this.problems.push({
          subject: className,
          located: { problem: problems.decoratedClass(kind), node: decorator },
        });
      }
      for (const located of this.#decorators.checkService(node)) this.problems.push({ subject: className, located });
      const methods = node.members.flatMap((member) => this.#scanMember(member, className) ?? []);
      if (methods.length > 0) this.classes.push({ className, node, sourceFile, methods });
    }
  }

  #scanMember(member: ts.ClassElement, className: string): ScannedMethod | undefined {
    if (!ts.canHaveDecorators(member) || !ts.getDecorators(member)) return undefined;
    const name = this.#nameOf(member);
    const subject = `${className}.${name ?? member.name?.getText() ?? ""}`;
    const report = (problem: Problem, node: ts.Node): undefined => {
      this.problems.push({ subject, located: { problem, node } });
    };
    for (const node of this.#decorators.findUnresolved(member)) report(problems.unresolvedPackage(), node);
    for (const node of this.#decorators.findOpaque(member)) report(problems.opaqueDecorator(node.getText()), node);
    const [decorator, second] = this.#decorators.read(member);
    const [completion] = this.#decorators.readCompletions(member);
    if (decorator && completion) return report(problems.secondDecorator(decorator.kind, "completion"), completion.node);
    if (completion) {
      const problem = findMemberProblem(member, "completion");
      if (problem) return report(problem.problem, problem.node);
      const owner = member.parent as ts.ClassLikeDeclaration;
      if (name !== undefined && ts.isMethodDeclaration(member))
        this.completions.push({ subject, name, node: member, owner });
      return undefined;
    }
    if (!decorator) return undefined;
    if (second) return report(problems.secondDecorator(decorator.kind, second.kind), second.node);
    const problem = findMemberProblem(member, decorator.kind);
    if (problem || !ts.isMethodDeclaration(member)) return problem && report(problem.problem, problem.node);
    if (name === undefined) return report(problems.computedName(member.name.getText()), member.name);
    return { name, node: member, decorator };
  }

  #nameOf(member: ts.ClassElement): string | undefined {
    const { name } = member;
    if (!name) return undefined;
    if (!ts.isComputedPropertyName(name)) return name.text;
    const type = this.#checker.getTypeAtLocation(name.expression);
    return type.isStringLiteral() || type.isNumberLiteral() ? String(type.value) : undefined;
  }
}

/** Finds the reason why a member cannot have a decorator of this package. */
function findMemberProblem(method: ts.ClassElement, kind: string): LocatedProblem | undefined {
  if (!ts.isMethodDeclaration(method)) {
    const misplaced = ts.isAccessor(method) ? problems.decoratedAccessor : problems.decoratedProperty;
    return { problem: misplaced(kind), node: method.name ?? method };
  }
  const flags = ts.getCombinedModifierFlags(method);
  if (flags & ts.ModifierFlags.Static) return { problem: problems.staticMethod(kind), node: method.name };
  if (flags & ts.ModifierFlags.Private) return { problem: problems.hiddenMethod("private"), node: method.name };
  if (flags & ts.ModifierFlags.Protected) return { problem: problems.hiddenMethod("protected"), node: method.name };
  if (ts.isPrivateIdentifier(method.name)) return { problem: problems.hiddenMethod("#private"), node: method.name };
  const [parameter] = method.typeParameters ?? [];
  if (parameter) return { problem: problems.methodTypeParameters(parameter.name.text), node: parameter };
  const signatures = overloadsOf(method);
  return signatures.length > 1 ? { problem: problems.overloads(signatures.length), node: method.name } : undefined;
}

function overloadsOf(method: ts.MethodDeclaration): ts.ClassElement[] {
  const name = method.name.getText();
  if (!ts.isClassLike(method.parent)) return [];
  return method.parent.members.filter(
    (member) => ts.isMethodDeclaration(member) && !member.body && member.name.getText() === name,
  );
}
