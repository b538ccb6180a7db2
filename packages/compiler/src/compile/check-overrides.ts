import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import { DecoratorReader } from "../scan/decorators.ts";
import type { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { classNameOf, findClasses, type SubjectProblem } from "../scan/scan.ts";
import { basesOf, isStatic, memberName } from "./class-members.ts";

/**
 * Finds the methods without a decorator that override a decorated method. The mark is on the
 * overridden function, so the server publishes neither.
 */
export function checkOverrides(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  symbols: MethodicSymbols,
): SubjectProblem[] {
  if (!/\bextends\b/.test(file.text)) return [];
  const decorators = new DecoratorReader(checker, symbols);
  return findClasses(file).flatMap((node) => {
    const bases = basesOf(node, checker);
    return methodsOf(node).flatMap((method): SubjectProblem[] => {
      const name = memberName(method.name);
      const [overridden] = bases.flatMap(
        (base) => methodsOf(base).find((other) => memberName(other.name) === name) ?? [],
      );
      const [decorator] = overridden ? decorators.read(overridden) : [];
      const isDecorated = decorators.read(method).length + decorators.findOpaque(method).length > 0;
      if (!overridden || !decorator || isDecorated) return [];
      const base = ts.isClassLike(overridden.parent) ? classNameOf(overridden.parent) : "";
      const problem = problems.undecoratedOverride(decorator.kind, `${base}.${name}`);
      return [{ subject: `${classNameOf(node)}.${name}`, located: { problem, node: method.name } }];
    });
  });
}

/** Returns the instance methods that a class implements. */
function methodsOf(node: ts.ClassLikeDeclaration): ts.MethodDeclaration[] {
  return node.members.filter(
    (member): member is ts.MethodDeclaration =>
      ts.isMethodDeclaration(member) && member.body !== undefined && !isStatic(member),
  );
}
