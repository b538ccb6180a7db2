import { inClass, type ComponentCode, type DiagnosticDescription, type DocumentationCode } from "./description.ts";

function resourceExample(member: string): { readonly source: string } {
  const indented = member.replaceAll(/^(?=.)/gm, "  ");
  return { source: `import { resource } from "methodic";\n\nexport class Notes {\n${indented}\n}\n` };
}

/** JSDoc that says something wrong, or says it to nobody. */
export const DOCUMENTATION_DIAGNOSTICS: Readonly<Record<DocumentationCode, DiagnosticDescription>> = {
  MTD140: {
    title: "JSDoc tag with an unusable value",
    severity: "error",
    cause:
      "The tag is a keyword of JSON Schema, and its value is not of the kind the keyword takes. A schema with it would be invalid.",
    fix: "Correct the value. A number is written without quotes; a pattern is a regular expression without slashes.",
    example: inClass("@tool() add(/** @minimum one */ count: number): void {}"),
  },
  MTD141: {
    title: "JSDoc tag that does not fit the type",
    severity: "error",
    cause: "The tag narrows a type that it cannot narrow, so it would contradict it or mean nothing.",
    fix: "Put `@minimum` or `@asType integer` on a number, `@minLength` on a string, `@minItems` on an array. To constrain the elements of an array, give them a type alias and put the tag there.",
    example: inClass("@tool() add(/** @asType integer */ name: string): void {}"),
  },
  MTD142: {
    title: "JSDoc comment attached to nothing",
    severity: "warning",
    cause:
      "TypeScript attaches JSDoc to what follows it, but not after an opening brace or another member on the same line, and not between a decorator and a name. What it says would be lost.",
    fix: "Begin the comment on a line of its own, above the decorators.",
    example: inClass("@tool() /** Adds a note. */ add(name: string): void {}"),
  },
  MTD143: {
    title: "@param without a parameter",
    severity: "warning",
    cause:
      "The tag describes a parameter that the method does not have. It may be misspelt, and the parameter it means goes undescribed.",
    fix: "Correct the name, or remove the tag.",
    example: inClass("/** @param nmae The name */\n@tool() add(name: string): void {}"),
  },
  MTD144: {
    title: "Format that nobody checks",
    severity: "warning",
    cause:
      "JSON Schema lets a format that a validator does not know say nothing. Everything would be taken, however strict the schema reads.",
    fix: "Use one of the formats that the message lists, or `@pattern`.",
    example: inClass("@tool() add(/** @format emial */ to: string): void {}"),
  },
  MTD145: {
    title: "Default that its own schema refuses",
    severity: "warning",
    cause:
      "The default breaks a constraint of its parameter or property. The method still has it, but it is not published: a client that sent it would be refused.",
    fix: "Correct the default or the constraint.",
    example: inClass("@tool() add(/** @maximum 5 */ count = 9): void {}"),
  },
};

/** Resources whose URI does not fit, and results that cannot be sent. */
export const COMPONENT_DIAGNOSTICS: Readonly<Record<ComponentCode, DiagnosticDescription>> = {
  MTD150: {
    title: "Malformed URI template",
    severity: "error",
    cause:
      "The URI has braces, but they do not make a template of RFC 6570 that a server can match: `{x}`, `{x*}`, `{+x}`, `{a,b}`, `{?a,b}`, `{&a}`.",
    fix: "Correct the template, or percent-encode braces that are meant literally.",
    example: resourceExample('@resource("notes://{name") note(name: string): string {\n  return name;\n}'),
  },
  MTD151: {
    title: "URI variable without a parameter",
    severity: "error",
    cause: "A variable of the template is given to the parameter of the same name, and there is none.",
    fix: "Give the method the parameter, or rename one of the two.",
    example: resourceExample('@resource("notes://{name}") note(): string {\n  return "";\n}'),
  },
  MTD152: {
    title: "Parameter that no URI variable fills",
    severity: "error",
    cause: "The arguments of a resource come from its URI alone, and this one has to have a value.",
    fix: "Add the variable to the URI, or make the parameter optional.",
    example: resourceExample('@resource("notes://all") note(name: string): string {\n  return name;\n}'),
  },
  MTD153: {
    title: "URI variable of a structured type",
    severity: "error",
    cause: "A URI carries text, which can be read as a number or a boolean but not as an object.",
    fix: "Use string, number, boolean, an enum, or an array of these with `{x*}`.",
    example: resourceExample('@resource("notes://{key}") note(key: { name: string }): string {\n  return key.name;\n}'),
  },
  MTD154: {
    title: "Unknown list method",
    severity: "error",
    cause:
      "The option `list` names the method that lists the concrete resources of a template, and the class has no such method.",
    fix: "Name a method of the same class.",
    example: resourceExample(
      '@resource("notes://{name}", { list: "names" }) note(name: string): string {\n  return name;\n}',
    ),
  },
  MTD155: {
    title: "Computed URI",
    severity: "warning",
    cause:
      "The URI is only known when the program runs, so it cannot be checked against the parameters and is missing in the artifact.",
    fix: "Write the URI as a literal or a constant, if you can.",
    example: resourceExample('@resource(`${process.env["SCHEME"]}://all`) all(): string {\n  return "";\n}'),
  },
  MTD160: {
    title: "Result that comes piece by piece",
    severity: "error",
    cause: "MCP sends a result as one value. A generator or stream would be sent as an empty object.",
    fix: "Collect the pieces and return them, and tell the client how far you are with `ctx.progress(…)`.",
    example: inClass('@tool() async *add(): AsyncGenerator<string> {\n  yield "one";\n}'),
  },
};
