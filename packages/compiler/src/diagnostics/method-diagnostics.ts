import type { Message } from "./diagnostic-table.ts";

/** Declarations that cannot have a decorator (MTD130 to MTD139). */
export const METHOD_DIAGNOSTICS = {
  MTD130: {
    title: "Private or protected method",
    severity: "error" as const,
    cause: "Clients call decorated methods, so they must be public.",
    fix: "Make the method public, or remove the decorator.",
    example: { member: "@tool() private add(name: string): void {}" },
    messages: {
      hiddenMethod: (modifier: string): Message => [
        `a ${modifier} method cannot be called by a client.`,
        "Make it public, or remove the decorator.",
      ],
    },
  },
  MTD131: {
    title: "Method with type parameters",
    severity: "error" as const,
    cause: "The caller chooses the type arguments of a generic method, but a caller over MCP cannot choose types.",
    fix: "Use concrete types, or `unknown`.",
    example: { member: "@tool() add<T>(value: T): void {}" },
    messages: {
      methodTypeParameters: (name: string): Message => [
        `type parameter '${name}' is not known at build time.`,
        "Use concrete types.",
      ],
    },
  },
  MTD132: {
    title: "Method with overloads",
    severity: "error" as const,
    cause: "A tool has one input schema, and a client cannot choose between signatures.",
    fix: "Write one signature with a union or optional parameters.",
    example: {
      member: "add(name: string): void;\nadd(id: number): void;\n@tool() add(value: string | number): void {}",
    },
    messages: {
      overloads: (count: number): Message => [
        `the method has ${count} overloads, but a tool has one input.`,
        "Write one signature with a union or optional parameters.",
      ],
    },
  },
  MTD133: {
    title: "Type parameter without a type argument",
    severity: "error" as const,
    cause:
      "The method's types mention a type parameter of its class. Only a subclass that sets it has a schema for the method, and the project has no such subclass.",
    fix: "Use a concrete type, or extend the class with a type argument: `class Users extends Base<User>`. A generic class may also be abstract.",
    example: {
      source: 'import { tool } from "methodic";\n\nexport class Base<T> {\n  @tool() add(item: T): void {}\n}\n',
    },
    messages: {
      openTypeParameter: (name: string): Message => [
        `type parameter '${name}' is not known here.`,
        "Use a concrete type, or decorate the method in a base class and extend it with the type filled in: class Users extends Base<User>.",
      ],
    },
  },
  MTD134: {
    title: "Decorator on a property",
    severity: "error" as const,
    cause:
      "A property, even one that holds an arrow function, exists only once an object is created: there is no method to decorate.",
    fix: "Make it a method.",
    example: { member: "@tool() add = (name: string): void => {};" },
    messages: {
      decoratedProperty: (decorator: string): Message => [
        `@${decorator} cannot decorate a property.`,
        "Make it a method.",
      ],
    },
  },
  MTD135: {
    title: "Decorator on an accessor",
    severity: "error" as const,
    cause: "A getter or setter is read and written, not called.",
    fix: "Make it a method.",
    example: { member: "@tool() get count(): number {\n  return 0;\n}" },
    messages: {
      decoratedAccessor: (decorator: string): Message => [
        `@${decorator} cannot decorate an accessor.`,
        "Make it a method.",
      ],
    },
  },
  MTD136: {
    title: "Computed method name",
    severity: "error" as const,
    cause: "The schema is stored under the method's name, which is only known when the program runs.",
    fix: "Give the method a plain name.",
    example: { member: "@tool() [Symbol.iterator](): void {}" },
    messages: {
      computedName: (name: string): Message => [
        `the method name '${name}' is not known at build time.`,
        "Give the method a plain name.",
      ],
    },
  },
  MTD137: {
    title: "Static method",
    severity: "error" as const,
    cause: "A server holds instances of its services and calls their methods.",
    fix: "Make it an instance method.",
    example: { member: "@tool() static add(name: string): void {}" },
    messages: {
      staticMethod: (decorator: string): Message => [
        `@${decorator} cannot decorate a static method.`,
        "Make it an instance method: a server holds instances of its services.",
      ],
    },
  },
  MTD138: {
    title: "Two decorators on one method",
    severity: "error" as const,
    cause: "A method is a tool, a resource or a prompt: their results differ.",
    fix: "Keep one of the decorators, and let a second method call the first.",
    example: { member: "@tool() @prompt() add(name: string): string {\n  return name;\n}" },
    messages: {
      secondDecorator: (first: string, second: string): Message => [
        `the method is already a ${first} and cannot be a ${second} as well.`,
        "Keep one of the decorators.",
      ],
    },
  },
  MTD139: {
    title: "Decorator on a class",
    severity: "error" as const,
    cause: "Tools, resources and prompts are methods. The class itself needs no decorator.",
    fix: "Decorate the methods.",
    example: { source: 'import { tool } from "methodic";\n\n@tool()\nexport class Notes {}\n' },
    messages: {
      decoratedClass: (decorator: string): Message => [
        `@${decorator} cannot decorate a class.`,
        "Decorate its methods.",
      ],
    },
  },
};
