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
  readonly #checker: ts.TypeChecker;
  readonly #files = new Map<string, { readonly text: string; readonly starts: readonly number[] }>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** Adds a type with its values. */
  add({ file, source, name, type, values }: JudgedType): void {
    const incoming = new UndefinedValues(this.#checker, "input");
    const outgoing = new UndefinedValues(this.#checker, "output");
    let text = `${withoutEnums(source, this.#checker)}\n`;
    const starts: number[] = [];
    for (const [index, value] of values.entries()) {
      const variable = typeText(outgoing.restore(value, type));
      starts.push(text.length);
      text += `const literal${index}$: ${name} = ${expressionText(incoming.restore(value, type))};\n`;
      starts.push(text.length);
      text += `declare const variable${index}$: ${variable}; const copy${index}$: ${name} = variable${index}$;\n`;
    }
    this.#files.set(file, { text, starts: [...starts, text.length] });
  }

  /**
   * Returns the verdicts by file, in the order of the values; undefined for a file whose own
   * declarations do not compile.
   */
  judge(options: ts.CompilerOptions): ReadonlyMap<string, readonly Verdict[] | undefined> {
    const host = ts.createCompilerHost(options);
    const readFromDisk = host.getSourceFile.bind(host);
    host.getSourceFile = (name, languageVersion, ...rest) => {
      const file = this.#files.get(name);
      return file
        ? ts.createSourceFile(name, file.text, languageVersion)
        : readFromDisk(name, languageVersion, ...rest);
    };
    const program = ts.createProgram([...this.#files.keys()], { ...options, noEmit: true }, host);
    return new Map([...this.#files].map(([name, { starts }]) => [name, verdictsOf(program, name, starts)]));
  }
}

function verdictsOf(program: ts.Program, name: string, starts: readonly number[]): Verdict[] | undefined {
  const places = program.getSemanticDiagnostics(program.getSourceFile(name)).map(({ start = 0 }) => start);
  const [first = 0] = starts;
  if (places.some((place) => place < first)) return undefined;
  const isTaken = (statement: number): boolean =>
    !places.some((place) => place >= (starts[statement] ?? 0) && place < (starts[statement + 1] ?? 0));
  return Array.from({ length: (starts.length - 1) / 2 }, (_, index) => ({
    input: isTaken(index * 2),
    output: isTaken(index * 2 + 1),
  }));
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
