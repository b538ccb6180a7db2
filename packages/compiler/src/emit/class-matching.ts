import ts from "typescript";

/** What a class looks like in its source and, the same, in the JavaScript that a compiler made of it. */
export interface ClassShape {
  readonly node: ts.ClassLikeDeclaration;
  /** Its own name, else that of the variable it is put into. */
  readonly name: string | undefined;
  /** The names of its methods, in order. */
  readonly methods: string;
}

/** Reads all classes of a file that exist at run time, in the order in which they begin. */
export function readClassShapes(file: ts.SourceFile): ClassShape[] {
  const shapes: ClassShape[] = [];
  const visit = (node: ts.Node): void => {
    if (isAmbient(node)) return;
    if (ts.isClassLike(node)) shapes.push(shapeOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return shapes;
}

/**
 * Finds the class that a compiler made of a class of the source: of those with the same methods and the same name, or without
 * any name the source knows, the one that comes at the same place. Undefined if their numbers differ, since then some class is not what it was.
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
  // Compilers move a class out of the one that extends it; the order of two that look the same then says nothing.
  if (candidates.length !== rivals.length || rivals.some((rival) => isInsideOneOf(rival.node, rivals)))
    return undefined;
  return candidates[rivals.indexOf(wanted)];
}

/** Whether a method takes the parameters that its source says, as far as compilers leave them as they are. */
export function hasSameParameters(source: ts.MethodDeclaration, emitted: ts.MethodDeclaration): boolean {
  const wanted = source.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === "this"));
  // An async method for an engine without async functions takes its parameters in a function within.
  const isLowered = emitted.body !== undefined && /\b(?:__awaiter|_async_to_generator)\(/.test(emitted.body.getText());
  if (isLowered) return true;
  if (wanted.length !== emitted.parameters.length) return false;
  return wanted.every(({ name }, index) => {
    const other = emitted.parameters[index]?.name;
    return !ts.isIdentifier(name) || (other !== undefined && ts.isIdentifier(other) && other.text === name.text);
  });
}

/** Whether a class, or a member of it, has a decorator that was not compiled away. */
export function hasDecorators(node: ts.ClassLikeDeclaration): boolean {
  return [node, ...node.members].some(
    (part) => ts.canHaveDecorators(part) && (ts.getDecorators(part)?.length ?? 0) > 0,
  );
}

/** The methods of a class that exist at run time, by name. */
export function methodsOf(node: ts.ClassLikeDeclaration): Map<string, ts.MethodDeclaration> {
  const methods = node.members.filter(
    (member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.body !== undefined,
  );
  return new Map(methods.map((method) => [methodName(method), method]));
}

function shapeOf(node: ts.ClassLikeDeclaration): ClassShape {
  const methods = [...methodsOf(node)].filter(([name]) => !name.startsWith("#"));
  const names = methods.map(([name, method]) => (isStatic(method) ? `static ${name}` : name));
  return { node, name: node.name?.text ?? boundName(node), methods: JSON.stringify(names) };
}

/** Computed names are put into variables by some compilers. */
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
