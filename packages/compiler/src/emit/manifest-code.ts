import { MANIFEST_KEY, type JsonSchema, MANIFEST_VERSION, type MemberData, SchemaPoolWriter } from "methodic/manifest";
import ts from "typescript";
import type { CompiledService } from "../manifest.ts";
import type { ValidationHelper } from "./code-scope.ts";
import { generateValidators } from "./validators.ts";

/** The module format, which decides how the manifest code imports. */
export type ModuleFormat = "esm" | "commonjs";

/** The names that manifest code uses in one module; none of them occurs in the module already. */
export interface GeneratedNames {
  readonly define: string;
  readonly helpers: Readonly<Record<ValidationHelper, string>>;
  /** Names the function that returns the manifest of the module's nth class. */
  manifest(index: number): string;
  /** Names the function that returns the data of the module's nth call. */
  data(index: number): string;
  /** Name of the function that creates the validators of the module's classes. */
  readonly validators: string;
  /** Name of the function that returns the pool of the module's schemas. */
  readonly schemas: string;
}

/** Chooses names that do not occur in the module's text. */
export function generatedNames(moduleText: string): GeneratedNames {
  let prefix = "__methodic";
  for (let n = 1; moduleText.includes(`${prefix}_`); n++) prefix = `__methodic${n}`;
  return {
    define: `${prefix}_define`,
    helpers: {
      equal: `${prefix}_equal`,
      findDuplicate: `${prefix}_findDuplicate`,
      formats: `${prefix}_formats`,
      memoize: `${prefix}_memoize`,
      ucs2length: `${prefix}_ucs2length`,
    },
    manifest: (index) => `${prefix}_manifest_${index}`,
    data: (index) => `${prefix}_data_${index}`,
    validators: `${prefix}_validators`,
    schemas: `${prefix}_schemas`,
  };
}

/** Replaces a node after its children have been visited. */
export type NodeChange = (visited: ts.Node, factory: ts.NodeFactory) => ts.Node;

/**
 * Creates a transformer that changes nodes. The new nodes have no position, so that the source maps
 * of everything else stay as they are.
 */
export function changeNodes(changes: ReadonlyMap<ts.Node, NodeChange>): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      return changes.get(node)?.(visited, context.factory) ?? visited;
    };
    return (sourceFile) => ts.visitEachChild(sourceFile, visit, context);
  };
}

/**
 * Adds `static get [Symbol.for("methodic.manifest")]()` to a class. The getter calls a function. It
 * is not a field, because TC39 class decorators run before static fields are set.
 */
export function addManifestGetter(callee: string): NodeChange {
  return (visited, factory) => {
    const node = visited as ts.ClassLikeDeclaration;
    return withMembers(factory, node, [manifestGetter(factory, callee), ...node.members]);
  };
}

function manifestGetter(factory: ts.NodeFactory, callee: string): ts.ClassElement {
  const symbolFor = factory.createPropertyAccessExpression(factory.createIdentifier("Symbol"), "for");
  const key = factory.createCallExpression(symbolFor, undefined, [factory.createStringLiteral(keyText())]);
  const call = factory.createCallExpression(factory.createIdentifier(callee), undefined, []);
  return factory.createGetAccessorDeclaration(
    [factory.createModifier(ts.SyntaxKind.StaticKeyword)],
    factory.createComputedPropertyName(key),
    [],
    undefined,
    factory.createBlock([factory.createReturnStatement(call)]),
  );
}

function keyText(): string {
  const text = Symbol.keyFor(MANIFEST_KEY);
  if (text === undefined) throw new TypeError("The manifest key must be a registered symbol.");
  return text;
}

function withMembers(
  factory: ts.NodeFactory,
  node: ts.ClassLikeDeclaration,
  members: readonly ts.ClassElement[],
): ts.Node {
  const { modifiers, name, typeParameters, heritageClauses } = node;
  return ts.isClassDeclaration(node)
    ? factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, members)
    : factory.updateClassExpression(node, modifiers, name, typeParameters, heritageClauses, members);
}

/** Matches the comment at the end of a module that names its source map. */
export const SOURCE_MAP_COMMENT: RegExp = /\/\/# sourceMappingURL=[^\r\n]*\s*$/;

