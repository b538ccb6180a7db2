import type { Choices } from "./choices.ts";

/** A type as text, with the declarations it needs. */
export interface WrittenType {
  readonly text: string;
  readonly declarations: readonly string[];
}

const NAMES = ["a", "b", "c", "id", "kind", "name", "list"] as const;
const MORE_NAMES = ["p", "q", "r", "x-y", "0"] as const;
const STRINGS = ["a", "b", "", "red", "it's", "a.b", "ü"] as const;
const NUMBERS = ["0", "1", "-1", "1.5", "1e21", "200"] as const;
const TEMPLATES = [
  "`x-${string}`",
  "`${string}.json`",
  "`v${number}`",
  '`${"a" | "b"}-${1 | 2}`',
  "`${string}-${string}`",
  "`${boolean}`",
] as const;

/** Names for standard types. Each file that uses them declares them. */
export const STANDARD_NAMES = ["Instant", "Bytes", "Dictionary<T>", "Distinct<T>"] as const;

interface ObjectText {
  readonly text: string;
  readonly names: readonly string[];
  readonly optional: readonly string[];
}

/** Writes random types: every construct that authors combine, without constraints. */
export class TypeWriter {
  readonly #choices: Choices;
  readonly #declarations: string[] = [];
  readonly #standard: boolean;
  #names = 0;

  /** @param standard True to use the standard types that {@link STANDARD_NAMES} lists */
  constructor(choices: Choices, standard = false) {
    this.#choices = choices;
    this.#standard = standard;
  }

