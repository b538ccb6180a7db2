import { MANIFEST_KEY, MANIFEST_VERSION, type MemberData } from "methodic/manifest";
import ts from "typescript";
import type { CompiledService } from "../manifest.ts";
import { type ValidationHelper, type ValidatorCode, generateValidators } from "./validators.ts";

/** The module format, which decides how the manifest code imports. */
export type ModuleFormat = "esm" | "commonjs";

/** The content of one class's manifest. */
export interface EmittedManifest {
  /** By method name, in source order. */
  readonly members: ReadonlyMap<string, MemberData>;
  /** The members' validators, written with the module's {@link GeneratedNames}. */
  readonly validators: ValidatorCode;
}

/** The names that manifest code uses in one module; none of them occurs in the module already. */
export interface GeneratedNames {
  readonly define: string;
  readonly helpers: Readonly<Record<ValidationHelper, string>>;
  /** Names the function that returns the manifest of the module's nth class. */
  manifest(index: number): string;
  /** Names the function that creates the validators of the module's nth class. */
  validators(index: number): string;
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
    validators: (index) => `${prefix}_validators_${index}`,
  };
}

/**
 * Creates a transformer that adds `static get [Symbol.for("methodic.manifest")]()` to classes. The
 * getter calls the function that is named for the class. It is not a field, because TC39 class
 * decorators run before static fields are set. The new nodes have no position, so that the source
 * maps of everything else stay as they are.
 */
export function addManifestGetters(targets: ReadonlyMap<ts.Node, string>): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      const callee = targets.get(node);
      if (callee === undefined) return visited;
      const members = [manifestGetter(context.factory, callee), ...(visited as ts.ClassLikeDeclaration).members];
      return withMembers(context.factory, visited as ts.ClassLikeDeclaration, members);
    };
    return (sourceFile) => ts.visitEachChild(sourceFile, visit, context);
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

/**
 * Writes the functions that a module's getters call. They are hoisted, so that they can be at the
 * end of the module while a server is created before that point. Each holds its data as one JSON
 * text and does nothing until it is called.
 */
function manifestText(manifests: readonly EmittedManifest[], names: GeneratedNames, format: ModuleFormat): string {
  const functions = manifests.map((manifest, index) => manifestFunctions(manifest, { names, format, index })).join("");
  if (format === "commonjs") return functions;
  const used = new Set(manifests.flatMap((manifest) => manifest.validators.helpers));
  const helpers = [...used].sort().map((helper) => `${helper} as ${names.helpers[helper]}`);
  const imports = [`defineManifest as ${names.define}`, ...helpers].join(", ");
  return `import { ${imports} } from "methodic/manifest";\n${functions}`;
}

interface ManifestPlace {
  readonly names: GeneratedNames;
  readonly format: ModuleFormat;
  /** Index of the class in the module. */
  readonly index: number;
}

function manifestFunctions({ members, validators }: EmittedManifest, { names, format, index }: ManifestPlace): string {
  const [manifest, checks] = [names.manifest(index), names.validators(index)];
  // JSON text in a string literal: V8 parses it several times faster than an object literal, and
  // only on first use.
  const data = JSON.stringify(JSON.stringify(Object.fromEntries(members)));
  // In CommonJS, a require at the end of the module would run too late for a server created in it,
  // so each function has its own.
  const requireInto = (bindings: string): string =>
    format === "commonjs" ? `const { ${bindings} } = require("methodic/manifest"); ` : "";
  const helpers = validators.helpers.map((helper) => `${helper}: ${names.helpers[helper]}`).join(", ");
  return (
    `function ${manifest}() { ${requireInto(`defineManifest: ${names.define}`)}` +
    `return ${manifest}.value ??= ${names.define}({ version: ${MANIFEST_VERSION}, members: ${data}, validators: ${checks} }); }\n` +
    `function ${checks}() { ${helpers && requireInto(helpers)}\n${validators.body}\n}\n`
  );
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

/** Writes the code at the end of a module that the getters of its services call. */
export function manifestTail(
  services: readonly CompiledService[],
  names: GeneratedNames,
  format: ModuleFormat,
): string {
  const manifests = services.map((service) => {
    const members = new Map([...service.members].map(([name, member]) => [name, member.data]));
    return { members, validators: generateValidators(members, names.helpers) };
  });
  return manifestText(manifests, names, format);
}
