import { describe, expect, it } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

/** A tag, and the JSON that shows in a schema or description that it was read. */
interface Tag {
  readonly text: string;
  readonly shows: RegExp;
  /** A type that the tag fits. */
  readonly type: string;
}

function tags(type: string, texts: Readonly<Record<string, RegExp>>): Tag[] {
  return Object.entries(texts).map(([text, shows]) => ({ text, shows, type }));
}

const TAGS: readonly Tag[] = [
  ...tags("string", {
    "Zebra.": /Zebra\./,
    "@summary Zebra.": /Zebra\./,
    "@description Zebra.": /Zebra\./,
    "@remarks Zebra.": /Zebra\./,
    "@title Zebra": /"title":"Zebra"/,
    "@deprecated Zebra": /Deprecated: Zebra/,
    "@example Zebra": /"examples":\["Zebra"\]|Example:..Zebra/,
    '@examples ["Zebra"]': /"examples":\["Zebra"\]/,
    '@default "Zebra"': /"default":"Zebra"/,
    '@defaultValue `"Zebra"`': /"default":"Zebra"/,
    "@minLength 7": /"minLength":7/,
    "@maxLength 7": /"maxLength":7/,
    "@pattern ^Zebra$": /"pattern":"\^Zebra\$"/,
    "@format email": /"format":"email"/,
    "@contentEncoding base32": /"contentEncoding":"base32"/,
    "@contentMediaType text/html": /"contentMediaType":"text\/html"/,
    "@readOnly": /"readOnly":true/,
    "@writeOnly": /"writeOnly":true/,
    "@nullable": /"null"/,
    "{@inheritDoc Animal.name}": /Striped/,
  }),
  ...tags("number", {
    "@minimum 7": /"minimum":7/,
    "@maximum 7": /"maximum":7/,
    "@exclusiveMinimum 7": /"exclusiveMinimum":7/,
    "@exclusiveMaximum 7": /"exclusiveMaximum":7/,
    "@multipleOf 7": /"multipleOf":7/,
    "@asType integer": /"integer"/,
  }),
  ...tags("boolean[]", {
    "@minItems 7": /"minItems":7/,
    "@maxItems 7": /"maxItems":7/,
    "@uniqueItems": /"uniqueItems":true/,
  }),
  ...tags("Record<string, boolean>", {
    "@minProperties 7": /"minProperties":7/,
    "@maxProperties 7": /"maxProperties":7/,
  }),
];

/** Tags that are never read. */
const MISSPELLED: readonly Tag[] = tags("string", { "@minlength 7": /(?!)/, "@require": /(?!)/ });

/** Cells where a comment cannot be kept, by place and tag. */
const REPORTED = [
  // The checker replaces an alias of a primitive type.
  /^an alias in a conditional type: (?!@(?:min|max)(?:Items|Properties)|@unique)/,
  /^an alias (?:in a template|as a key): /,
  // Revival plans are made before.
  /dotted @param.*: @nullable$|@param of (?:an element|a destructured property): @nullable$/,
];

/** Tags of a constructor's comment that are about the constructor, which is not published. */
const IRRELEVANT =
  /^the @param of a parameter property: (?:@summary|@description|@remarks|@title|@deprecated|@example) /;

/** The part of a cell's source: a comment at a place, and a method `run` of a class. */
interface Cell {
  readonly before?: string;
  readonly member: string;
}

/** Creates the source of a place. `doc` is a comment with the tag. */
type Place = (cell: { readonly doc: string; readonly tag: string; readonly type: string }) => Cell;

const input = (before: string, type: string): Cell => ({ before, member: `@tool() run(x: ${type}): void {}` });
const output = (before: string, type: string): Cell => ({ before, member: `@tool() run(): ${type} { return null!; }` });
const alias =
  (type: string): Place =>
  ({ doc, type: of }) =>
    input(`${doc}\ntype A = ${of};`, type);

/** Puts a tag after a `@param`. Tags about the method stay the method's. */
function after(name: string, parameter: (cell: { readonly type: string }) => string, separator: string): Place {
  return ({ tag, type }) => ({
    member: `/**\n * Runs.\n * @param ${name} The x${separator}${tag}\n */\n@tool() run(${parameter({ type })}): void {}`,
  });
}

