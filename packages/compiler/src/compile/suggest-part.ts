import ts from "typescript";

/** Types that only wrap another one. */
const WRAPPERS: ReadonlySet<string> = new Set(["Promise", "Array", "ReadonlyArray", "Set", "Readonly", "Partial"]);

type NamedType = ts.TypeReferenceNode | ts.ImportTypeNode | ts.IndexedAccessTypeNode | ts.TypeQueryNode;

/**
 * Suggests a part of the largest type that a method takes or returns, for a schema that is too
 * large: `Pick<Stripe.Customer, "id" | "email">`.
 */
export function suggestPart(
  { type: returned, parameters }: ts.MethodDeclaration,
  side: "input" | "output",
  checker: ts.TypeChecker,
): string | undefined {
  const written = side === "output" ? [returned] : parameters.map(({ type }) => type);
  const named = written.flatMap((node) => (node ? namedTypesIn(node) : []));
  const sized = named.map((node) => ({
    node,
    properties: checker.getPropertiesOfType(checker.getTypeFromTypeNode(node)),
  }));
  const [largest] = sized.sort((a, b) => b.properties.length - a.properties.length);
  if (!largest || largest.properties.length < 2) return undefined;
  const { node, properties } = largest;
  const plain = properties.filter((property) => isPlain(checker.getTypeOfSymbol(property)));
  const [first, second] = (plain.length > 1 ? plain : properties).map(({ name }) => JSON.stringify(name));
  const part = `Pick<${node.getText()}, ${first} | ${second}>`;
  return side === "input"
    ? `Take the properties that the method needs: ${part}.`
    : `Return the properties that a model needs: ${part}. Or publish no schema: @tool({ outputSchema: false }).`;
}

function namedTypesIn(node: ts.TypeNode): NamedType[] {
  if (ts.isArrayTypeNode(node)) return namedTypesIn(node.elementType);
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(namedTypesIn);
  if (ts.isImportTypeNode(node) || ts.isIndexedAccessTypeNode(node) || ts.isTypeQueryNode(node)) return [node];
  if (!ts.isTypeReferenceNode(node)) return [];
  return WRAPPERS.has(node.typeName.getText()) ? (node.typeArguments ?? []).flatMap(namedTypesIn) : [node];
}

function isPlain(type: ts.Type): boolean {
  const { StringLike, NumberLike, BooleanLike } = ts.TypeFlags;
  const members = type.isUnion() ? type.types : [type];
  return members.every(({ flags }) => flags & (StringLike | NumberLike | BooleanLike));
}
