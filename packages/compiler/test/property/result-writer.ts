import type { Choices } from "./choices.ts";

/** A type as text, with an expression for one of its values. */
export interface Result {
  readonly type: string;
  readonly value: string;
}

const LEAVES: readonly Result[] = [
  { type: "string", value: '"x"' },
  { type: "number", value: "1.5" },
  { type: "boolean", value: "true" },
  { type: "null", value: "null" },
  { type: '"a" | "b"', value: '"b"' },
  { type: "number | undefined", value: "undefined" },
];
/** Members that have no place in JSON. */
const BEHAVIOR = [
  "toString(): string { return this.constructor.name; }",
  "*[Symbol.iterator](): Generator<string> { yield this.constructor.name; }",
];
const DATE: Result = { type: "Date", value: "new Date(0)" };

/**
 * Writes random types of results with values: classes with all kinds of members, `toJSON` methods,
 * and what `JSON.stringify` changes in plain data.
 */
export class ResultWriter {
  readonly #choices: Choices;
  readonly declarations: string[] = [];
  #names = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  write(depth: number): Result {
    if (depth <= 0) return this.#choices.pick([...LEAVES, DATE]);
    return this.#choices.chance(50) ? this.#class(depth - 1) : this.#data(depth - 1, () => this.write(depth - 1));
  }

  /**
   * Writes data without classes: `JSON.stringify` does not call the `toJSON` of what `toJSON`
   * returns.
   */
  #plain(depth: number): Result {
    return depth <= 0 ? this.#choices.pick(LEAVES) : this.#data(depth, () => this.#plain(depth - 1));
  }

  #data(depth: number, part: () => Result): Result {
    const [a, b] = [part(), part()];
    return this.#choices.pick<() => Result>([
      () => ({ type: `(${a.type})[]`, value: `[${a.value}, ${a.value}]` }),
      () => ({
        type: `[${a.type}, (${b.type})?]`,
        value: this.#choices.pick([`[${a.value}]`, `[${a.value}, ${b.value}]`]),
      }),
      () => ({ type: `{ a: ${a.type}; b?: ${b.type} }`, value: `{ a: ${a.value} }` }),
      () => ({ type: `{ a: ${a.type}; b?: ${b.type} }`, value: `{ a: ${a.value}, get b() { return ${b.value}; } }` }),
      () => ({ type: `Record<string, ${a.type}>`, value: `{ k: ${a.value}, "": ${a.value} }` }),
      () => ({
        type: `Record<number, ${a.type}>`,
        value: `{ 1: ${a.value}, [2 ** 54 + 4]: ${a.value}, [0.1 + 0.2]: ${a.value} }`,
      }),
      () => ({ type: `(${a.type}) | { other: ${b.type} }`, value: a.value }),
      () => ({ type: `{ a: ${a.type} } & { c: ${b.type} }`, value: `{ a: ${a.value}, c: ${b.value} }` }),
      () => ({ type: this.#declare("interface", `{ a: ${a.type}; toString(): string }`), value: `{ a: ${a.value} }` }),
      () => this.#withToJson(depth),
    ])();
  }

  #class(depth: number): Result {
    const base = this.#choices.chance(25) ? ` extends ${this.#declareClass(["s", "t"], 0)}` : "";
    const name = this.#declareClass(["p", "q", "r"], depth, base);
    return { type: name, value: `new ${name}()` };
  }

  #declareClass(names: readonly string[], depth: number, base?: string): string {
    const some = this.#choices.some(names, 1);
    const members = some.map((name) => this.#member(name, this.write(depth)));
    const data = this.#property(`own${names.length}`, this.write(depth));
    // A subclass must not have another type for its toJSON.
    const others = base === undefined ? [] : this.#choices.some([this.#toJson(this.#plain(depth)), ...BEHAVIOR], 0, 1);
    return this.#declare("class", `{ ${[data, ...members, ...others].join(" ")} }`, base);
  }

  #property(name: string, { type, value }: Result): string {
    return `${name}: ${type} = ${value};`;
  }

  #member(name: string, part: Result): string {
    const { type, value } = part;
    return this.#choices.pick([
      this.#property(name, part),
      `readonly ${name}?: ${type};`,
      `#${name}: ${type} = ${value};`,
      `get ${name}(): ${type} { return ${value}; }`,
      `set ${name}(_: ${type}) {}`,
      `accessor ${name}: ${type} = ${value};`,
      `${name}(): ${type} { return ${value}; }`,
      `#${name}(): ${type} { return ${value}; }`,
      `static ${name}: ${type} = ${value};`,
      `private get ${name}(): ${type} { return ${value}; }`,
    ]);
  }

  #toJson({ type, value }: Result): string {
    return this.#choices.pick([
      `toJSON(): ${type} { return ${value}; }`,
      `toJSON(key?: string): ${type} { return ${value}; }`,
      `toJSON(...keys: string[]): ${type} { return ${value}; }`,
      `toJSON<J = ${type}>(): J { return ${value} as J; }`,
      `toJSON<J extends ${type}>(): J { return ${value} as unknown as J; }`,
      `toJSON(options: { deep: boolean }): symbol; toJSON(key: string): ${type}; toJSON(): unknown { return ${value}; }`,
      `toJSON(this: { absent: 1 }): symbol; toJSON(): ${type}; toJSON(): unknown { return ${value}; }`,
    ]);
  }

  /** A generic class, and one whose `toJSON` depends on its type arguments. */
  #withToJson(depth: number): Result {
    const { type, value } = this.#plain(depth);
    const body = this.#choices.pick([
      "{ #value: T; constructor(value: T) { this.#value = value; } toJSON(): { boxed: T } { return { boxed: this.#value }; } }",
      "{ constructor(readonly value: T) {} get length(): number { return 1; } }",
      "{ constructor(readonly value: T) {} toJSON<J = { [K in 'value']: T }>(): Readonly<J> { return { value: this.value } as J; } }",
    ]);
    const name = this.#declare("class", body, "<T>");
    return { type: `${name}<${type}>`, value: `new ${name}<${type}>(${value})` };
  }

  #declare(keyword: "class" | "interface", body: string, rest = ""): string {
    const name = `T${this.#names++}`;
    this.declarations.push(`${keyword} ${name}${rest} ${body}`);
    return name;
  }
}
