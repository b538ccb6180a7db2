import type { GeneratorResult, MemberKind, ResultKind } from "methodic/manifest";
import ts from "typescript";
import { type ContentForm, ContentTypes, isTextType } from "./content-types.ts";
import { GeneratorReader } from "./generator-types.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import { BYTES, type Library } from "../schema/read/library-types.ts";
import { unresolved } from "../schema/read/missing-modules.ts";

/** The result of a method, as its return type describes it. */
export interface MethodResult {
  readonly kind: ResultKind;
  /** The type with promises awaited; of a generator, the type that it returns at its end. */
  readonly type: ts.Type;
  /** Present for generators. */
  readonly generator?: GeneratorResult;
  /** The method may also return nothing. */
  readonly nullable: boolean;
  /** The `T`s of `ToolResult<T>`, if every result is one. */
  readonly structured: readonly ts.Type[];
}

/** The category of one member of a return type. */
type Category = "nothing" | "text" | "bytes" | ContentForm | "dynamic" | "data";

/** Determines from a method's return type how its result is sent. */
export class ResultReader {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;
  readonly #symbols: MethodicSymbols;
  readonly #content: ContentTypes;
  readonly #generators: GeneratorReader;

  constructor(checker: ts.TypeChecker, library: Library, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#library = library;
    this.#symbols = symbols;
    this.#content = new ContentTypes(checker, symbols);
    this.#generators = new GeneratorReader(checker, library);
  }

  /**
   * Reads a return type, or returns the problem that prevents sending it.
   * @param written The type's node, if it is written
   */
  read(returned: ts.Type, kind: MemberKind, written?: ts.TypeNode): MethodResult | Problem {
    const type = this.#checker.getAwaitedType(returned) ?? returned;
    const stream = this.#generators.findStream(membersOf(type));
    return stream ? this.#readStream(type, stream, kind) : this.#readAwaited(type, kind, written);
  }

  /** Finds the place of a problem: a yield whose value cannot be sent. */
  findInvalidYield(problem: Problem, method: ts.MethodDeclaration): ts.Node | undefined {
    return problem.code === "MTD159" ? this.#generators.findInvalidYield(method) : undefined;
  }

  #readStream(type: ts.Type, stream: ts.Type, kind: MemberKind): MethodResult | Problem {
    if (kind !== "tool" || type !== stream) return problems.streamedResult(this.#checker.typeToString(stream));
    const types = this.#generators.read(stream);
    if ("code" in types) return types;
    const nested = this.#generators.findStream(membersOf(types.returned));
    if (nested) return problems.streamedResult(this.#checker.typeToString(nested));
    const result = this.#readAwaited(types.returned, kind);
    if ("code" in result) return result;
    const isText = types.yieldsText && result.kind === "empty";
    return isText ? { ...result, kind: "text", generator: "text" } : { ...result, generator: "value" };
  }

  #readAwaited(type: ts.Type, kind: MemberKind, written?: ts.TypeNode): MethodResult | Problem {
    const members = membersOf(type);
    const isUnknown = members.some(
      (member) =>
        member.flags & ts.TypeFlags.Any && (member as { readonly intrinsicName?: string }).intrinsicName !== "any",
    );
    if (isUnknown)
      return written
        ? unresolved(written.getText(), written, this.#checker)
        : problems.unresolvedType(this.#checker.typeToString(type));
    const categories = new Set(members.map((member) => this.#categoryOf(member, kind)));
    const nullable = categories.delete("nothing");
    if (categories.has("unclear") || (categories.has("envelope") && categories.has("data")))
      return problems.unclearContent(this.#checker.typeToString(type));
    return { kind: resultKind(categories, kind), type, nullable, structured: this.#structuredTypes(members) };
  }

  /**
   * Finds a return value in the form that the official SDK wants, in a method whose type does not
   * tell: it would be sent as data.
   */
  findHiddenEnvelope(method: ts.MethodDeclaration, kind: MemberKind): ts.Expression | undefined {
    const visit = (node: ts.Node): ts.Expression | undefined => {
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return undefined;
      if (!ts.isReturnStatement(node)) return ts.forEachChild(node, visit);
      const { expression } = node;
      const returned = expression && this.#checker.getTypeAtLocation(expression);
      const type = returned && (this.#checker.getAwaitedType(returned) ?? returned);
      const members = type ? membersOf(type) : [];
      return members.some((member) => this.#content.formOf(member, kind) === "envelope") ? expression : undefined;
    };
    return method.body && ts.forEachChild(method.body, visit);
  }

  #categoryOf(type: ts.Type, kind: MemberKind): Category {
    if (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) return "nothing";
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "dynamic";
    if (isTextType(type)) return "text";
    // A resource sends bytes as a blob; a tool sends them as data.
    if (kind === "resource" && this.#library.findStandard(type, BYTES)) return "bytes";
    return this.#content.formOf(type, kind) ?? "data";
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
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function resultKind(categories: ReadonlySet<Category>, kind: MemberKind): ResultKind {
  if (categories.size === 0) return "empty";
  if (categories.has("dynamic")) return "dynamic";
  if (categories.has("data")) {
    // Blocks or other data: only the value decides. All that a prompt returns is content.
    if (categories.has("named")) return kind === "prompt" ? "content" : "dynamic";
    return categories.has("bytes") ? "dynamic" : "structured";
  }
  if (categories.has("named") || categories.has("form") || categories.has("envelope")) return "content";
  return categories.has("bytes") ? "dynamic" : "text";
}
