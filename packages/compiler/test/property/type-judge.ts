import ts from "typescript";
import { isObject, type Json } from "./json-value.ts";
import { UndefinedValues, type Value } from "./undefined-values.ts";

/** Values to judge against a type that one file declares. */
export interface JudgedType {
  readonly file: string;
  readonly source: ts.SourceFile;
  /** The type's name in the file. */
  readonly name: string;
  readonly type: ts.Type;
  readonly values: readonly Json[];
}

/**
 * TypeScript's verdicts on a value. An input is closed, like a literal where the type is expected;
 * a result is open, like a variable that may hold more than its type says.
 */
export interface Verdict {
  readonly input: boolean;
  readonly output: boolean;
}

/** Asks the TypeScript compiler, in one program, which values are assignable to which types. */
export class TypeJudge {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #files = new Map<string, { readonly text: string; readonly name: string }>();

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  /** Adds a type with its values. */
  add({ file, source, name, type, values }: JudgedType): void {
    const incoming = new UndefinedValues(this.#checker, "input");
    const outgoing = new UndefinedValues(this.#checker, "output");
    const lines = [withoutEnums(source, this.#checker)];
    for (const [index, value] of values.entries()) {
      lines.push(`const literal${index}$: ${name} = ${expressionText(incoming.restore(value, type))};`);
      lines.push(`declare const variable${index}$: ${typeText(outgoing.restore(value, type))};`);
    }
    this.#files.set(file, { text: lines.join("\n"), name });
  }

  /** Returns the verdicts by file, in the order of the values. */
  judge(): ReadonlyMap<string, readonly Verdict[]> {
    const options = { ...this.#program.getCompilerOptions(), noEmit: true };
    const host = ts.createCompilerHost(options);
    host.getSourceFile = (name, languageVersion) => {
      const file = this.#files.get(name);
      return file ? ts.createSourceFile(name, file.text, languageVersion) : this.#program.getSourceFile(name);
    };
    const program = ts.createProgram([...this.#files.keys()], options, host);
    return new Map([...this.#files].map(([file, { name }]) => [file, verdictsOf(program, file, name)]));
  }
}

/** Asks for each value without its errors: TypeScript takes most of its time to write them. */
function verdictsOf(program: ts.Program, file: string, name: string): Verdict[] {
  const checker = program.getTypeChecker();
  const statements = program.getSourceFile(file)?.statements ?? [];
  const alias = statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === name);
  if (!alias || !ts.isTypeAliasDeclaration(alias)) throw new Error(`${file} has no type '${name}'.`);
  const type = checker.getTypeAtLocation(alias.name);
  const accepts = (node: ts.Node): boolean => checker.isTypeAssignableTo(checker.getTypeAtLocation(node), type);
  const variables = statements.flatMap((node) =>
    ts.isVariableStatement(node) ? node.declarationList.declarations : [],
  );
  return variables.flatMap(({ initializer }, index) => {
    const variable = variables[index + 1]?.name;
    return initializer && variable ? { input: accepts(initializer), output: accepts(variable) } : [];
  });
}

/** Writes a value as an expression: a fresh literal. */
function expressionText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => expressionText(item)).join(", ")}]`;
  if (isObject(value)) return bracesAround(value, expressionText, ", ");
  // Where the context has no type for a literal, TypeScript would widen it.
  return value === null || value === undefined ? String(value) : `${JSON.stringify(value)} as const`;
}

/** Writes a value as the type of a variable that holds it. */
function typeText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => typeText(item)).join(", ")}]`;
  return isObject(value) ? bracesAround(value, typeText, "; ") : String(JSON.stringify(value));
}

function bracesAround(
  value: { readonly [name: string]: Value },
  write: (value: Value) => string,
  separator: string,
): string {
  const properties = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${write(item)}`);
  return `{ ${properties.join(separator)} }`;
}

/**
 * Replaces enums by their values: TypeScript distinguishes enum members from equal values, and JSON
 * cannot.
 */
function withoutEnums(source: ts.SourceFile, checker: ts.TypeChecker): string {
  const enums = source.statements.filter((node) => ts.isEnumDeclaration(node));
  return enums.reduceRight(
    (text, node) => text.slice(0, node.getStart()) + enumAsUnion(node, checker) + text.slice(node.end),
    source.text,
  );
}

function enumAsUnion({ name, members }: ts.EnumDeclaration, checker: ts.TypeChecker): string {
  const values = members.map((member) => JSON.stringify(checker.getConstantValue(member)));
  const types = members.map((member, index) => `export type ${member.name.getText()} = ${values[index]};`);
  return `type ${name.text} = ${values.join(" | ")}; namespace ${name.text} { ${types.join(" ")} }`;
}
