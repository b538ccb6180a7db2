import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { unwrap } from "../scan/constants.ts";
import type { ServerEntry } from "../scan/server-entries.ts";

/** Checks that the value of an object form has the type that it provides. */
export function checkProvided(
  { provides, used, node, name }: ServerEntry,
  checker: ts.TypeChecker,
): readonly LocatedProblem[] {
  if (!provides || !used || checker.isTypeAssignableTo(used.type, provides)) return [];
  const declaration = used.property.valueDeclaration;
  const value = declaration && valueOf(declaration);
  if (value && used.name !== "useClass" && new LiteralFit(checker).fits(value, provides, used.name === "useFactory"))
    return [];
  const problem = problems.wrongProvidedType({
    use: used.name,
    type: checker.typeToString(value && isLiteral(value) ? checker.getTypeAtLocation(value) : used.type),
    provided: name,
    difference: findDifference(used.type, provides, checker),
  });
  const isHere = declaration !== undefined && !declaration.getSourceFile().isDeclarationFile;
  return [{ problem, node: isHere ? (ts.getNameOfDeclaration(declaration) ?? declaration) : node }];
}

/** Checks for a text or number, whose type in an object TypeScript widens. */
function isLiteral(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node);
}

const { StringLike, NumberLike, BigIntLike, BooleanLike, Undefined, Null } = ts.TypeFlags;
const PRIMITIVE = StringLike | NumberLike | BigIntLike | BooleanLike | Undefined | Null;

/** Names a property that the value lacks, or that has another type. */
function findDifference(type: ts.Type, provided: ts.Type, checker: ts.TypeChecker): string {
  const members = provided.isUnion() ? provided.types : [provided];
  // The methods of texts and numbers say nothing.
  if (members.every(({ flags }) => flags & PRIMITIVE)) return "";
  for (const property of checker.getPropertiesOfType(provided)) {
    const own = checker.getPropertyOfType(type, property.name);
    if (!own && !(property.flags & ts.SymbolFlags.Optional)) return `It has no '${nameOf(property)}'.`;
    if (!own) continue;
    const [has, needs] = [own, property].map((each) => checker.getTypeOfSymbol(each)) as [ts.Type, ts.Type];
    if (checker.isTypeAssignableTo(has, needs)) continue;
    return `Its '${nameOf(property)}' is '${checker.typeToString(has)}', not '${checker.typeToString(needs)}'.`;
  }
  return "";
}

/** Returns the name of a property, of which the checker has a mangled one if it is private. */
function nameOf({ name, valueDeclaration }: ts.Symbol): string {
  const written = valueDeclaration && ts.getNameOfDeclaration(valueDeclaration);
  return written?.getText() ?? name;
}

function valueOf(declaration: ts.Declaration): ts.Node | undefined {
  if (ts.isPropertyAssignment(declaration)) return unwrap(declaration.initializer);
  return ts.isMethodDeclaration(declaration) ? declaration : undefined;
}

/**
 * Checks literals against a type. Without a contextual type, TypeScript widens the literals in an
 * object: `{ level: "info" }` is a `{ level: string }`.
 */
class LiteralFit {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** @param isMaker True if the type is that of what the function returns */
  fits(node: ts.Node, type: ts.Type, isMaker: boolean): boolean {
    if (isMaker) return ts.isFunctionLike(node) && this.#returns(node as ts.FunctionLikeDeclaration, type);
    return ts.isExpression(node) && this.#fits(node, type);
  }

  #fits(expression: ts.Expression, type: ts.Type): boolean {
    const node = unwrap(ts.isAwaitExpression(expression) ? expression.expression : expression);
    const own = this.#checker.getTypeAtLocation(node);
    if (this.#checker.isTypeAssignableTo(own, type)) return true;
    if (type.isUnion()) return type.types.some((member) => this.#fits(node, member));
    if (ts.isConditionalExpression(node)) return this.#fits(node.whenTrue, type) && this.#fits(node.whenFalse, type);
    if (ts.isObjectLiteralExpression(node)) return this.#objectFits(node, own, type);
    if (ts.isArrayLiteralExpression(node)) {
      const element = this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number);
      return element !== undefined && node.elements.every((each) => this.#fits(each, element));
    }
    const [signature] = type.getCallSignatures();
    const isFunction = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
    return isFunction && signature !== undefined && this.#returns(node, signature.getReturnType());
  }

  #objectFits(node: ts.ObjectLiteralExpression, own: ts.Type, type: ts.Type): boolean {
    return this.#checker.getPropertiesOfType(type).every((property) => {
      const given = own.getProperty(property.name);
      if (!given) return (property.flags & ts.SymbolFlags.Optional) !== 0;
      const needed = this.#checker.getTypeOfSymbol(property);
      if (this.#checker.isTypeAssignableTo(this.#checker.getTypeOfSymbol(given), needed)) return true;
      const written = node.properties.find((each) => each.name?.getText() === property.name);
      if (!written) return false;
      if (ts.isPropertyAssignment(written)) return this.#fits(written.initializer, needed);
      const [signature] = needed.getCallSignatures();
      return (
        ts.isMethodDeclaration(written) && signature !== undefined && this.#returns(written, signature.getReturnType())
      );
    });
  }

  #returns(node: ts.FunctionLikeDeclaration, type: ts.Type): boolean {
    const { body } = node;
    if (!body || node.type) return false;
    const needed = this.#checker.getAwaitedType(type) ?? type;
    if (!ts.isBlock(body)) return this.#fits(body, needed);
    let isFitting = true;
    const visit = (each: ts.Node): void => {
      if (ts.isFunctionLike(each)) return;
      if (ts.isReturnStatement(each))
        isFitting &&= each.expression !== undefined && this.#fits(each.expression, needed);
      ts.forEachChild(each, visit);
    };
    visit(body);
    return isFitting;
  }
}
