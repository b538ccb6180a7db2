import ts from "typescript";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import { STREAMS, type Library } from "../schema/read/library-types.ts";
import { isTextType } from "./content-types.ts";

/** The types of a generator method. */
export interface GeneratorTypes {
  /** The type that it returns at its end, with promises awaited. */
  readonly returned: ts.Type;
  readonly yieldsText: boolean;
}

/** Reads the types of methods that yield: `async *run()`, `run(): Generator<string, Note>`. */
export class GeneratorReader {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;

  constructor(checker: ts.TypeChecker, library: Library) {
    this.#checker = checker;
    this.#library = library;
  }

  /** Finds a type that yields several values among the members of an awaited return type. */
  findStream(members: readonly ts.Type[]): ts.Type | undefined {
    return members.find((member) => this.#library.findStandard(member, STREAMS));
  }

  /** Reads a stream, or returns the problem that prevents to run it. */
  read(stream: ts.Type): GeneratorTypes | Problem {
    const shown = this.#checker.typeToString(stream);
    const results = this.#isOfCollection(stream) ? undefined : this.#resultsOf(stream);
    if (!results) return problems.streamedResult(shown);
    const { yielded, returned } = results;
    const invalid = yielded.find((type) => !isYieldable(type, this.#checker));
    if (invalid) return problems.invalidYield(this.#checker.typeToString(invalid));
    const isUnknown = returned.some(({ flags }) => flags & ts.TypeFlags.Any);
    const [only] = returned;
    if (isUnknown || !only || returned.length > 1) return problems.unknownReturn(shown);
    return {
      returned: this.#checker.getAwaitedType(only) ?? only,
      yieldsText: yielded.some((type) => isTextType(type)),
    };
  }

  /** Finds the first yield in a generator's body whose value cannot be sent. */
  findInvalidYield({ body }: ts.MethodDeclaration): ts.Expression | undefined {
    const visit = (node: ts.Node): ts.Expression | undefined => {
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return undefined;
      if (ts.isYieldExpression(node) && !node.asteriskToken) {
        const { expression } = node;
        const type = expression && this.#checker.getTypeAtLocation(expression);
        const awaited = type && (this.#checker.getAwaitedType(type) ?? type);
        if (!awaited || !membersOf(awaited).every((member) => isYieldable(member, this.#checker)))
          return expression ?? node;
      }
      return ts.forEachChild(node, visit);
    };
    return body && ts.forEachChild(body, visit);
  }

  /** Checks for an iterator of the standard library, such as that of `map.keys()`. */
  #isOfCollection({ symbol }: ts.Type): boolean {
    return symbol !== undefined && this.#library.declares(symbol) && !STREAMS.has(symbol.name);
  }

  /** Returns the types of the iterator's results; undefined for what only has iterators. */
  #resultsOf(
    stream: ts.Type,
  ): { readonly yielded: readonly ts.Type[]; readonly returned: readonly ts.Type[] } | undefined {
    const next = this.#typeOf(stream, "next");
    const [signature] = next?.getCallSignatures() ?? [];
    if (!signature) return undefined;
    const step = this.#checker.getReturnTypeOfSignature(signature);
    const steps = membersOf(this.#checker.getAwaitedType(step) ?? step);
    // `IteratorYieldResult` and `IteratorReturnResult`, which `done` tells apart.
    const isEnd = (member: ts.Type): boolean => {
      const done = this.#typeOf(member, "done");
      return done !== undefined && this.#checker.typeToString(done) === "true";
    };
    const valuesOf = (members: readonly ts.Type[]): ts.Type[] =>
      members.flatMap((member) => this.#typeOf(member, "value") ?? []);
    return {
      yielded: valuesOf(steps.filter((member) => !isEnd(member))).flatMap(membersOf),
      returned: valuesOf(steps.filter(isEnd)),
    };
  }

  #typeOf(type: ts.Type, name: string): ts.Type | undefined {
    const property = this.#checker.getPropertyOfType(type, name);
    return property && this.#checker.getTypeOfSymbol(property);
  }
}

/** Checks for text, or for `Progress`, also as a literal such as `{ progress: 1 }`. */
function isYieldable(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (isTextType(type) || type.flags & ts.TypeFlags.Never) return true;
  const properties = checker.getPropertiesOfType(type);
  const isOf = (name: string, flags: ts.TypeFlags): boolean => {
    const property = properties.find((each) => each.name === name);
    if (!property) return name !== "progress";
    const others = name === "progress" ? 0 : ts.TypeFlags.Undefined;
    return membersOf(checker.getTypeOfSymbol(property)).every((member) => member.flags & (flags | others));
  };
  return (
    (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 &&
    properties.every(({ name }) => ["progress", "total", "message"].includes(name)) &&
    isOf("progress", ts.TypeFlags.NumberLike) &&
    isOf("total", ts.TypeFlags.NumberLike) &&
    isOf("message", ts.TypeFlags.StringLike)
  );
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}
