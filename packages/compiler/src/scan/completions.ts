import ts from "typescript";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { readConstant } from "./constants.ts";
import type { DecoratorCall } from "./decorator-calls.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";

/** A `@completion` decorator, as written in the source. */
export interface CompletionUse {
  readonly node: ts.Decorator;
  /** The prompt or template that it names; undefined if only the running program knows it. */
  readonly of: string | undefined;
  readonly argument: string | undefined;
}

/** Reads the arguments of a `@completion` decorator. */
export function readCompletion(node: ts.Decorator, { call, scope }: DecoratorCall): CompletionUse {
  const [of, argument] = (call?.arguments ?? []).slice(0, 2).map((given) => readConstant(given, scope)?.value);
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return { node, of: text(of), argument: text(argument) };
}

/** The parameters of a completion method, and its problems. */
interface CompletionShape {
  readonly contextIndex: number | undefined;
  readonly problems: readonly LocatedProblem[];
}

/** Checks the parameters and the result of a completion method. */
export function readCompletionShape(
  method: ts.MethodDeclaration,
  checker: ts.TypeChecker,
  symbols: MethodicSymbols,
): CompletionShape {
  const parameters = method.parameters.filter(({ name }) => name.getText() !== "this");
  const typeOf = (parameter: ts.ParameterDeclaration): ts.Type => checker.getTypeAtLocation(parameter);
  const contextIndex = parameters.findIndex((parameter) => symbols.isContext(typeOf(parameter)));
  const [typed, chosen, extra] = parameters.filter((_, index) => index !== contextIndex);
  const rest = parameters.find(({ dotDotDotToken }) => dotDotDotToken);
  const found: LocatedProblem[] = [];
  const report = (problem: Problem, node: ts.Node): void => void found.push({ problem, node });
  if (rest ?? extra)
    report(problems.extraCompletionParameter((rest ?? extra)?.name.getText() ?? ""), rest ?? extra ?? method);
  else if (typed && !acceptsText(typeOf(typed), checker))
    report(problems.completionText(typed.name.getText(), checker.typeToString(typeOf(typed))), typed);
  else if (chosen) {
    const problem = findChosenProblem(chosen, typeOf(chosen), checker);
    if (problem) report(problem, chosen);
  }
  const signature = checker.getSignatureFromDeclaration(method);
  const result = signature && checker.getReturnTypeOfSignature(signature);
  const values = result && (checker.getAwaitedType(result) ?? result);
  if (values && !unionOf(values).every((part) => offersValues(part, checker)))
    report(problems.completionResult(checker.typeToString(values)), method.type ?? method.name);
  return { contextIndex: contextIndex === -1 ? undefined : contextIndex, problems: found };
}

function findChosenProblem(
  parameter: ts.ParameterDeclaration,
  type: ts.Type,
  checker: ts.TypeChecker,
): Problem | undefined {
  const name = parameter.name.getText();
  const known = checker.getNonNullableType(type);
  if (known.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return undefined;
  if (!(known.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || checker.isArrayLikeType(known))
    return problems.completionChosen(name, checker.typeToString(type));
  for (const property of checker.getPropertiesOfType(known)) {
    const own = checker.getTypeOfSymbolAtLocation(property, parameter);
    if (!acceptsText(own, checker)) return problems.chosenProperty(property.name, checker.typeToString(own));
    if (!checker.isTypeAssignableTo(checker.getUndefinedType(), own) && !(property.flags & ts.SymbolFlags.Optional))
      return problems.requiredChosen(property.name);
  }
  return undefined;
}

function acceptsText(type: ts.Type, checker: ts.TypeChecker): boolean {
  return checker.isTypeAssignableTo(checker.getStringType(), type);
}

function unionOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** Checks for an array of texts, or an object with such an array as `values`. */
function offersValues(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) return true;
  const values = type.getProperty("values");
  const isList = checker.isArrayType(type) || checker.isTupleType(type);
  // Arrays have a method `values`.
  const list = isList || !values ? type : checker.getTypeOfSymbol(values);
  if (!checker.isArrayType(list) && !checker.isTupleType(list)) return false;
  const item = checker.getIndexTypeOfType(list, ts.IndexKind.Number);
  return item === undefined || unionOf(item).every((part) => (part.flags & TEXTS) !== 0);
}

const TEXTS =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.Any |
  ts.TypeFlags.Never;
