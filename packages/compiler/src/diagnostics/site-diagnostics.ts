import type { Message } from "./diagnostic-table.ts";

/** Calls of `config` and `ctx.elicit`, whose type argument is their schema (MTD161 to MTD169). */
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
};
