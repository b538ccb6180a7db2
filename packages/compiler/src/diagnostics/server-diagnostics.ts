import { PUBLIC_NAME_RULE } from "methodic/manifest";
import type { Message } from "./diagnostic-table.ts";

/** A provided value with the wrong type. */
interface ProvidedType {
  /** The property, such as `useClass`. */
  readonly use: string;
  readonly type: string;
  readonly provided: string;
  /** A property that differs; empty if no single one does. */
  readonly difference: string;
}

/** Mistakes for which `createServer` throws when the program runs (MTD190 to MTD197). */
export const SERVER_DIAGNOSTICS = {
  MTD190: {
    title: "Invalid public name",
    severity: "error" as const,
    cause:
      "The name that clients would see, from the decorator or from the method's name and the server's `naming`, is not a name that MCP allows.",
    fix: 'Set a valid name in the decorator: `@tool({ name: "add_note" })`.',
    example: { member: '@tool("add note") add(): void {}' },
    messages: {
      invalidName: (name: string): Message => [
        `invalid public name: ${JSON.stringify(name)}.`,
        `${PUBLIC_NAME_RULE}; set it in the decorator: { name: "…" }.`,
      ],
    },
  },
  MTD191: {
    title: "Duplicate name",
    severity: "error" as const,
    cause:
      "Two tools or two prompts of a server have the same public name and the same version, or none, so a client could call only one of them. Names are compared as clients see them: after `naming`, with inherited methods, over all services of a server. A class that `services` lists twice has only duplicates.",
    fix: "Give one of them another name or another [version](versions.md) in its decorator, or list the class once.",
    example: { member: '@tool("add") first(): void {}\n@tool() add(): void {}' },
    messages: {
      duplicateName: (kind: string, name: string, other: string): Message => [
        `duplicate ${kind} name '${name}': ${other} has it as well.`,
        'Give one of them another name in its decorator: { name: "…" }.',
      ],
      duplicateService: (name: string): Message => [
        `services lists the class ${name} twice, so each of its names and URIs is a duplicate.`,
        "Remove one of the entries.",
      ],
    },
  },
  MTD192: {
    title: "Duplicate URI",
    severity: "error" as const,
    cause:
      "Two resources of a server have the same URI and version, or two resource templates of one version match the same URIs, so a client could read only one of them. The names of variables do not matter.",
    fix: "Change one of the URIs.",
    example: {
      member:
        '@resource("notes://{name}") note(name: string): string {\n  return name;\n}\n@resource("notes://{id}") byId(id: string): string {\n  return id;\n}',
    },
    messages: {
      duplicateUri: (uri: string, other: string): Message => [
        `duplicate URI '${uri}': ${other} has it as well.`,
        "Change one of them.",
      ],
      sameTemplate: (uri: string, other: string): Message => [
        `the URI template '${uri}' matches the same URIs as that of ${other}.`,
        "Change one of them.",
      ],
    },
  },
  MTD193: {
    title: "Service without components",
    severity: "error" as const,
    cause:
      "The server lists a class without a method that Methodic's decorators mark, so it would publish nothing for it. A decorator with the same name from elsewhere is not one of them.",
    fix: 'Decorate a method with `@tool()`, `@resource(…)` or `@prompt()` from `"methodic"`, or with a function that returns a call of one of them, or remove the class from `services`.',
    example: {
      source:
        'import { createServer } from "methodic";\n\nclass Notes {}\n\nexport default createServer({ name: "notes", version: "1.0.0", services: [Notes] });\n',
    },
    messages: {
      emptyService: (name: string, foreign?: string): Message =>
        foreign === undefined
          ? [
              `the service ${name} has no decorated method.`,
              "Decorate one with @tool(), @resource(…) or @prompt(), or remove the class from services.",
            ]
          : [
              `the service ${name} has no component: '${foreign}' does not apply a decorator of methodic.`,
              'Import tool, resource or prompt from "methodic", or return a call of one from the decorator.',
            ],
    },
  },
  MTD194: {
    title: "Dependency without a provider",
    severity: "error" as const,
    cause:
      "`createServer` passes the entries of `providers` and `services` to constructors and factories by their types, and no entry has exactly the type of this parameter. A subclass does not count: say which class it stands for, `{ provide: Store, useClass: FileStore }`.",
    fix: "Add the class, or a token of the interface, to `providers`; make the parameter optional; or list an instance: `services: [new Notes(database)]`.",
    example: {
      needs: "readonly database: Database",
      before: "class Database {\n  readonly rows: string[] = [];\n}",
    },
    messages: {
      missingProvider: (name: string, type: string, isClass: boolean): Message => [
        `${name} needs ${type}, which no entry provides.`,
        proposeProvider(type, isClass),
      ],
    },
  },
  MTD198: {
    title: "Provider of another type",
    severity: "error" as const,
    cause:
      "The value of `useValue`, the instance of `useClass`, or the result of `useFactory` is not assignable to the type of `provide`, so `ctx.use` and constructors would get something else than they ask for.",
    fix: "Correct the value, or the class or token that it is provided for. In a test, cast a stand-in: `useValue: fake as unknown as Database`.",
    example: {
      before: 'interface Clock {\n  now(): Date;\n}\nconst Clock = token<Clock>("Clock");',
      providers: "[{ provide: Clock, useValue: { now: () => 0 } }]",
    },
    messages: {
      wrongProvidedType: ({ use, type, provided, difference }: ProvidedType): Message => [
        `${use} has the type '${type}', which is not assignable to ${provided}.`,
        `${difference} Correct it, or provide it for another class or token.`.trimStart(),
      ],
    },
  },
  MTD195: {
    title: "Unknown variable in allowUnsafeVariables",
    severity: "error" as const,
    cause:
      "The option `allowUnsafeVariables` names variables of the resource's URI template whose values are not checked, and the template has no such variable.",
    fix: "Correct the name, or remove it.",
    example: {
      member:
        '@resource("files://{path*}", { allowUnsafeVariables: ["paht"] }) file(path: string): string {\n  return path;\n}',
    },
    messages: {
      unknownUnsafeVariable: (name: string, uri: string, suggestion: string): Message => [
        `the option allowUnsafeVariables names '${name}', which is not a variable of '${uri}'.`,
        `${suggestion} Correct the name, or remove it.`.trimStart(),
      ],
    },
  },
  MTD196: {
    title: "Invalid schema in a decorator",
    severity: "error" as const,
    cause:
      "The decorator's `inputSchema` or `outputSchema` is not valid JSON Schema 2020-12, an input's root is not an object, or `x-mcp-header` is on something other than a string, integer or boolean property.",
    fix: "Correct the schema.",
    example: {
      member:
        '@tool({ inputSchema: { type: "object", properties: { a: { type: "strin" } } } }) add(input: object): void {}',
    },
    messages: {
      invalidSchema: (option: string, problem: string): Message => [
        `invalid option ${option}: ${problem}.`,
        "Correct the schema.",
      ],
    },
  },
  MTD197: {
    title: "Server that cannot be loaded",
    severity: "error" as const,
    cause:
      "`methodic generate` and `methodic check` load a server whose components only the running program knows, such as those with a library's schemas, and loading it failed.",
    fix: "Set what the module needs while it loads, such as environment variables, or write the part that the message names as a constant.",
    messages: {
      serverNotLoaded: (file: string, computed: string, reason: string): Message => [
        `'${file}' cannot be loaded, and only the running program knows ${computed}: ${reason}`,
        "Set what it needs while it loads, such as environment variables, or write that part as a constant.",
      ],
    },
  },
};

/** Proposes an entry of `providers`. A type such as `Box<string>` is not a name in code. */
function proposeProvider(type: string, isClass: boolean): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(type))
    return "Add a value of exactly this type to providers, or take a named interface.";
  return isClass
    ? `Add it to providers: providers: [${type}].`
    : `Add a value of this type to providers, such as config<${type}>(), or { provide: ${type}, useFactory: … } with const ${type} = token<${type}>("${type}").`;
}
