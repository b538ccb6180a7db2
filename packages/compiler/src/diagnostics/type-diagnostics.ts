import { inClass, type DiagnosticDescription, type TypeCode } from "./description.ts";

/** Types that cannot become a schema. */
export const TYPE_DIAGNOSTICS: Readonly<Record<TypeCode, DiagnosticDescription>> = {
  MTD101: {
    title: "Type cannot be written as JSON Schema",
    severity: "error",
    cause:
      "JSON Schema has no words for this type, or none that mean exactly the same, and a schema that only comes close would accept wrong calls or refuse right ones.",
    fix: "Use a wider type and, where it helps, a constraint tag such as `@pattern`.",
    example: inClass("@tool() add(code: Uppercase<string>): void {}"),
  },
  MTD102: {
    title: "Type has no JSON form",
    severity: "error",
    cause:
      "Arguments and results travel as JSON, which has no functions, symbols, streams or objects with behaviour. `Date`, `URL`, `bigint`, `Uint8Array`, `Set` and `Map` with text keys have a JSON form; other types of the standard library have none.",
    fix: "Use what the message names: `Map<string, V>` or an array of objects for a map with other keys, `Uint8Array` for other binary data, an array for an iterator.",
    example: inClass("@tool() add(counts: Map<number, string>): void {}"),
  },
  MTD103: {
    title: "Function inside a type",
    severity: "error",
    cause: "JSON cannot carry functions, so a client could never send one and would never receive one.",
    fix: 'Leave the function out of the type (`Omit<T, "onDone">`), or mark the property `@hidden`.',
    example: inClass("@tool() add(options: { onDone: () => void }): void {}"),
  },
  MTD104: {
    title: "Promise inside a type",
    severity: "error",
    cause: "The result of a method is awaited, but a promise inside the result would be sent as an empty object.",
    fix: "Await it before you return it, and declare the type it resolves to.",
    example: inClass("@tool() add(): { id: Promise<number> } {\n  return { id: Promise.resolve(1) };\n}"),
  },
  MTD105: {
    title: "Type without values",
    severity: "error",
    cause: "Nothing can be sent for `never`, so every call would fail.",
    fix: "Use a type that has values. If the type is computed, see why nothing is left of it.",
    example: inClass("@tool() add(name: never): void {}"),
  },
  MTD106: {
    title: "Rest element before the end of a tuple",
    severity: "error",
    cause: "JSON Schema describes the first elements of an array and all the others, but not the last ones.",
    fix: "Move the rest element to the end of the tuple, or use an array of a union.",
    example: inClass("@tool() add(row: [...string[], number]): void {}"),
  },
  MTD107: {
    title: "Property name that cannot be used",
    severity: "error",
    cause:
      "The property is named by a symbol, or is called `__proto__`, or has a name in quotes: JSON objects do not carry it faithfully.",
    fix: "Rename the property.",
    example: inClass('@tool() add(options: { ["__proto__"]: string }): void {}'),
  },
  MTD108: {
    title: "Type that grows without end",
    severity: "error",
    cause: "A generic type refers to itself with other type arguments at every level, so its schema would never end.",
    fix: "Make the recursion refer to the same type arguments.",
    example: inClass(
      "@tool() add(tree: Nested<string>): void {}",
      "interface Nested<T> {\n  value: T;\n  inner?: Nested<T[]>;\n}",
    ),
  },
  MTD109: {
    title: "Schema too large",
    severity: "error",
    cause:
      "Schemas are written out in full, because many clients cannot follow references. A type that uses others many times over, or that goes on for thousands of levels, grows beyond what any model reads.",
    fix: "Split the tool, or make the parts that need no description `unknown`.",
    example: inClass(
      "@tool() add(cube: Four<Four<Four<Four<Four<Four<Four<Four<string>>>>>>>>): void {}",
      "type Four<T> = { a: T; b: T; c: T; d: T };",
    ),
  },
  MTD110: {
    title: "Type that cannot be resolved",
    severity: "error",
    cause:
      "TypeScript does not know the type: it is not declared, not imported, or imported from a module that is not found.",
    fix: "Fix the TypeScript error first. `tsc --noEmit` shows it.",
    example: inClass("@tool() add(note: Note): void {}"),
  },
  MTD111: {
    title: "Class with private state",
    severity: "error",
    cause:
      "A private or protected member cannot be sent, and an object that comes in as JSON would be no instance of the class.",
    fix: "Use an interface with the public properties.",
    example: inClass(
      "@tool() add(counter: Counter): void {}",
      "class Counter {\n  private count = 0;\n  name = `counter ${this.count}`;\n}",
    ),
  },
  MTD112: {
    title: "Enum with computed members",
    severity: "error",
    cause: "The values of the enum are only known when the program runs, but the schema has to list them.",
    fix: "Give every member a literal value.",
    example: inClass("@tool() add(size: Size): void {}", 'enum Size {\n  Small = "small".length,\n}'),
  },
  MTD116: {
    title: "Union whose JSON does not tell its members apart",
    severity: "error",
    cause:
      "A `Date`, a `URL`, a `bigint` and bytes are sent as strings, a `Set` as an array, a `Map` as an object, and the method gets the value back. Where another member of the union has the same JSON form, there is no way to know which of the two was meant.",
    fix: "Take one of the members, or make them objects with a property of different literal types. `Date | null` and `Date | number` are fine: their JSON differs.",
    example: inClass("@tool() add(at: Date | string): void {}"),
  },
  MTD117: {
    title: "Constraint type that says nothing",
    severity: "error",
    cause:
      "A constraint type becomes a keyword of the schema, so its argument has to be a literal of the keyword's kind, and the type it is intersected with has to be one that the keyword narrows.",
    fix: "Give it a literal (`Min<1>`, `MaxLength<typeof LIMIT>` with a `const LIMIT = 80`), and intersect the constraints of arrays and objects with theirs: `string[] & MinItems<1>`.",
    example: {
      source:
        'import { type MinItems, tool } from "methodic";\n\nexport class Notes {\n  @tool() add(tags: MinItems<1>): void {}\n}\n',
    },
  },
  MTD118: {
    title: "Constraints that no value keeps",
    severity: "error",
    cause: "The lower bound of a value is above its upper bound, so every call would be refused.",
    fix: "Correct the bounds. Where a type and a comment both have one, the stricter holds.",
    example: inClass("@tool() add(\n  /** @minimum 10 @maximum 1 */\n  count: number,\n): void {}"),
  },
};
