import type { Message } from "./diagnostic-table.ts";

/**
 * Decorator arguments (MTD150 to MTD156, MTD251), decorated methods (MTD157, MTD158), results
 * (MTD159, MTD160).
 */
export const COMPONENT_DIAGNOSTICS = {
  MTD150: {
    title: "Malformed URI template",
    severity: "error" as const,
    cause: "The URI has no scheme, or it has braces that do not form an RFC 6570 template that a server can match.",
    fix: "Start with a scheme, such as `notes://`. Use one of the supported forms (`{x}`, `{x*}`, `{+x}`, `{a,b}`, `{?a,b}`, `{&a}`), or percent-encode literal braces.",
    example: { member: '@resource("notes://{name") note(name: string): string {\n  return name;\n}' },
    messages: {
      invalidTemplate: (uri: string, reason: string): Message => [
        `invalid URI template '${uri}': ${reason}.`,
        "See RFC 6570: notes://{name}, files://{path*}, search://notes{?query,limit}.",
      ],
      relativeUri: (uri: string): Message => [
        `'${uri}' is not an absolute URI.`,
        "Write it with a scheme, such as notes://all.",
      ],
    },
  },
  MTD151: {
    title: "URI variable without a parameter",
    severity: "error" as const,
    cause:
      "A variable of the template becomes the argument of the parameter with the same name, which the method lacks.",
    fix: "Give the method the parameter, or rename one of the two.",
    example: { member: '@resource("notes://{name}") note(): string {\n  return "";\n}' },
    messages: {
      unknownVariable: (name: string, known: readonly string[]): Message => [
        `the URI template has a variable '${name}', but the method has no such parameter.`,
        known.length > 0 ? `Its parameters are: ${known.join(", ")}.` : `Add it: ${name}: string.`,
      ],
    },
  },
  MTD152: {
    title: "Parameter without a URI variable",
    severity: "error" as const,
    cause: "A resource's arguments come from its URI alone, and this parameter is required.",
    fix: "Add the variable to the URI, or make the parameter optional.",
    example: { member: '@resource("notes://all") note(name: string): string {\n  return name;\n}' },
    messages: {
      missingVariable: (name: string, uri: string): Message => [
        `the URI '${uri}' has no variable for the required parameter '${name}'.`,
        `Add {${name}} to the URI, or make the parameter optional.`,
      ],
    },
  },
  MTD153: {
    title: "URI variable of a structured type",
    severity: "error" as const,
    cause: "A URI carries text, which can be read as a number or a boolean but not as an object.",
    fix: "Use string, number, boolean, an enum, or an array of these with `{x*}`.",
    example: { member: '@resource("notes://{key}") note(key: { name: string }): string {\n  return key.name;\n}' },
    messages: {
      structuredVariable: (name: string): Message => [
        `parameter '${name}' is filled from a URI, which carries text.`,
        "Use string, number, boolean, an enum, or an array of these.",
      ],
    },
  },
  MTD154: {
    title: "Unknown list method",
    severity: "error" as const,
    cause:
      "The option `list` names the method that lists the concrete resources of a template, and the class has no such method.",
    fix: "Name a method of the same class.",
    example: {
      member: '@resource("notes://{name}", { list: "names" }) note(name: string): string {\n  return name;\n}',
    },
    messages: {
      unknownListMethod: (name: string): Message => [
        `the option list names '${name}', which is not a method of this class.`,
        "Name a method of the same class.",
      ],
    },
  },
  MTD155: {
    title: "Computed URI",
    severity: "warning" as const,
    cause:
      "The URI is only known when the program runs, so it cannot be checked against the parameters and is missing from the artifact.",
    fix: "Write the URI as a literal or a constant, if you can.",
    example: { member: '@resource(`${process.env["SCHEME"]}://all`) all(): string {\n  return "";\n}' },
    messages: {
      computedUri: (): Message => [
        "the URI is computed, so it cannot be checked or published in the artifact.",
        "Write it as a literal or a constant.",
      ],
    },
  },
  MTD156: {
    title: "Unknown decorator option",
    severity: "error" as const,
    cause:
      "The decorator does not have the option, so it would have no effect: a misspelled `auth` would leave the component open to every caller. TypeScript reports unknown options only in an object literal that is written in the call itself.",
    fix: "Correct the name, or remove the option.",
    example: {
      before: 'const options = { title: "Clear", atuh: () => false };',
      member: "@tool(options) clear(): void {}",
    },
    messages: {
      unknownOption: (
        decorator: string,
        name: string,
        { suggestion, known }: { readonly suggestion: string; readonly known: readonly string[] },
      ): Message => [
        `unknown option of @${decorator}: '${name}'.`,
        `${suggestion} The options are ${known.join(", ")}.`.trimStart(),
      ],
    },
  },
  MTD157: {
    title: "Override without a decorator",
    severity: "warning" as const,
    cause:
      "The method overrides a decorated method of a base class, but has no decorator. The server takes the decorator of the method that runs, so it publishes neither: the component of the base class is missing.",
    fix: "Decorate the override as well; its decorator replaces that of the base class. If the base class's component is to stay, give the method another name.",
    example: {
      source:
        'import { tool } from "methodic";\n\nexport class Notes {\n  @tool() add(name: string): void {}\n}\n\nexport class Drafts extends Notes {\n  override add(name: string): void {}\n}\n',
    },
    messages: {
      undecoratedOverride: (kind: string, overridden: string): Message => [
        `the method hides the ${kind} ${overridden}, which it overrides without a decorator.`,
        `Decorate it with @${kind}, or rename it.`,
      ],
    },
  },
  MTD158: {
    title: "Decorator that cannot be followed",
    severity: "error" as const,
    cause:
      "The decorator makes the method a component when the program runs, but the compiler cannot read which one: it comes from a package, or from a function that chooses between several decorators. The method would have no schema.",
    fix: "Use `@tool`, `@resource` or `@prompt` itself, or a function of the project that returns one call: `const readTool = (options: ToolOptions) => tool({ ...options, annotations: { readOnlyHint: true } })`.",
    example: {
      source:
        'import { prompt, tool } from "methodic";\n\nconst expose = (asTool: boolean) => (asTool ? tool() : prompt());\n\nexport class Notes {\n  @expose(true) list(): string {\n    return "";\n  }\n}\n',
    },
    messages: {
      opaqueDecorator: (text: string): Message => [
        `'${text}' makes the method a component, but the compiler cannot determine which kind.`,
        "Use @tool, @resource or @prompt itself, or a function of this project that returns one call of it.",
      ],
    },
  },
  MTD159: {
    title: "Generator whose values cannot be sent",
    severity: "error" as const,
    cause:
      "A [generator method](tools.md#yield-progress-and-text) yields text, or progress as `{ progress, total?, message? }`, and returns its result. Other values that it yields have no place in MCP. The type `AsyncGenerator<string>` does not say what the generator returns: its second type argument is `any`.",
    fix: "Collect the values and return them at the end. Write the second type argument, as in `AsyncGenerator<string, void>`, or leave out the return type.",
    example: { member: "@tool() async *add() {\n  yield 1;\n}" },
    messages: {
      invalidYield: (type: string): Message => [
        `the generator yields '${type}', which is neither text nor progress.`,
        "Yield a string or { progress, total?, message? }, and return the result.",
      ],
      unknownReturn: (type: string): Message => [
        `the type '${type}' does not say what the generator returns.`,
        "Write it as the second type argument: Note, or void if the text that it yields is the result.",
      ],
    },
  },
  MTD160: {
    title: "Streamed result",
    severity: "error" as const,
    cause:
      "MCP sends a result as one value. A stream or an iterator would be sent as an empty object. Only a tool may be a [generator](tools.md#yield-progress-and-text), and nothing else.",
    fix: "Collect the pieces and return them, or write a tool as a generator method: `async *read()`.",
    example: { member: '@tool() names(): Iterable<string> {\n  return ["one"];\n}' },
    messages: {
      streamedResult: (type: string): Message => [
        `a result of type '${type}' cannot be sent: MCP results are whole values.`,
        "Collect it into an array or a string. Only tools may be generators.",
      ],
    },
  },
  MTD251: {
    title: "Computed option of a tool",
    severity: "error" as const,
    cause:
      "The compiler needs the value of the option `descriptions` to create the schemas, and only the running program knows it, or it is not valid.",
    fix: "Write it in the decorator, or in a constant that the decorator names.",
    example: {
      before:
        'const descriptions = process.env["TEXT"];\ndeclare const process: { env: Record<string, "own" | "all"> };',
      member: "@tool({ descriptions }) add(name: string): void {}",
    },
    messages: {
      computedDescriptions: (): Message => [
        "the compiler cannot read the option descriptions of @tool.",
        'Write "own", "all" or { max: 80 } in the decorator.',
      ],
    },
  },
};