/** Returns the comment of a module that names its source map; empty if it has no such comment. */
export function mapComment(code: string): string {
  return SOURCE_MAP_COMMENT.exec(code)?.[0] ?? "";
}

/** Adds a tail to a module, before the comment that names its source map. */
export function appendTail(code: string, tail: string): string {
  if (tail === "") return code;
  const comment = mapComment(code);
  const body = code.slice(0, code.length - comment.length);
  return `${body}${body.endsWith("\n") ? "" : "\n"}${tail}${comment}`;
}

/**
 * Writes the code at the end of a module that the getters of its services call. It consists of
 * functions, which are hoisted, so that a server can be created before that point. Each holds its
 * data as one JSON text and does nothing until it is called.
 */
export function manifestTail(
  services: readonly CompiledService[],
  names: GeneratedNames,
  format: ModuleFormat,
): string {
  const classes = services.map(({ members }) => new Map([...members].map(([name, { data }]) => [name, data])));
  const { body, helpers } = generateValidators(classes, names.helpers);
  const { members, pool } = poolSchemas(classes);
  // In CommonJS, a require at the end of the module would run too late for a server created in it,
  // so each function has its own.
  const requireInto = (bindings: string): string =>
    format === "commonjs" && bindings !== "" ? `const { ${bindings} } = require("methodic/manifest"); ` : "";
  const bindings = helpers.map((helper) => `${helper}: ${names.helpers[helper]}`).join(", ");
  const { define, schemas, validators } = names;
  const manifests = members.map((data, index) => {
    const name = names.manifest(index);
    const { contextIndexes } = services[index] ?? {};
    const contexts = contextIndexes ? `contextIndexes: ${JSON.stringify(contextIndexes)}, ` : "";
    return (
      `function ${name}() { ${requireInto(`defineManifest: ${define}`)}return ${name}.value ??= ${define}({ ` +
      `version: ${MANIFEST_VERSION}, members: ${writeText(JSON.stringify(data))}, ${contexts}schemas: ${schemas}, ` +
      `validators: () => (${validators}.value ??= ${validators}())[${index}] }); }\n`
    );
  });
  return [
    format === "esm" ? `import { ${importsOf(helpers, names)} } from "methodic/manifest";\n` : "",
    ...manifests,
    `function ${schemas}() { return ${writeText(pool)}; }\n`,
    `function ${validators}() { ${requireInto(bindings)}\n${body}\n}\n`,
  ].join("");
}

function importsOf(helpers: readonly ValidationHelper[], names: GeneratedNames): string {
  const aliases = [...helpers].sort().map((helper) => `${helper} as ${names.helpers[helper]}`);
  return [`defineManifest as ${names.define}`, ...aliases].join(", ");
}

/** Moves the schemas of tools to a pool. Those of other members are small and read on startup. */
function poolSchemas(classes: readonly ReadonlyMap<string, MemberData>[]): {
  readonly members: readonly object[];
  readonly pool: string;
} {
  const pool = new SchemaPoolWriter();
  const mapTools = (change: (schema: JsonSchema) => unknown): readonly object[] =>
    classes.map((members) =>
      Object.fromEntries(
        [...members].map(([name, data]) => [name, data.kind === "tool" ? mapSchemas(data, change) : data]),
      ),
    );
  mapTools((schema) => pool.add(schema));
  const members = mapTools((schema) => pool.indexOf(schema));
  return { members, pool: pool.toJson() };
}

function mapSchemas(data: MemberData, change: (schema: JsonSchema) => unknown): object {
  const { inputSchema, outputSchema, publishedSchemas } = data;
  const { input, output } = publishedSchemas ?? {};
  return {
    ...data,
    ...(inputSchema && { inputSchema: change(inputSchema) }),
    ...(outputSchema && { outputSchema: change(outputSchema) }),
    ...(publishedSchemas && {
      publishedSchemas: { ...(input && { input: change(input) }), ...(output && { output: change(output) }) },
    }),
  };
}

/** Writes JSON as a string literal. Single quotes leave those of the JSON as they are. */
export function writeText(json: string): string {
  return `'${json.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
