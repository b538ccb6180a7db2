import type { Message } from "./diagnostic-table.ts";

/** Parameters that cannot become properties of the input (MTD120 to MTD126). */
export const PARAMETER_DIAGNOSTICS = {
  MTD120: {
    title: "Rest parameter",
    severity: "error" as const,
    cause: "A call passes its arguments by name, and the elements of a rest parameter have no names.",
    fix: "Make it an array.",
    example: { member: "@tool() add(...names: string[]): void {}" },
    messages: {
      restParameter: (name: string): Message => [
        `rest parameter '...${name}' cannot be passed by name.`,
        `Make it an array: ${name}: T[].`,
      ],
    },
  },
  MTD121: {
    title: "Parameter without a type",
    severity: "error" as const,
    cause:
      "The parameter has no type, and its default, such as `[]` or `null`, does not determine one, so a caller cannot know what to send.",
    fix: "Declare the type.",
    example: { member: "@tool() add(tags = []): void {}" },
    messages: {
      untypedParameter: (name: string): Message => [`parameter '${name}' has no type.`, `Declare it: ${name}: string.`],
      unreadableElements: (name: string): Message => [
        `the element type of '${name}' cannot be read from '[]'.`,
        `Declare it: ${name}: string[] = [].`,
      ],
    },
  },
  MTD122: {
    title: "Destructured parameter among others",
    severity: "error" as const,
    cause:
      "The properties of a destructured parameter are the whole input. Among other parameters it would be one property of the input, and it has no name.",
    fix: "Destructure the only parameter, or give this one a name and destructure it in the body.",
    example: { member: "@tool() add(name: string, { pinned }: { pinned: boolean }): void {}" },
    messages: {
      destructuringAmongOthers: (): Message => [
        "a destructured parameter cannot be combined with other parameters.",
        "Destructure the only parameter, or give this one a name and destructure it in the body.",
      ],
    },
  },
  MTD123: {
    title: "Input that is not a plain object",
    severity: "error" as const,
    cause:
      "The input of an MCP tool is an object with named properties. Clients reject unions and other types at its root. Only a discriminated union of objects, whose members have different literals in a required property without a default, is written as one object.",
    fix: "Use one object type, or a discriminated union for a tool, or give the parameter a name: then it is a property of the input.",
    example: {
      member: "@tool() add({ ...note }: { text: string } | { path: string }): void {}",
    },
    messages: {
      inputNotObject: (type: string, isTool: boolean): Message => [
        `an MCP input has to be a plain object, but the destructured parameter has the type '${type}'.`,
        isTool
          ? "Use one object type, give the members of a union a required property with different literals, or give the parameter a name."
          : "Use one object type, or give the parameter a name.",
      ],
      discriminatorDefault: (name: string): Message => [
        `'${name}' decides which member of the union an input is, and so it cannot have a default.`,
        "Remove the default.",
      ],
    },
  },
  MTD124: {
    title: "Second Context parameter",
    severity: "error" as const,
    cause: "A call has one Context, which is passed to one parameter.",
    fix: "Remove the second.",
    example: {
      source:
        'import { tool, type Context } from "methodic";\n\nexport class Notes {\n  @tool() add(first: Context, name: string, second: Context): void {}\n}\n',
    },
    messages: {
      secondContext: (name: string): Message => [
        `'${name}' is a second Context parameter.`,
        "Remove it: a call has one Context.",
      ],
    },
  },
  MTD125: {
    title: "Several parameters with an inputSchema",
    severity: "error" as const,
    cause:
      "The option `inputSchema` describes the whole input, and the method takes it as one parameter, next to an optional Context.",
    fix: "Take one parameter and destructure it, or remove `inputSchema`.",
    example: {
      member:
        '@tool({ inputSchema: { type: "object", properties: { name: { type: "string" } } } })\nadd(name: string, pinned: boolean): void {}',
    },
    messages: {
      parameterNextToInput: (name: string): Message => [
        `'${name}' is a second parameter, but the decorator's inputSchema describes the whole input.`,
        "Take the whole input as one parameter, ({ a, b }), or remove inputSchema: then each parameter is a property of the input.",
      ],
    },
  },
  MTD126: {
    title: "Invalid header parameter",
    severity: "error" as const,
    cause:
      "Clients repeat a parameter with `@x-mcp-header` in an HTTP header. They leave out a tool with such a tag on something other than a string, an integer or a boolean, inside an array or a union, or with the name of another parameter's header.",
    fix: "Put the tag on a parameter, or on a property of an object, with the type `string`, `boolean` or an integer such as `Int`. Give each another name.",
    example: {
      source:
        'import { tool } from "methodic";\n\nexport class Store {\n  /** @param regions Where to look @x-mcp-header Region */\n  @tool() find(regions: string[]): void {}\n}\n',
    },
    messages: {
      invalidHeader: (path: string, problem: string): Message => [
        `invalid @x-mcp-header of '${path}': ${problem}.`,
        "Put it on a parameter, or a property of an object, with the type string, boolean or an integer such as Int, and name each header once.",
      ],
    },
  },
};
