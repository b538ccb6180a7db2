import ts from "typescript";

/** The features of a class that are equal in its source and in compiled JavaScript. */
export interface ClassShape {
  readonly node: ts.ClassLikeDeclaration;
  /** The class name, else the name of the variable it is assigned to. */
  readonly name: string | undefined;
  /** Names of the methods, in order. */
  readonly methods: string;
}

/** Reads the classes of a file that exist at run time, in the order in which they begin. */
export function readClassShapes(file: ts.SourceFile): ClassShape[] {
  const shapes: ClassShape[] = [];
  const visit = (node: ts.Node): void => {
    if (isAmbient(node)) return;
    if (ts.isClassLike(node)) shapes.push(classShapeOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return shapes;
}

/**
 * Finds the compiled class of a source class. Candidates have the same methods and the same name,
 * or a name that the source does not know; the one at the same position is chosen. Undefined if the
 * counts differ, because then some class has changed.
 */
export function findEmitted(
  node: ts.ClassLikeDeclaration,
  sources: readonly ClassShape[],
  emitted: readonly ClassShape[],
): ClassShape | undefined {
  const wanted = sources.find((shape) => shape.node === node);
  if (!wanted) return undefined;
  const known = new Set(sources.map(({ name }) => name));
  const alike = emitted.filter(({ methods }) => methods === wanted.methods);
  const named = alike.filter(({ name }) => name !== undefined && name === wanted.name);
  const candidates = named.length > 0 ? named : alike.filter(({ name }) => name === undefined || !known.has(name));
  const rivals = sources.filter(({ methods, name }) => methods === wanted.methods && name === wanted.name);
  // Compilers move a class out of the one that extends it, so the order of two equal classes proves
  // nothing.
  if (candidates.length !== rivals.length || rivals.some((rival) => isInsideOneOf(rival.node, rivals)))
    return undefined;
  return candidates[rivals.indexOf(wanted)];
}

/**
 * Checks whether a compiled method has the parameters of its source, as far as compilers keep them.
 */
export function hasSameParameters(source: ts.MethodDeclaration, emitted: ts.MethodDeclaration): boolean {
  const wanted = source.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === "this"));
  // An async method compiled for an engine without async functions takes its parameters in an inner
  // function.
  const isLowered = emitted.body !== undefined && /\b(?:__awaiter|_async_to_generator)\(/.test(emitted.body.getText());
  if (isLowered) return true;
  if (wanted.length !== emitted.parameters.length) return false;
  return wanted.every(({ name }, index) => {
    const other = emitted.parameters[index]?.name;
    return !ts.isIdentifier(name) || (other !== undefined && ts.isIdentifier(other) && other.text === name.text);
  });
}

/** Checks whether a class or one of its members has a decorator that was not compiled away. */
export function hasDecorators(node: ts.ClassLikeDeclaration): boolean {
  return [node, ...node.members].some(
    (part) => ts.canHaveDecorators(part) && (ts.getDecorators(part)?.length ?? 0) > 0,
  );
}

/** Returns the methods of a class that exist at run time, by name. */
export function methodsOf(node: ts.ClassLikeDeclaration): Map<string, ts.MethodDeclaration> {
  const methods = node.members.filter(
    (member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.body !== undefined,
  );
  return new Map(methods.map((method) => [methodName(method), method]));
}

function classShapeOf(node: ts.ClassLikeDeclaration): ClassShape {
  const methods = [...methodsOf(node)].filter(([name]) => !name.startsWith("#"));
  const names = methods.map(([name, method]) => (isStatic(method) ? `static ${name}` : name));
  return { node, name: node.name?.text ?? boundName(node), methods: JSON.stringify(names) };
}

/** Returns a method's name; compilers may move a computed name into a variable. */
function methodName({ name }: ts.MethodDeclaration): string {
  return ts.isComputedPropertyName(name) ? "[]" : name.text;
}

function isStatic(node: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static) !== 0;
}

function isAmbient(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function boundName({ parent }: ts.Node): string | undefined {
  if (parent && ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  const isAssignment = parent && ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left);
  return isAssignment ? (parent.left as ts.Identifier).text : undefined;
}

function isInsideOneOf(node: ts.Node, shapes: readonly ClassShape[]): boolean {
  return shapes.some((shape) => shape.node !== node && shape.node.pos <= node.pos && node.end <= shape.node.end);
}
