import type { MemberKind, ResultKind } from "methodic/manifest";
import ts from "typescript";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import { BYTES, STREAMS, type Library } from "../schema/read/library-types.ts";

/** The result of a method, as its return type describes it. */
export interface MethodResult {
  readonly kind: ResultKind;
  /** The type with promises awaited. */
  readonly type: ts.Type;
  /** The method may also return nothing. */
  readonly nullable: boolean;
  /** The `T`s of `ToolResult<T>`, if every result is one. */
  readonly structured: readonly ts.Type[];
}

/** The category of one member of a return type. */
type Category = "nothing" | "text" | "content" | "dynamic" | "data";

/** Determines from a method's return type how its result is sent. */
export class ResultReader {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, library: Library, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#library = library;
    this.#symbols = symbols;
  }

  /**
   * Reads a return type, or returns the problem that prevents sending it.
   * @param written The type's text, if it is written
   */
  read(returned: ts.Type, kind: MemberKind, written?: string): MethodResult | Problem {
    const type = this.#checker.getAwaitedType(returned) ?? returned;
    const members = type.isUnion() ? type.types : [type];
    const stream = members.find((member) => this.#isNamed(member, STREAMS));
    if (stream) return problems.streamedResult(this.#checker.typeToString(stream));
    const unresolved = members.some(
      (member) =>
        member.flags & ts.TypeFlags.Any && (member as { readonly intrinsicName?: string }).intrinsicName !== "any",
    );
    if (unresolved) return problems.unresolvedType(written ?? this.#checker.typeToString(type));
    const categories = new Set(members.map((member) => this.#categoryOf(member, kind)));
    const nullable = categories.delete("nothing");
    return { kind: resultKind(categories), type, nullable, structured: this.#structuredTypes(members) };
  }

  #categoryOf(type: ts.Type, kind: MemberKind): Category {
    if (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) return "nothing";
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "dynamic";
    if (isTextType(type)) return "text";
    if (this.#isContent(type)) return "content";
    // A resource sends bytes as a blob; a tool sends them as data.
    return kind === "resource" && this.#isNamed(type, BYTES) ? "dynamic" : "data";
  }

  /** Checks for a content block, a whole result, or an array of blocks and texts. */
  #isContent(type: ts.Type): boolean {
    if (this.#symbols.contentTypeName(type) !== undefined) return true;
    if (!this.#checker.isArrayType(type) && !this.#checker.isTupleType(type)) return false;
    const elements = this.#checker
      .getTypeArguments(type as ts.TypeReference)
      .flatMap((element) => (element.isUnion() ? element.types : [element]));
    const blocks = elements.filter((element) => this.#symbols.contentTypeName(element) !== undefined);
    return blocks.length > 0 && elements.every((element) => blocks.includes(element) || isTextType(element));
  }

  #structuredTypes(members: readonly ts.Type[]): ts.Type[] {
    const isResult = (member: ts.Type): boolean =>
      !(member.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) && !this.#symbols.isInputRequired(member);
    const results = members.filter(isResult);
    const isToolResult = (member: ts.Type): boolean => this.#symbols.contentTypeName(member) === "ToolResult";
    if (!results.every((member) => isToolResult(member))) return [];
    const types = results.flatMap((member) => this.#checker.getTypeArguments(member as ts.TypeReference).slice(0, 1));
    return types.some((type) => type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) ? [] : types;
  }

  #isNamed(type: ts.Type, names: ReadonlySet<string>): boolean {
    return type.symbol !== undefined && names.has(type.symbol.name) && this.#library.declares(type.symbol);
  }
}

function resultKind(categories: ReadonlySet<Category>): ResultKind {
  if (categories.size === 0) return "empty";
  if (categories.has("dynamic")) return "dynamic";
  if (!categories.has("content")) return categories.has("data") ? "structured" : "text";
  // Blocks or other data: only the value decides.
  return categories.has("data") ? "dynamic" : "content";
}

function isTextType(type: ts.Type): boolean {
  if (type.flags & ts.TypeFlags.StringLike) return true;
  return type.isIntersection() && type.types.some((member) => member.flags & ts.TypeFlags.StringLike);
}