const PLACES: Readonly<Record<string, Place>> = {
  "a parameter": ({ doc, type }) => ({ member: `@tool() run(${doc}\nx: ${type}): void {}` }),
  "an optional parameter": ({ doc, type }) => ({ member: `@tool() run(${doc}\nx?: ${type}): void {}` }),
  "a property of an interface": ({ doc, type }) => input(`interface O {\n${doc}\na: ${type};\n}`, "O"),
  "an optional property": ({ doc, type }) => input(`interface O {\n${doc}\na?: ${type};\n}`, "O"),
  "a member of a type literal": ({ doc, type }) => input("", `{\n${doc}\na: ${type};\n}`),
  "a property of an alias": ({ doc, type }) => input(`type O = {\n${doc}\na: ${type};\n}`, "O[]"),
  "a property in a result": ({ doc, type }) => output(`interface O {\n${doc}\na: ${type};\n}`, "Promise<O>"),
  "a property of a class": ({ doc, type }) => input(`class O {\n${doc}\na!: ${type};\n}`, "O"),
  "a parameter property": ({ doc, type }) => input(`class O {\nconstructor(${doc}\nreadonly a: ${type}) {}\n}`, "O"),
  "a getter": ({ doc, type }) => input(`abstract class O {\n${doc}\nabstract get a(): ${type};\n}`, "O"),
  "a setter": ({ doc, type }) =>
    output(`abstract class O {\nabstract get a(): ${type};\n${doc}\nabstract set a(v: ${type});\n}`, "O"),
  "an inherited property": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}\ninterface O extends B { b: 1 }`, "O"),
  "an overridden property": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}\ninterface O extends B { a: ${type} }`, "O"),
  "an implemented property": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}\nclass O implements B { a!: ${type} }`, "O"),
  "a property of a merged interface": ({ doc, type }) =>
    input(`interface O {\n${doc}\na: ${type};\n}\ninterface O { b: 1 }`, "O"),
  "the first member of an intersection": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}`, `B & { a: ${type} }`),
  "the second member of an intersection": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}`, `{ a: ${type} } & B`),
  "a member of a union": ({ doc, type }) => input(`interface B {\n${doc}\na: ${type};\n}`, "B | { b: 1 }"),
  "a picked property": ({ doc, type }) => input(`interface B {\n${doc}\na: ${type};\n}`, 'Pick<B, "a">'),
  "a partial property": ({ doc, type }) => input(`interface B {\n${doc}\na: ${type};\n}`, "Partial<B>"),
  "a mapped property": ({ doc, type }) => input(`interface B {\n${doc}\na: ${type};\n}`, "{ [K in keyof B]: B[K] }"),
  "an inferred property": ({ doc, type }) => ({
    member: `@tool() run() { return {\n${doc}\na: null! as ${type} }; }`,
  }),
  "an index signature": ({ doc, type }) => input("", `{\n${doc}\n[key: string]: ${type};\n}`),
  "an index signature with a pattern": ({ doc, type }) => input("", `{\n${doc}\n[key: \`x-\${string}\`]: ${type};\n}`),
  "an element of a tuple": ({ doc, type }) => input("", `[\n${doc}\na: ${type}]`),
  "an unlabeled element of a tuple": ({ doc, type }) => input("", `[1, ${doc} ${type}]`),
  "an optional element of a tuple": ({ doc, type }) => input("", `[1, ${doc} (${type})?]`),
  "the first type of a union": ({ doc, type }) => input("", `\n${doc}\n| ${type} | { z: 1 }`),
  "another type of a union": ({ doc, type }) => input("", `\n| null\n${doc}\n| ${type}`),
  "a type after the bar of a union": ({ doc, type }) => input("", `null | ${doc} ${type}`),
  "a type before the bar of a union": ({ doc, type }) => input(`type U = ${type} ${doc}\n| null;`, "U"),
  "a type of a union in a generic": ({ doc, type }) => input("interface Box<T> { a: T }", `Box<null | ${doc} ${type}>`),
  "the type of a parameter": ({ doc, type }) => input("", `${doc} ${type}`),
  "the type of the elements of an array": ({ doc, type }) => input("", `(${doc} ${type})[]`),
  "the type of the values of a record": ({ doc, type }) => input("", `Record<string, ${doc} ${type}>`),
  "the type of an intersection": ({ doc, type }) => input("", `${doc} ${type} & {}`),
  "the type of a result": ({ doc, type }) => output("", `Promise<{ a: ${doc} ${type} }>`),
  "the comment of an overload": ({ tag, type }) => ({
    member: `/**\n * Runs.\n * @param x The x\n * ${tag} */\nrun(x: ${type}): void;\n@tool() run(x: ${type}): void {}`,
  }),
  "an alias": alias("A"),
  "an alias in a union": alias("A | null"),
  "an alias in an optional property": alias("{ a?: A }"),
  "an alias of an alias": ({ doc, type }) => input(`${doc}\ntype B = ${type};\ntype A = B;`, "A"),
  "an alias in an array": alias("A[]"),
  "an alias in Array<A>": alias("Array<A>"),
  "an alias in ReadonlyArray<A>": alias("ReadonlyArray<A>"),
  "an alias in a tuple": alias("[1, A]"),
  "an alias in a labeled tuple": alias("[a: 1, b?: A]"),
  "an alias in Set<A>": alias("Set<A>"),
  "an alias in Map<string, A>": alias("Map<string, A>"),
  "an alias in Record<string, A>": alias("Record<string, A>"),
  'an alias in Record<"a", A>': alias('Record<"a", A>'),
  "an alias in a partial record": alias('Partial<Record<"a", A>>'),
  "an alias in a mapped type": alias('{ [K in "a"]: A }'),
  "an alias in an index signature": alias("{ [key: string]: A }"),
  "an alias in a brand": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};`, type.startsWith("Record") ? "A" : "A & { __brand: 1 }"),
  "an alias in a conditional type": alias("A extends infer U ? U : never"),
  "an alias in NonNullable<A>": alias("NonNullable<A>"),
  "an alias in Exclude": alias("Exclude<A | null, null>"),
  "an alias in Extract": ({ doc, type }) => input(`${doc}\ntype A = ${type};`, `Extract<A | null, ${type}>`),
  "a property in NonNullable": ({ doc, type }) =>
    input(`interface O {\n${doc}\na?: ${type};\n}`, 'NonNullable<O["a"]>'),
  "the result of a function": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ndeclare function f(): Promise<A>;`, "Awaited<ReturnType<typeof f>>"),
  "a parameter of a function": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ndeclare function f(a: A): void;`, "Parameters<typeof f>[0]"),
  "the parameters of a function": ({ doc, type }) =>
    input(`class C { f(${doc}\na: ${type}): void {} }`, 'Parameters<C["f"]>'),
  "the type of a variable": ({ doc, type }) => input(`${doc}\ntype A = ${type};\ndeclare let a: A;`, "typeof a"),
  "the last type of a union": ({ doc, type }) => input(`type U = null\n| ${type} ${doc};`, "U"),
  "the end of a line of a tuple": ({ doc, type }) => input("", `[\n${type}, ${doc}\n1]`),
  "the type before the end of a parameter": ({ doc, type }) => input("", `${type} ${doc}`),
  "an alias in a generic interface": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T }`, "Box<A>"),
  "an alias in an optional property of a generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a?: T }`, "Box<A>"),
  "a generic in an optional property of a generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface In<U> { u: U }\ninterface Box<T> { a?: T }`, "Box<In<A>>"),
  "an alias in a list of a generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: readonly T[] | null }`, "Box<A>"),
  "an alias in a tuple of a generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: [1, T?] }`, "Box<A>"),
  "an alias in a union of a generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T | { z: 1 } | null }`, "Box<A>"),
  "an alias in a type literal of a generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: Partial<{ b: T }> }`, "Box<A>"),
  "an alias in an array in NonNullable": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface O { list?: A[] }`, 'NonNullable<O["list"]>'),
  "an alias in a nested generic": ({ doc, type }) =>
    input(
      `${doc}\ntype A = ${type};\ninterface In<U> { u: U }\ninterface Box<T> { a: Record<string, In<T>> }`,
      "Box<A>[]",
    ),
  "an alias in a generic class": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\nclass Box<T> { constructor(readonly a: T) {} }`, "Box<A>"),
  "an alias in a generic alias": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ntype Page<T> = { items: T[] };`, "Page<A>"),
  "an alias in an alias of its parameter": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ntype Id<T> = T | null;`, "Id<A>"),
  "an alias in a partial generic": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T }`, "Partial<Box<A>>"),
  "an alias in a base": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T }\ninterface O extends Box<A> { b: 1 }`, "O"),
  "an alias in a base of a base": ({ doc, type }) =>
    input(
      `${doc}\ntype A = ${type};\ninterface Box<T> { a: T }\ninterface In<U> extends Box<A> { u: U }\ninterface O extends In<1> { b: 1 }`,
      "O",
    ),
  "an alias in a base that has its subtype as an argument": ({ doc, type }) =>
    input(
      `${doc}\ntype A = ${type};\ninterface B<U> { b?: 1 }\ninterface Box<T> extends B<Box<Box<T>>> { a: T }`,
      "Box<A>",
    ),
  "a default type argument": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T = A> { a: T }`, "Box"),
  "an alias in a promised result": ({ doc, type }) =>
    output(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T }`, "Promise<Box<A>>"),
  "an alias in a template": ({ doc }) => input(`${doc}\ntype A = string;`, "`x-${A}`"),
  "an alias as a key": ({ doc }) => input(`${doc}\ntype A = string;`, "Record<A, 1>"),
  "the line of a @param": after("x", ({ type }) => `x: ${type}`, " "),
  "a line after a @param": after("x", ({ type }) => `x: ${type}`, "\n * "),
  "a dotted @param": after("x.a", ({ type }) => `x: { a: ${type} }`, " "),
  "a @param of an element": after("x[].a", ({ type }) => `x: { a: ${type} }[]`, "\n * "),
  "a @param of a destructured property": after("a", ({ type }) => `{ a }: { a: ${type} }`, " "),
  "a dotted @param of a destructured property": after("x.a", ({ type }) => `{ a }: { a: ${type} }`, "\n * "),
  "the @param of an inherited comment": ({ tag, type }) => ({
    before: `interface R {\n/**\n * Runs.\n * @param x The x\n * ${tag} */\nrun(x: ${type}): void;\n}`,
    member: `x = 1;\n}\nexport class Q implements R {\n@tool() run(x: ${type}): void {}`,
  }),
  "the @param of a parameter property": ({ tag, type }) =>
    input(`class O {\n/**\n * @param a The a\n * ${tag}\n */\nconstructor(readonly a: ${type}) {}\n}`, "O"),
  "a renamed property": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}`, "{ [K in keyof B as `x_${K}`]: B[K] }"),
  "a property by key": ({ doc, type }) => input(`interface B {\n${doc}\na: ${type};\n}`, '{ [K in "a"]: B[K] }'),
  "a property by a type argument": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}\ntype Get<T, K extends keyof T> = T[K];`, 'Get<B, "a">'),
  "a property by a key that is a type argument": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}\ninterface W<K extends keyof B> { v: B[K] }`, 'W<"a">'),
  "the values of a type argument": ({ doc, type }) =>
    input(`interface B {\n${doc}\na: ${type};\n}\ntype Values<T> = T[keyof T];`, "Values<B>"),
  "an alias in an intersection of generics": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T }`, "Box<A> & { z: 1 }"),
  "an alias in a generic intersection": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { a: T }\ntype B<T> = Box<T> & { z: 1 };`, "B<A>"),
  "an alias in a generic list": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ntype List<T> = readonly T[];`, "List<A>"),
  "an alias in a generic tuple": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ntype List<T> = [T, ...T[]];`, "List<A>"),
  "an element of a generic by indexed access": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Page<T> { items: T[] }`, 'Page<A>["items"][number]'),
  "a property by indexed access": ({ doc, type }) => input(`interface O {\n${doc}\na: ${type};\n}`, 'O["a"]'),
  "an optional property by indexed access": ({ doc, type }) =>
    input(`interface O {\n${doc}\na?: ${type};\n}`, '{ b: O["a"] }'),
  "a nested property by indexed access": ({ doc, type }) =>
    input(`interface O { o: {\n${doc}\na: ${type};\n} }`, 'O["o"]["a"]'),
  "properties by indexed access": ({ doc, type }) =>
    input(`interface O {\n${doc}\na: ${type};\nb: ${type} }`, 'O["a" | "b"]'),
  "a property of an array by indexed access": ({ doc, type }) =>
    input(`interface O {\n${doc}\na: ${type};\n}\ninterface L { list: O[] }`, 'L["list"][number]["a"]'),
  "an alias in an array by indexed access": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface O { a: A[] }`, 'O["a"][number]'),
  "a property by indexed access in an alias": ({ doc, type }) =>
    input(`interface O {\n${doc}\na: ${type};\n}\ntype A = O["a"];`, "A"),
  "a property by indexed access in Record": ({ doc, type }) =>
    input(`interface O {\n${doc}\na: ${type};\n}`, 'Record<"b", O["a"]>'),
  "a property by indexed access in a generic": ({ doc, type }) =>
    input(`interface O {\n${doc}\na: ${type};\n}\ninterface Box<T> { b: T }`, 'Box<O["a"]>'),
  "a property of a generic by indexed access": ({ doc, type }) =>
    input(`${doc}\ntype A = ${type};\ninterface Box<T> { b: T }`, 'Box<A>["b"]'),
};

const places = Object.entries(PLACES);
const all = [...TAGS, ...MISSPELLED];

/**
 * Compiles one file a place, with a namespace for each tag, and returns the outcome of each cell.
 */
function compilePlaces(): ReadonlyMap<string, "lost" | "read" | "read and reported" | "reported"> {
  const ranges = new Map<string, { readonly file: string; readonly first: number; readonly last: number }>();
  const files = places.map(([place, create], at) => {
    let source = 'import { tool } from "methodic";\ninterface Animal {\n  /** Striped. */\n  name: string;\n}\n';
    for (const [index, { text, type }] of all.entries()) {
      const { before = "", member } = create({ doc: `/**\n * ${text}\n */`, tag: text, type });
      const first = source.split("\n").length;
      source += `export namespace N${index} {\n${before}\nexport class S {\n${member}\n}\n}\n`;
      ranges.set(`${place}: ${text}`, { file: `p${at}.ts`, first, last: source.split("\n").length - 1 });
    }
    return [`p${at}.ts`, source] as const;
  });
  using project = createStubProject(Object.fromEntries(files));
  const { services, diagnostics } = compileServices(loadProject({ root: project.root }));
  const outcomeOf = (place: string, { text, shows }: Tag): "lost" | "read" | "read and reported" | "reported" => {
    const { file, first, last } = ranges.get(`${place}: ${text}`) ?? { file: "", first: 0, last: 0 };
    const isWithin = (line: number): boolean => line >= first && line <= last;
    const isReported = diagnostics.some((found) => found.file === file && isWithin(found.line));
    const isRead = services.some(
      ({ sourceFile, node, members }) =>
        sourceFile.fileName.endsWith(`/${file}`) &&
        isWithin(sourceFile.getLineAndCharacterOfPosition(node.end).line) &&
        shows.test(JSON.stringify([...members.values()].map(({ data }) => data))),
    );
    if (isRead) return isReported ? "read and reported" : "read";
    return isReported ? "reported" : "lost";
  };
  return new Map(places.flatMap(([place]) => all.map((tag) => [`${place}: ${tag.text}`, outcomeOf(place, tag)])));
}

describe("every tag", () => {
  const outcomes = compilePlaces();

  it.each(Object.keys(PLACES))("is read in %s, or reported where that is impossible", (place) => {
    const cells = TAGS.map(({ text }) => `${place}: ${text}`).filter((cell) => !IRRELEVANT.test(cell));
    const unexpected = cells.filter((cell) => {
      const expected = REPORTED.some((pattern) => pattern.test(cell)) ? "reported" : "read";
      return outcomes.get(cell) !== expected;
    });
    expect(unexpected.map((cell) => `${cell}: ${outcomes.get(cell)}`)).toEqual([]);
  });

  it.each(Object.keys(PLACES))("is reported if it is misspelled in %s", (place) => {
    expect(MISSPELLED.map(({ text }) => outcomes.get(`${place}: ${text}`))).toEqual(["reported", "reported"]);
  });
});