  write(): WrittenType {
    const text = this.#type(this.#choices.pick([1, 2, 2, 3]));
    return { text, declarations: this.#declarations };
  }

  /** Writes a type of one of the shapes that are easily read wrong; each `index` is another one. */
  writeIntricate(index: number): WrittenType {
    const shapes: readonly (() => string)[] = [
      () => this.#indexed(1),
      () => this.#exclusive(1),
      () => this.#arrays(),
      () => this.#clashing(1),
    ];
    const text = shapes[index % shapes.length]?.() ?? "";
    return { text, declarations: this.#declarations };
  }

  #type(depth: number): string {
    if (this.#standard && this.#choices.chance(25)) return this.#standardType(depth);
    if (depth <= 0) return this.#leaf();
    const writers: readonly ((depth: number) => string)[] = [
      () => this.#leaf(),
      (left) => this.#array(left),
      (left) => this.#tuple(left),
      (left) => this.#object(left).text,
      (left) => this.#object(left).text,
      (left) => this.#named(left),
      (left) => this.#record(left),
      (left) => this.#union(left),
      (left) => this.#union(left),
      (left) => this.#discriminated(left),
      (left) => this.#exclusive(left),
      (left) => this.#indexed(left),
      () => this.#arrays(),
      (left) => this.#clashing(left),
      (left) => this.#intersection(left),
      (left) => this.#utility(left),
      (left) => this.#mapped(left),
      (left) => this.#generic(left),
      (left) => this.#heritage(left),
      (left) => this.#recursive(left),
      (left) => this.#computed(left),
    ];
    return this.#choices.pick(writers)(depth - 1);
  }

  #leaf(): string {
    const { pick } = { pick: <T>(list: readonly T[]): T => this.#choices.pick(list) };
    return pick([
      () => "string",
      () => "number",
      () => "boolean",
      () => "null",
      () => JSON.stringify(pick(STRINGS)),
      () => pick(NUMBERS),
      () => pick(["true", "false"]),
      () => this.#literals(),
      () => pick(TEMPLATES),
      () => this.#enum(),
      () => pick(["unknown", "object", "{}", "any"]),
      () => pick(["string | null", "number | undefined", '"a" | (string & {})']),
    ])();
  }

  #standardType(depth: number): string {
    const name = this.#choices.pick(STANDARD_NAMES);
    return name.endsWith("<T>") ? name.replace("T", this.#type(depth - 1)) : name;
  }

  #literals(): string {
    const strings = this.#choices.some(STRINGS, 1, 3).map((value) => JSON.stringify(value));
    return [...strings, ...this.#choices.some(NUMBERS, 0, 2)].join(" | ");
  }

  #enum(): string {
    const members = this.#choices.pick([
      "A, B, C",
      "A = 3, B, C = -1",
      'A = "a", B = "b"',
      'A = 1, B = "b"',
      "A = 1, B = 1 << 2, C = A | B",
    ]);
    const name = this.#declare("enum", `{ ${members} }`);
    return this.#choices.chance(25) ? `${name}.A` : name;
  }

  #array(depth: number): string {
    const element = this.#type(depth);
    return this.#choices.pick([
      `(${element})[]`,
      `Array<${element}>`,
      `readonly (${element})[]`,
      `ReadonlyArray<${element}>`,
    ]);
  }

  #tuple(depth: number): string {
    const required = this.#choices.below(3);
    const optional = this.#choices.below(2);
    const named = this.#choices.chance(40);
    const elements = Array.from({ length: required + optional }, (_, index) => {
      const mark = index < required ? "" : "?";
      return named ? `e${index}${mark}: ${this.#type(depth)}` : `(${this.#type(depth)})${mark}`;
    });
    if (this.#choices.chance(30)) elements.push(`...${named ? "rest: " : ""}(${this.#type(depth)})[]`);
    return `${this.#choices.chance(20) ? "readonly " : ""}[${elements.join(", ")}]`;
  }

  #object(depth: number, from: readonly string[] = NAMES, min = 0): ObjectText {
    const names = this.#choices.some(from, this.#choices.chance(8) ? min : Math.max(min, 1), 4);
    const optional = names.filter(() => this.#choices.chance(35));
    // Few types with optional properties only: they cannot be judged as results.
    if (optional.length === names.length && this.#choices.chance(80)) optional.pop();
    const members = names.map((name) => this.#property(name, depth, optional.includes(name)));
    if (this.#choices.chance(6)) members.push("[key: string]: unknown");
    return { text: `{ ${members.join("; ")} }`, names, optional };
  }

  #property(name: string, depth: number, optional: boolean): string {
    const key = /^[a-z]+$/i.test(name) ? name : JSON.stringify(name);
    return `${this.#choices.chance(15) ? "readonly " : ""}${key}${optional ? "?" : ""}: ${this.#type(depth)}`;
  }

  #named(depth: number): string {
    const { text } = this.#object(depth, [...NAMES, ...MORE_NAMES]);
    if (this.#choices.chance(50)) return this.#declare("interface", text);
    return this.#choices.chance(30) ? this.#class(depth) : this.#declare("type", `= ${text}`);
  }

  #class(depth: number): string {
    const members = this.#choices
      .some(NAMES, 1, 3)
      .map((name) => `${name}${this.#choices.chance(30) ? "?" : "!"}: ${this.#type(depth)}`);
    return this.#declare("class", `{ ${members.join("; ")} }`);
  }

  #record(depth: number): string {
    const value = this.#type(depth);
    return this.#choices.pick([
      `Record<string, ${value}>`,
      `{ [key: string]: ${value} }`,
      `Record<"a" | "b", ${value}>`,
      `Partial<Record<"a" | "b", ${value}>>`,
      `{ a?: ${value}; [key: string]: ${value} | undefined }`,
      `Record<number, ${value}>`,
      `Record<\`x-\${string}\`, ${value}>`,
      `{ a: ${value}; [key: \`x-\${string}\`]: ${value} }`,
      `{ [key: number]: ${value}; [key: \`x-\${string}\`]: ${value} }`,
      `{ a: ${value} } & Record<\`x-\${string}\`, ${this.#type(depth)}>`,
      "Record<string, never>",
    ]);
  }

  #union(depth: number): string {
    const members = Array.from({ length: 2 + this.#choices.below(2) }, () => `(${this.#type(depth)})`);
    return members.join(" | ");
  }

  #discriminated(depth: number): string {
    const tag = this.#choices.pick(["kind", "type"]);
    const values = this.#choices.pick([
      ['"a"', '"b"', '"c"'],
      ["1", "2", "3"],
      ["true", "false"],
      ['"a" | "b"', '"c"', "null"],
    ]);
    const members = values.map((value) => {
      const { text } = this.#object(depth, ["a", "b", "c"]);
      return `{ ${tag}: ${value}; ${text.slice(2)}`;
    });
    return members.join(" | ");
  }

  /** Members that exclude each other by absent properties. */
  #exclusive(depth: number): string {
    const [a, b] = [this.#type(depth), this.#type(depth)];
    return this.#choices.pick([
      `{ a: ${a}; b?: never } | { a?: never; b: ${b} }`,
      `{ a: ${a}; b?: undefined } | { b: ${b} }`,
      `{ kind: "a"; a: ${a} } | { kind?: undefined; b: ${b} }`,
      `{ ok: true; a: ${a} } | { ok?: false; b: ${b} }`,
      `Exclude<{ kind: "a"; a: ${a} } | { kind: "b"; b: ${b} }, { kind: "b" }>`,
      `${this.#xor()}<{ a: ${a}; c?: string }, { b: ${b}; c?: string }>`,
    ]);
  }

  /** A helper that many projects have. */
  #xor(): string {
    const without = this.#declare("type", "= { [K in Exclude<keyof T, keyof U>]?: never }", "<T, U>");
    return this.#declare("type", `= (${without}<T, U> & U) | (${without}<U, T> & T)`, "<T, U>");
  }

  /** Members with index signatures for the same names. */
  #indexed(depth: number): string {
    const key = this.#choices.pick(["number", "`x-${string}`", "`${number}px`"]);
    const members = ["a", "b", "c"].slice(0, 2 + this.#choices.below(2)).map((name) => {
      const tag = this.#choices.chance(30) ? `kind: "${name}"; ` : "";
      const index = this.#choices.chance(80) ? `; [key: ${key}]: ${this.#type(depth)}` : "";
      return `{ ${tag}${name}${this.#choices.chance(20) ? "?" : ""}: ${this.#type(depth)}${index} }`;
    });
    return members.join(" | ");
  }

  /**
   * Intersections of arrays. Their elements are not objects: there, TypeScript does not check for
   * excess properties.
   */
  #arrays(): string {
    const [a, b] = [this.#leaf(), this.#leaf()];
    return this.#choices.pick([
      `(${a} | ${b})[] & readonly (${b})[]`,
      `[${a}, ${b}] & readonly (${a} | ${b})[]`,
      `[${a}, (${b})?] & [${a}]`,
      `[${a}, ...(${b})[]] & { length: ${this.#choices.pick([1, 2])} }`,
      `(${a})[] & { length: 0 | 2 }`,
    ]);
  }

  /** Intersections of members that exclude each other, next to members that do not. */
  #clashing(depth: number): string {
    const [a, b] = [this.#type(depth), this.#type(depth)];
    const base = this.#declare("interface", `{ a: string; b?: ${b} }`);
    return this.#choices.pick([
      `({ a: string } & { a: string[] }) | { b: ${b} }`,
      `({ kind: "a"; a: ${a} } & { kind: "b" }) | { kind: "c"; b: ${b} }`,
      `(Record<string, number> & string[]) | (${a})[]`,
      `(${base} & { a: number; c: ${a} }) | { c: ${b} }`,
      `{ a: ${a}; b?: string & number } | { c: ${b} }`,
      `({ id: string } | { id: number }) & { id: string; a?: ${a} }`,
      `({ kind: "a"; a: ${a} } | { kind: "b"; b: ${b} }) & ({ kind: "b"; c?: null } | { kind: "c" })`,
      `(number & string[]) | [${a}, (${b})?]`,
    ]);
  }

  #intersection(depth: number): string {
    const union = this.#discriminated(depth);
    if (this.#choices.chance(25)) return `${this.#object(depth, NAMES.slice(3)).text} & (${union})`;
    const left = this.#object(depth, NAMES.slice(0, 3));
    const right = this.#object(depth, this.#choices.chance(25) ? NAMES : NAMES.slice(3));
    const text = `${left.text} & ${right.text}`;
    return this.#choices.chance(25) ? `${text} & Record<string, unknown>` : text;
  }

  #utility(depth: number): string {
    const { text, names } = this.#object(depth, NAMES, 1);
    const some = this.#choices
      .some(names, 1, 2)
      .map((name) => JSON.stringify(name))
      .join(" | ");
    const target = this.#choices.chance(50) ? this.#declare("interface", text) : text;
    return this.#choices.pick([
      `Partial<${target}>`,
      `Required<${target}>`,
      `Readonly<${target}>`,
      `Pick<${target}, ${some}>`,
      `Omit<${target}, ${some}>`,
      `Required<Pick<${target}, ${some}>> & Partial<Omit<${target}, ${some}>>`,
    ]);
  }

  #mapped(depth: number): string {
    const { text } = this.#object(depth, NAMES, 1);
    const source = this.#declare("type", `= ${text}`);
    return this.#choices.pick([
      `{ [K in keyof ${source}]: ${source}[K] }`,
      `{ [K in keyof ${source}]-?: ${source}[K][] }`,
      `{ [K in keyof ${source}]+?: ${source}[K] | null }`,
      `{ [K in keyof ${source} as \`get_\${K}\`]: ${source}[K] }`,
      `{ [K in keyof ${source} as Exclude<K, "a">]: ${source}[K] }`,
      `{ [K in "a" | "b"]: ${this.#type(depth)} }`,
      `{ readonly [K in keyof ${source}]: { value: ${source}[K] } }`,
    ]);
  }

  #generic(depth: number): string {
    const body = this.#choices.pick([
      "{ value: T; next?: T[] }",
      "T | { error: string }",
      "{ ok: true; value: T } | { ok: false; message: string }",
      "readonly T[] | null",
      "[T, T?]",
      "{ [key: string]: T }",
      "T extends string ? { text: T } : { other: T }",
      "T extends readonly (infer E)[] ? E : T",
    ]);
    const name = this.#declare("type", `= ${body}`, "<T>");
    return `${name}<${this.#type(depth)}>`;
  }

  #heritage(depth: number): string {
    const base = this.#declare("interface", this.#object(depth, NAMES.slice(0, 3)).text);
    const own = this.#object(depth, NAMES.slice(3));
    const overriding = this.#object(depth, ["a", ...NAMES.slice(3)]);
    return this.#choices.chance(50)
      ? this.#declare(`interface`, `extends ${base} ${own.text}`)
      : this.#declare("interface", `extends Omit<${base}, "a"> ${overriding.text}`);
  }

  #recursive(depth: number): string {
    const name = this.#nextName();
    const leaf = this.#type(Math.min(depth, 1));
    this.#declarations.push(
      this.#choices.pick([
        `interface ${name} { value: ${leaf}; children: ${name}[] }`,
        `type ${name} = ${leaf} | { left: ${name}; right?: ${name} };`,
        `interface ${name} { value?: ${leaf}; next: ${name} | null }`,
        `type ${name} = { [key: string]: ${name} } | ${leaf} | ${name}[];`,
        `type ${name} = [${leaf}, ${name}?];`,
      ]),
    );
    return name;
  }

  /** Types that only the type checker can resolve. */
  #computed(depth: number): string {
    const { text, names } = this.#object(depth, NAMES, 1);
    const source = this.#declare("type", `= ${text}`);
    return this.#choices.pick([
      `keyof ${source}`,
      `${source}[${JSON.stringify(names[0])}]`,
      `${source}[keyof ${source}]`,
      `NonNullable<${this.#type(depth)}>`,
      `Exclude<${this.#literals()}, "a">`,
      `Extract<${this.#union(depth)}, object>`,
      `Awaited<Promise<${this.#type(depth)}>>`,
      `ReturnType<() => ${this.#type(depth)}>`,
      `Parameters<(a: ${this.#type(depth)}, b?: ${this.#type(depth)}) => void>`,
      `[${text}, string][0]`,
    ]);
  }

  #declare(keyword: "enum" | "interface" | "type" | "class", body: string, parameters = ""): string {
    const name = this.#nextName();
    this.#declarations.push(`${keyword} ${name}${parameters} ${body}${keyword === "type" ? ";" : ""}`);
    return name;
  }

  #nextName(): string {
    return `T${this.#names++}`;
  }
}
