import ts from "typescript";

/** The direction of data: into a method or out of it. */
export type Direction = "input" | "output";

const RECORD_HINT = "Use Record<string, V>, or an array of { key, value } objects.";
const ARRAY_HINT = "Use an array: T[].";
const BYTES_HINT = "Use Uint8Array, which is sent as base64.";
const NUMBERS_HINT = "Use number[], or Uint8Array for bytes, which are sent as base64.";
const COLLECT_HINT = "Collect it into a string or an array first.";

const HINTS: ReadonlyMap<string, string> = new Map([
  ["WeakMap", "Use Map<string, V>, or Record<string, V>."],
  ["URLSearchParams", RECORD_HINT],
  ["Headers", RECORD_HINT],
  ["FormData", RECORD_HINT],
  ["WeakSet", "Use Set<T>, or an array: T[]."],
  ["Iterable", ARRAY_HINT],
  ["Iterator", ARRAY_HINT],
  ["IterableIterator", ARRAY_HINT],
  ["Generator", ARRAY_HINT],
  ["AsyncIterable", COLLECT_HINT],
  ["AsyncIterableIterator", COLLECT_HINT],
  ["AsyncGenerator", COLLECT_HINT],
  ["ReadableStream", COLLECT_HINT],
  ["Readable", COLLECT_HINT],
  ["RegExp", "Use string: a pattern's source."],
  ["Error", "Use its message: string, or throw it."],
  ["ArrayBuffer", BYTES_HINT],
  ["SharedArrayBuffer", BYTES_HINT],
  ["DataView", BYTES_HINT],
  ["Blob", BYTES_HINT],
  ["File", BYTES_HINT],
  // Of bson, which mongoose re-exports.
  ["ObjectId", "Use string, and create the ObjectId in the method."],
  ["Decimal128", "Use string, and create the Decimal128 in the method."],
  ["String", "Use string."],
  ["Number", "Use number."],
  ["Boolean", "Use boolean."],
  ["BigInt", "Use bigint."],
  ["Symbol", "Use a string."],
  ["Object", "Use object, or Record<string, unknown>."],
  ["Function", "Leave it out."],
  ["CallableFunction", "Leave it out."],
]);

/** Suggests a replacement for a type of the standard library. */
export function libraryHint(name: string): string {
  const hint = HINTS.get(name);
  if (hint) return hint;
  if (/^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/.test(name)) return NUMBERS_HINT;
  return name.endsWith("Error")
    ? "Use its message: string, or throw it."
    : "Use an interface with the properties you need.";
}

/** Names of the standard type that all errors extend. */
export const ERRORS: ReadonlySet<string> = new Set(["Error"]);

/** Names of standard types that yield several values. */
export const STREAMS: ReadonlySet<string> = new Set([
  "Generator",
  "AsyncGenerator",
  "Iterator",
  "AsyncIterator",
  "Iterable",
  "AsyncIterable",
  "IterableIterator",
  "AsyncIterableIterator",
  "IteratorObject",
  "AsyncIteratorObject",
  "ReadableStream",
  "Readable",
]);

/** Names of standard types for binary data. */
export const BYTES: ReadonlySet<string> = new Set(["Uint8Array", "Buffer", "ArrayBuffer", "Uint8ClampedArray"]);

const DATES = ["atime", "mtime", "ctime", "birthtime"];

/**
 * Classes of Node whose instances hold their data in properties, with the properties that some
 * versions of Node compute on the prototype.
 */
export const DATA_CLASSES: ReadonlyMap<string, readonly string[]> = new Map([
  ["Stats", DATES],
  ["BigIntStats", DATES],
  ["StatsFs", []],
  ["BigIntStatsFs", []],
  ["Dirent", ["path"]],
]);

const CLASS_LIKE = ts.SymbolFlags.Class | ts.SymbolFlags.Interface;

/** A type that is a standard one, or extends one. */
export interface StandardType {
  readonly type: ts.Type;
  readonly standard: ts.Type;
  /** Name of the standard type. */
  readonly name: string;
}

/** A mapped type. The checker sets the internal `modifiersType` once it knows the properties. */
interface MappedType extends ts.ObjectType {
  readonly declaration?: ts.MappedTypeNode;
  readonly modifiersType?: ts.Type;
}

/** Finds symbols declared by the standard library or by Node's own types. */
export class Library {
  readonly #program: ts.Program;

  constructor(program: ts.Program) {
    this.#program = program;
  }

  /** Checks whether a symbol is the standard one; an author's own `Map` or `Date` is not. */
  declares(symbol: ts.Symbol): boolean {
    // One declaration is enough: authors extend standard interfaces with `declare global`.
    return symbol.declarations?.some((declaration) => this.#isLibraryFile(declaration.getSourceFile())) ?? false;
  }

  /**
   * Finds the standard type that a type is, extends (`class Table extends Map<string, number>`), or
   * maps property by property (`Readonly<Date>`, `DeepPartial<…>`).
   */
  findStandard(type: ts.Type, names: { readonly has: (name: string) => boolean }): StandardType | undefined {
    const { symbol } = type;
    if (symbol && names.has(symbol.name) && this.declares(symbol)) return { type, standard: type, name: symbol.name };
    const mapped = this.#sourceOfMapped(type);
    if (mapped) return this.findStandard(mapped, names);
    const [base] = this.#basesOf(type).flatMap((candidate) => this.findStandard(candidate, names) ?? []);
    return base && { ...base, type };
  }

  #basesOf(type: ts.Type): readonly ts.Type[] {
    if (type.isIntersection()) return type.types;
    const { symbol } = type;
    const declared = symbol && symbol.flags & CLASS_LIKE ? this.#checker.getDeclaredTypeOfSymbol(symbol) : undefined;
    return declared?.isClassOrInterface() ? this.#checker.getBaseTypes(declared) : [];
  }

  /** Returns `T` of `{ [K in keyof T]: … }`, or of `{ [K in keyof T as …]: … }` with its names. */
  #sourceOfMapped(type: ts.Type): ts.Type | undefined {
    const mapped = type as MappedType;
    if (!(mapped.objectFlags & ts.ObjectFlags.Mapped) || !mapped.declaration) return undefined;
    const { nameType, typeParameter } = mapped.declaration;
    const keys = typeParameter.constraint;
    if (!keys || !ts.isTypeOperatorNode(keys) || keys.operator !== ts.SyntaxKind.KeyOfKeyword) return undefined;
    const names = new Set(this.#checker.getPropertiesOfType(type).map((property) => property.escapedName));
    const { modifiersType: source } = mapped;
    if (!nameType || !source) return source;
    const properties = this.#checker.getPropertiesOfType(source);
    return properties.every(({ escapedName }) => names.has(escapedName)) ? source : undefined;
  }

  get #checker(): ts.TypeChecker {
    return this.#program.getTypeChecker();
  }

  #isLibraryFile(file: ts.SourceFile): boolean {
    return (
      this.#program.isSourceFileDefaultLibrary(file) ||
      /\/node_modules\/(?:@types\/node|undici-types|buffer)\//.test(file.fileName)
    );
  }
}
