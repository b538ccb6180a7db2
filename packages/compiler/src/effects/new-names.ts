import ts from "typescript";

/**
 * The source of a name that each call makes anew. A counter may start again with the process, and
 * two calls may have the same time.
 */
export type Novelty = "random" | "counter" | "time";

const RANDOM = /\b(?:randomUUID|uuid\w*|nanoid|ulid|createId|randomBytes)\b/i;

const TIME = /\bDate\.now\(|\bnew Date\(\)|\bnow\(\)|\bperformance\.now\(/;

/** Maximum number of variables from a name to the one that is made anew. */
const MAX_DEPTH = 4;

/**
 * Returns the source of a key, path or address that each call makes anew: of `randomUUID()`,
 * `this.#next++`, `Date.now()`, or a text that contains one. Undefined for all others.
 */
export function noveltyOf(name: ts.Expression, checker: ts.TypeChecker, depth = 0): Novelty | undefined {
  const text = name.getText();
  if (RANDOM.test(text)) return "random";
  const own = text.includes("++") ? "counter" : TIME.test(text) ? "time" : undefined;
  if (depth >= MAX_DEPTH) return own;
  const made = listVariables(name, checker).map((value) => noveltyOf(value, checker, depth + 1));
  return made.includes("random") ? "random" : (own ?? made.find((each) => each !== undefined));
}

/** Lists the initial values of the variables that an expression uses. */
function listVariables(node: ts.Node, checker: ts.TypeChecker): ts.Expression[] {
  if (ts.isFunctionLike(node)) return [];
  if (ts.isIdentifier(node)) {
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
    // A variable outside functions has one value for all calls.
    const isLocal = declaration !== undefined && ts.findAncestor(declaration, ts.isFunctionLike) !== undefined;
    return isLocal && ts.isVariableDeclaration(declaration) && declaration.initializer ? [declaration.initializer] : [];
  }
  const found: ts.Expression[] = [];
  ts.forEachChild(node, (child) => void found.push(...listVariables(child, checker)));
  return found;
}
