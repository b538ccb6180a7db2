import type { Message } from "./diagnostic-table.ts";

/** Calls that get data: schemas from types, and the wiring of servers (MTD161 to MTD169). */
export const SITE_DIAGNOSTICS = {
  MTD161: {
    title: "Call without a type",
    severity: "error" as const,
    cause:
      "The compiler reads the schema from the type argument of the call, and passes it as the second argument. Without a type, or with arguments that only the running program counts (`...args`), it cannot.",
    fix: "Name the type in the call itself: `config<AppConfig>()`.",
    example: {
      source: 'import { config } from "methodic";\n\nexport const settings: { port: number } = config();\n',
    },
    messages: {
      untypedCall: (callee: string): Message => [
        `the call of ${callee} has no type.`,
        callee === "config"
          ? "Name it: config<AppConfig>()."
          : `Name it: ctx.${callee}<Booking>("…"), or pass a schema.`,
      ],
      spreadArguments: (callee: string): Message => [
        `the call of ${callee} has spread arguments, so no schema can follow them.`,
        "Write the arguments out.",
      ],
    },
  },
  MTD162: {
    title: "Setting that a variable cannot carry",
    severity: "error" as const,
    cause:
      "An environment variable is one text: a string, number, boolean, enum, date, URL, big integer or bytes, or a list of these with commas. Properties of nested objects have a variable each. Records, tuples, lists of objects and unions with objects do not fit.",
    fix: "List the properties of an object, use a list of texts, or name a file that has the rest.",
    example: {
      source:
        'import { config } from "methodic";\n\ninterface AppConfig {\n  limits: Record<string, number>;\n}\n\nexport const { limits } = config<AppConfig>();\n',
    },
    messages: {
      uncarriedSetting: (path: string, type: string): Message => [
        `at ${path}: an environment variable cannot carry the type '${type}'.`,
        "Use text, a number, a boolean, a list of these, or an object with named properties.",
      ],
      configNotObject: (type: string): Message => [
        `a configuration has to be an object type with named properties, not '${type}'.`,
        "Use an interface with one property for each setting.",
      ],
    },
  },
  MTD163: {
    title: "Two settings of one variable",
    severity: "error" as const,
    cause: "The names of two properties become the same name of an environment variable.",
    fix: "Rename one of them.",
    example: {
      source:
        'import { config } from "methodic";\n\ninterface AppConfig {\n  dbHost: string;\n  db: { host: string };\n}\n\nexport const { db, dbHost } = config<AppConfig>();\n',
    },
    messages: {
      sameVariable: (name: string, path: string, other: string): Message => [
        `${path} is read from ${name}, and so is ${other}.`,
        "Rename one of them.",
      ],
    },
  },
  MTD164: {
    title: "Field that forms do not have",
    severity: "error" as const,
    cause:
      "A form of MCP is flat. Its fields are strings, also with a format (`email`, `uri`, `date`, `date-time`), numbers, booleans, unions of texts, and lists of such a union. Clients cannot show anything else.",
    fix: "Ask for a text or a number and convert it in the method, ask several questions, or make a nullable property optional.",
    example: {
      source:
        'import { type Context, tool } from "methodic";\n\ninterface Booking {\n  guest: { name: string };\n}\n\nexport class Tables {\n  /** Book a table. */\n  @tool() async book(ctx: Context): Promise<string> {\n    const { action } = await ctx.elicit<Booking>("Which table?");\n    return action;\n  }\n}\n',
    },
    messages: {
      notFormField: (path: string, type: string): Message => [
        `at ${path}: a form has no fields of the type '${type}'.`,
        "Use a string, a number, a boolean, a union of texts, or a list of such a union.",
      ],
      nullableField: (path: string): Message => [
        `at ${path}: a form has no null.`,
        "Make the property optional (`?`): the user may leave its field empty.",
      ],
      formKeyword: (path: string, keyword: string): Message => [
        `at ${path}: the fields of a form have no '${keyword}'.`,
        "Remove it, and check the answer in the method.",
      ],
      formNotObject: (type: string): Message => [
        `a form has to be an object type with named properties, not '${type}'.`,
        "Use an interface with one property for each field.",
      ],
    },
  },
  MTD165: {
    title: "Services that need each other",
    severity: "error" as const,
    cause: "Each of the classes or factories needs another one to exist first, so none of them can be made.",
    fix: "Remove one of the parameters, or move what two of the classes share to a third.",
    example: {
      needs: "readonly store: Store",
      before: "class Store {\n  constructor(readonly notes: Notes) {}\n}",
      providers: "[Store]",
    },
    messages: {
      cyclicServices: (names: readonly string[]): Message => [
        `${names[0] ?? ""} needs itself: ${names.join(" -> ")}.`,
        "Remove one of these parameters, or move what two of the classes share to a third.",
      ],
    },
  },
  MTD166: {
    title: "Two providers of one type",
    severity: "error" as const,
    cause: "Two entries of `providers` or `services` have the type of a parameter, so either could be meant.",
    fix: "Remove one of them, or give one a type that differs, such as an interface with a token.",
    example: {
      needs: "readonly store: Store",
      before: "class Store {\n  readonly rows: string[] = [];\n}",
      providers: "[new Store(), new Store()]",
    },
    messages: {
      twoProviders: (type: string, places: readonly string[]): Message => [
        `several entries provide ${type}: ${places.join(" and ")}.`,
        "Remove all but one, or use a token.",
      ],
    },
  },
  MTD167: {
    title: "Parameter that cannot be injected",
    severity: "error" as const,
    cause:
      "A parameter of a constructor or factory is found by its type, and many values are of this type: text, a number, a union or `any`.",
    fix: "Take an object type: an interface such as the server's configuration, or a class.",
    example: { needs: "readonly folder: string" },
    messages: {
      notInjectable: (owner: string, parameter: string, type: string): Message => [
        `${owner} needs '${parameter}' of the type '${type}', which does not say what to pass.`,
        "Take an object type, such as an interface of the configuration, or make it optional.",
      ],
    },
  },
  MTD168: {
    title: "Dependency that ends before its user",
    severity: "error" as const,
    cause:
      'A class or factory that exists once needs an entry with `scope: "request"`, or the Context: both exist for one call.',
    fix: "Use it in the methods: `await ctx.use(Transaction)`.",
    example: {
      needs: "readonly store: Store",
      before: "class Store {\n  readonly rows: string[] = [];\n}",
      providers: '[{ provide: Store, useClass: Store, scope: "request" }]',
    },
    messages: {
      outlivesDependency: (owner: string, name: string): Message => [
        `${owner} exists once and needs ${name}, which exists for one call (scope "request").`,
        `Use it in the methods instead: await ctx.use(${name}).`,
      ],
      outlivesContext: (owner: string): Message => [
        `${owner} exists once and takes a Context, which exists for one call.`,
        'Provide it for each call, { provide: …, scope: "request", … }, or take the Context in the methods.',
      ],
    },
  },
  MTD169: {
    title: "Computed list of services",
    severity: "error" as const,
    cause:
      "A class or factory has parameters, and only the running program knows all entries of `services` or `providers`, so their positions are unknown.",
    fix: "Write the list out in the call, or as a constant, or get instances from a container with `resolve`.",
    example: {
      needs: "readonly store: Store",
      before: "class Store {\n  readonly rows: string[] = [];\n}\n\nconst more = (): object[] => [];",
      providers: "[Store, ...more()]",
    },
    messages: {
      computedEntries: (list: string, name: string): Message => [
        `${name} has parameters, but only the running program knows all entries of ${list}.`,
        "List them in the call or in a constant, or use the option resolve.",
      ],
    },
  },
};
