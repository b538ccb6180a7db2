import { inClass, type DiagnosticDescription, type MethodCode, type ParameterCode } from "./description.ts";

/** Parameters that cannot become properties. */
export const PARAMETER_DIAGNOSTICS: Readonly<Record<ParameterCode, DiagnosticDescription>> = {
  MTD120: {
    title: "Rest parameter",
    severity: "error",
    cause: "The arguments of a call are named, and the elements of a rest parameter have no names.",
    fix: "Make it an array.",
    example: inClass("@tool() add(...names: string[]): void {}"),
  },
  MTD121: {
    title: "Parameter without a type",
    severity: "error",
    cause:
      "Nothing says what a caller has to send: the parameter has no type, or a default from which none can be read, like `[]` or `null`.",
    fix: "Write the type.",
    example: inClass("@tool() add(tags = []): void {}"),
  },
  MTD122: {
    title: "Destructured parameter beside others",
    severity: "error",
    cause:
      "A destructured parameter means that its properties are the input. Beside other parameters it would need a name, and it has none.",
    fix: "Destructure the only parameter, or give this one a name and destructure it in the body.",
    example: inClass("@tool() add(name: string, { pinned }: { pinned: boolean }): void {}"),
  },
  MTD123: {
    title: "Input that is no plain object",
    severity: "error",
    cause:
      "The input of an MCP tool is an object with named properties. Clients refuse unions and other types at its root.",
    fix: "Use one object type, or give the parameter a name: then it is a property of the input.",
    example: inClass('@tool() add({ kind }: { kind: "text"; text: string } | { kind: "file"; path: string }): void {}'),
  },
  MTD124: {
    title: "Second Context parameter",
    severity: "error",
    cause: "There is one Context for a call, and it is supplied in one place.",
    fix: "Remove the second.",
    example: {
      source:
        'import { tool, type Context } from "methodic";\n\nexport class Notes {\n  @tool() add(first: Context, name: string, second: Context): void {}\n}\n',
    },
  },
  MTD125: {
    title: "Several parameters beside an inputSchema",
    severity: "error",
    cause:
      "With the option `inputSchema` the schema says what the input is, and the method takes it as a whole: as its one parameter, beside a Context.",
    fix: "Take one parameter and destructure it, or remove `inputSchema`.",
    example: inClass(
      '@tool({ inputSchema: { type: "object", properties: { name: { type: "string" } } } })\nadd(name: string, pinned: boolean): void {}',
    ),
  },
};

/** What a decorator cannot stand on. */
export const METHOD_DIAGNOSTICS: Readonly<Record<MethodCode, DiagnosticDescription>> = {
  MTD130: {
    title: "Private or protected method",
    severity: "error",
    cause: "A decorated method is public by nature: clients call it.",
    fix: "Make the method public, or remove the decorator.",
    example: inClass("@tool() private add(name: string): void {}"),
  },
  MTD131: {
    title: "Method with type parameters",
    severity: "error",
    cause: "The type would be chosen by the caller, but a caller over MCP cannot choose types.",
    fix: "Use concrete types, or `unknown`.",
    example: inClass("@tool() add<T>(value: T): void {}"),
  },
  MTD132: {
    title: "Method with overloads",
    severity: "error",
    cause: "A tool has one input schema, and a client cannot choose between signatures.",
    fix: "Write one signature with a union or optional parameters.",
    example: inClass("add(name: string): void;\nadd(id: number): void;\n@tool() add(value: string | number): void {}"),
  },
  MTD133: {
    title: "Type parameter that nothing fills in",
    severity: "error",
    cause:
      "The method's types mention a type parameter of its class. Its schema belongs to a class that says what the parameter is, and there is none.",
    fix: "Use a concrete type, or extend the class with the type filled in: `class Users extends Base<User>`. A generic class may also be abstract.",
    example: {
      source: 'import { tool } from "methodic";\n\nexport class Base<T> {\n  @tool() add(item: T): void {}\n}\n',
    },
  },
  MTD134: {
    title: "Decorator on a property",
    severity: "error",
    cause:
      "A property, even one that holds an arrow function, exists only once an object is made: there is no method to decorate.",
    fix: "Make it a method.",
    example: inClass("@tool() add = (name: string): void => {};"),
  },
  MTD135: {
    title: "Decorator on an accessor",
    severity: "error",
    cause: "A getter or setter is read and written, not called.",
    fix: "Make it a method.",
    example: inClass("@tool() get count(): number {\n  return 0;\n}"),
  },
  MTD136: {
    title: "Computed method name",
    severity: "error",
    cause: "The name is only known when the program runs, but the schema is stored under it.",
    fix: "Give the method a plain name.",
    example: inClass("@tool() [Symbol.iterator](): void {}"),
  },
  MTD137: {
    title: "Static method",
    severity: "error",
    cause: "A server holds instances of its services and calls methods on these.",
    fix: "Make it an instance method.",
    example: inClass("@tool() static add(name: string): void {}"),
  },
  MTD138: {
    title: "Two decorators on one method",
    severity: "error",
    cause: "A method is a tool, a resource or a prompt: their results differ.",
    fix: "Keep one of the decorators, and let a second method call the first.",
    example: {
      source:
        'import { prompt, tool } from "methodic";\n\nexport class Notes {\n  @tool() @prompt() add(name: string): string {\n    return name;\n  }\n}\n',
    },
  },
  MTD139: {
    title: "Decorator on a class",
    severity: "error",
    cause: "Tools, resources and prompts are methods. The class itself needs no decorator.",
    fix: "Decorate the methods.",
    example: { source: 'import { tool } from "methodic";\n\n@tool()\nexport class Notes {}\n' },
  },
};
