import type { Message } from "./diagnostic-table.ts";

const NOT_FOUND = "Correct the import, or install the package, which may be a peer dependency.";

/** Types without an exact JSON Schema (MTD101 to MTD119). */
export const TYPE_DIAGNOSTICS = {
  MTD101: {
    title: "Type cannot be written as JSON Schema",
    severity: "error" as const,
    cause:
      "JSON Schema cannot express this type exactly. A schema that only comes close would accept wrong calls or reject right ones.",
    fix: "Use a wider type and, where it helps, a constraint tag such as `@pattern`.",
    example: { member: "@tool() add(code: Uppercase<string>): void {}" },
    messages: {
      unsupportedType: (type: string, hint: string): Message => [
        `type '${type}' cannot be written as JSON Schema.`,
        hint,
      ],
      entangledUnion: (): Message => [
        "a union of object types cannot be written as JSON Schema: too many properties decide which member a value matches.",
        'Give each member a literal property that identifies it: kind: "a", kind: "b".',
      ],
    },
  },
  MTD102: {
    title: "Type has no JSON form",
    severity: "error" as const,
    cause:
      "Arguments and results travel as JSON, which has no functions, symbols, streams or objects with behavior. `Date`, `URL`, `bigint`, `Uint8Array`, `Set` and `Map` with text keys have a JSON form; other types of the standard library do not.",
    fix: "Use the replacement that the message names: `Map<string, V>` or an array of objects for a map with other keys, `Uint8Array` for other binary data, an array for an iterator.",
    example: { member: "@tool() add(counts: Map<number, string>): void {}" },
    messages: {
      noJsonForm: (type: string, hint: string): Message => [`type '${type}' has no JSON form.`, hint],
    },
  },
  MTD103: {
    title: "Function inside a type",
    severity: "error" as const,
    cause: "JSON cannot carry functions, so a client could neither send nor receive one.",
    fix: 'Omit the function from the type (`Omit<T, "onDone">`), or mark the property `@hidden`. Replace a function parameter with data, such as the name of a choice or an object that describes the action.',
    example: { member: "@tool() add(options: { onDone: () => void }): void {}" },
    messages: {
      functionInType: (type: string): Message => [
        `'${type}' is a function, which JSON cannot carry.`,
        "Omit it, or use data in its place. A property of an object may be marked @hidden instead.",
      ],
    },
  },
  MTD104: {
    title: "Promise inside a type",
    severity: "error" as const,
    cause: "A method's result is awaited, but a promise inside the result would be sent as an empty object.",
    fix: "Await it before you return it, and declare the type it resolves to.",
    example: { member: "@tool() add(): { id: Promise<number> } {\n  return { id: Promise.resolve(1) };\n}" },
    messages: {
      promiseInType: (type: string): Message => [
        `type '${type}' is a promise inside a value.`,
        "Await it before you return it, and use the type it resolves to.",
      ],
    },
  },
  MTD105: {
    title: "Type without values",
    severity: "error" as const,
    cause:
      "`never` has no values, so every call would fail. The same is true of an intersection whose members contradict each other: `{ a: string } & { a: number }`, `number & string[]`.",
    fix: 'Use a type that has values. If the type is computed, find out why it resolves to `never`; of two interfaces with the same property, omit it from one (`Omit<A, "a"> & B`).',
    example: { member: "@tool() add(name: never): void {}" },
    messages: {
      neverInType: (type: string, property?: string): Message => [
        `type '${type}' has no values${property === undefined ? "" : `: its property '${property}' has none`}.`,
        "Use a type that has values, or remove it.",
      ],
    },
  },
  MTD106: {
    title: "Rest element before the end of a tuple",
    severity: "error" as const,
    cause: "JSON Schema can describe the first elements of an array and the rest, but not the last elements.",
    fix: "Move the rest element to the end of the tuple, or use an array of a union.",
    example: { member: "@tool() add(row: [...string[], number]): void {}" },
    messages: {
      restInMiddle: (type: string): Message => [
        `tuple '${type}' has a rest element before its end.`,
        "Move the rest element to the end, or use an array of a union.",
      ],
    },
  },
  MTD107: {
    title: "Property name that cannot be used",
    severity: "error" as const,
    cause:
      "The property is named by a symbol, which JSON objects cannot have, or `__proto__`, which sets an object's prototype instead.",
    fix: "Rename the property.",
    example: { member: '@tool() add(options: { ["__proto__"]: string }): void {}' },
    messages: {
      propertyNameUnusable: (name: string): Message => [
        `the property name ${name} cannot be a JSON property.`,
        "Rename it.",
      ],
    },
  },
  MTD108: {
    title: "Type that expands forever",
    severity: "error" as const,
    cause: "A generic type refers to itself with other type arguments at every level, so its schema would never end.",
    fix: "Make the recursion use the same type arguments.",
    example: {
      before: "interface Nested<T> {\n  value: T;\n  inner?: Nested<T[]>;\n}",
      member: "@tool() add(tree: Nested<string>): void {}",
    },
    messages: {
      endlessType: (type: string): Message => [
        `type '${type}' expands forever: every level is a new type.`,
        "Make the recursion use the same type arguments, or declare named types for the inner levels of a deeply nested type.",
      ],
    },
  },
  MTD109: {
    title: "Schema too large",
    severity: "error" as const,
    cause:
      'A schema of more than 2 MB, 50,000 properties, or thousands of levels is more than any client can read. Types that are used more than once are written once, except with `refs: "inline"`.',
    fix: 'Name the properties that callers need with `Pick`, split the tool, or remove `refs: "inline"`.',
    example: {
      before: "type Four<T> = { a: T; b: T; c: T; d: T };",
      member:
        '@tool({ refs: "inline" }) add(cube: Four<Four<Four<Four<Four<Four<Four<Four<Four<string>>>>>>>>>): void {}',
    },
    messages: {
      tooMany: (limit: number, things: string): Message => [
        `the schema has more than ${limit} ${things}.`,
        "Split the type, or make parts of it 'unknown'.",
      ],
      /** @param size A size with the places that have most of it */
      schemaTooLarge: (size: string): Message => [
        `the schema takes ${size}.`,
        "Split the type, or make parts of it 'unknown'.",
      ],
      nestedTooDeeply: (): Message => [
        "types are nested too many levels deep to be read.",
        "Split the type, or make parts of it 'unknown'.",
      ],
    },
  },
  MTD110: {
    title: "Type that cannot be resolved",
    severity: "error" as const,
    cause:
      "TypeScript does not know the type: it is not declared, not imported, or imported from a module that is not found.",
    fix: "Fix the TypeScript error first. `tsc --noEmit` shows it. If the message names a module, install it, such as a peer dependency of a package: with `skipLibCheck`, `tsc` does not report it.",
    example: { member: "@tool() add(note: Note): void {}" },
    messages: {
      unresolvedType: (type: string, missing = ""): Message => [
        `type '${type}' cannot be resolved${missing && `: the module '${missing}' is not found`}.`,
        missing ? NOT_FOUND : "Fix the TypeScript error first: check the import and the name.",
      ],
      circularAlias: (name: string): Message => [
        `type '${name}' cannot be resolved: it refers to itself circularly.`,
        "Fix the TypeScript error first.",
      ],
    },
  },
  MTD111: {
    title: "Class with private state",
    severity: "error" as const,
    cause:
      "An object that arrives as JSON is not an instance of a class, so inputs cannot have a class with private or protected members. In results, `#private` fields, methods and getters are not part of the JSON. Properties with the modifier `private` or `protected` are, like public ones, so they would be sent. A class without any other property is empty in JSON.",
    fix: "In an input, use an interface with the public properties. In a result, name private properties with `#`, add a `toJSON` method, or return an object with the public properties.",
    example: {
      before: "class Counter {\n  private count = 0;\n  name = `counter ${this.count}`;\n}",
      member: "@tool() add(counter: Counter): void {}",
    },
    messages: {
      privateState: (type: string): Message => [
        `class '${type}' has private or protected members, which JSON cannot carry.`,
        "Use an interface with the public properties.",
      ],
      sentPrivateState: (type: string, property: string, isForeign: boolean): Message => [
        `class '${type}' has the private or protected property '${property}', which would be sent: JSON.stringify does not know modifiers.`,
        isForeign
          ? "Return an object with the properties that a model needs."
          : "Name it with # (#name), add a toJSON method, or return an object with the public properties.",
      ],
      hollowClass: (type: string): Message => [
        `instances of class '${type}' are empty in JSON: JSON.stringify sees no getters and no # fields.`,
        "Add a toJSON method, or return an object with the properties.",
      ],
    },
  },
  MTD112: {
    title: "Enum with computed members",
    severity: "error" as const,
    cause: "The schema lists the values of the enum, but they are only known when the program runs.",
    fix: "Give every member a literal value.",
    example: {
      before: 'enum Size {\n  Small = "small".length,\n}',
      member: "@tool() add(size: Size): void {}",
    },
    messages: {
      computedEnum: (type: string): Message => [
        `enum '${type}' has members with computed values.`,
        "Give every member a literal value.",
      ],
    },
  },
  MTD116: {
    title: "Union whose members look the same in JSON",
    severity: "error" as const,
    cause:
      "A `Date`, a `URL`, a `bigint` and bytes are sent as strings, a `Set` as an array, a `Map` as an object, and the method receives the original value. Where another member of the union has the same JSON form, the two cannot be distinguished. In a union with `string`, the text stays text, as a `Set<T>` does next to `T[]` and a `Map` next to the `Record`.",
    fix: "Keep one of the members, or make them objects with a property of different literal types. `Date | null` and `Date | number` are fine: their JSON differs.",
    example: { member: "@tool() add(at: Date | bigint): void {}" },
    messages: {
      ambiguousUnion: (path: string, kinds: readonly string[]): Message => [
        `at ${path}: JSON cannot distinguish ${kinds.join(" from ")}.`,
        'Use one of them, or objects with a literal property that identifies each: { kind: "a"; at: Date } | { kind: "b"; text: string }.',
      ],
    },
  },
  MTD117: {
    title: "Constraint type without effect",
    severity: "error" as const,
    cause:
      "A constraint type becomes a keyword of the schema, so its argument has to be a literal of the keyword's kind, and it has to be intersected with a type that the keyword applies to.",
    fix: "Give it a literal (`Min<1>`, `MaxLength<typeof LIMIT>` with a `const LIMIT = 80`), and intersect the constraints of arrays and objects with the array or object type: `string[] & MinItems<1>`.",
    example: {
      source:
        'import { type MinItems, tool } from "methodic";\n\nexport class Notes {\n  @tool() add(tags: MinItems<1>): void {}\n}\n',
    },
    messages: {
      invalidConstraint: (keyword: string, value: string, expected: string): Message => [
        `invalid value of the constraint ${keyword}: '${value}'.`,
        `Use ${expected}.`,
      ],
      constraintDoesNotFit: (keyword: string, type: string, subject: string): Message => [
        `the constraint ${keyword} does not apply to the type '${type}'.`,
        `Intersect it with a type of ${subject}s.`,
      ],
      constraintAlone: (type: string): Message => [
        `the constraint '${type}' is not intersected with a type.`,
        "Intersect it with the type that it constrains: string[] & MinItems<1>.",
      ],
    },
  },
  MTD118: {
    title: "Contradictory constraints",
    severity: "error" as const,
    cause:
      "Two constraints exclude each other, such as a lower bound above the upper bound or two formats, so every call would be rejected.",
    fix: "Correct one of them. Where a type and a comment both set a bound, the stricter applies.",
    example: { member: "@tool() add(\n  /** @minimum 10 @maximum 1 */\n  count: number,\n): void {}" },
    messages: {
      contradictoryConstraints: (lower: string, upper: string): Message => [
        `the constraints ${lower} and ${upper} contradict each other.`,
        "Correct one of them.",
      ],
    },
  },
  MTD119: {
    title: "Result that may be content or data",
    severity: "error" as const,
    cause:
      "Handlers of the official SDK return `{ content: [...] }`, and a method may as well if its type names the blocks. Here the blocks may be anything (`type: string`), the method also returns other data, or its type is `any` or `unknown`, so the object could be either.",
    fix: 'Return the text itself, content blocks, or `toolResult({ content, isError })`. Write `type: "text" as const` where the blocks are literals. To send data of this form, return `toolResult({ content, structuredContent })`.',
    example: { member: "@tool() add(): { content: { type: string; text: string }[] } {\n  return { content: [] };\n}" },
    messages: {
      hiddenContent: (type: string): Message => [
        `this content has the form that the official SDK wants, but the method's type '${type}' makes it data.`,
        "Return the text itself, content blocks, or toolResult({ content, isError }), or declare the type.",
      ],
      unclearContent: (type: string): Message => [
        `type '${type}' may be content in the form that the official SDK wants, or data.`,
        "Return the text itself, content blocks, or toolResult({ content, isError }).",
      ],
    },
  },
};
