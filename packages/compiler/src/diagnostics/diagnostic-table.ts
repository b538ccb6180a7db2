/** One family of diagnostics by code: their documentation and the messages that report them. */
export type DiagnosticTable = Readonly<Record<string, DiagnosticEntry>>;

/** A code's entry of `docs/diagnostics.md`, and the functions that write its messages. */
export interface DiagnosticEntry extends Omit<DiagnosticDescription, "example"> {
  readonly example?: DiagnosticExample | MemberExample | ServerExample;
  /** The code's messages by name. No two codes share a name. */
  readonly messages: Readonly<Record<string, (...args: never[]) => Message>>;
}

/** The text of a message, which says what is wrong, and its hint, which says what to do instead. */
export type Message = readonly [text: string, hint: string];

/** Documentation of a diagnostic code: an entry of `docs/diagnostics.md`. */
export interface DiagnosticDescription {
  readonly title: string;
  readonly severity: "error" | "warning";
  /** The reason why it is a problem. */
  readonly cause: string;
  /** Advice for the author, as Markdown. */
  readonly fix: string;
  /**
   * A program with this diagnostic and no other. Absent for failures of the compiler and for
   * problems of emitted JavaScript.
   */
  readonly example?: DiagnosticExample;
}

/** A project that has a problem. */
export interface DiagnosticExample {
  /** The text of `notes.ts`, or of `file`. */
  readonly source: string;
  /** Name of the file. Default: `notes.ts`. */
  readonly file?: string;
  /** Options passed to `compileProject`, in addition to `root`. */
  readonly options?: {
    readonly tsconfig?: string;
    readonly files?: readonly string[];
    readonly schemaOptions?: { readonly requireHints?: boolean };
  };
  /** The package `methodic` is not installed. */
  readonly withoutPackage?: true;
}

/** An example whose source is one member of a class. */
export interface MemberExample extends Omit<DiagnosticExample, "source" | "file"> {
  readonly member: string;
  /** Declarations above the class. */
  readonly before?: string;
}

/** An example whose source is a server with the service `Notes`. */
export interface ServerExample {
  /** The parameters of the service's constructor. Default: none. */
  readonly needs?: string;
  /** Declarations above the service. */
  readonly before?: string;
  /** The text of the option `providers`. Default: none. */
  readonly providers?: string;
}

/**
 * A problem of the author's sources, before it has a place. Only {@link createProblems} creates
 * one.
 */
export interface ProblemOf<Code> {
  readonly code: Code;
  readonly severity: "error" | "warning";
  readonly text: string;
  readonly hint: string;
}

/** Functions that create the problems of a table, by the name of the message. */
export type ProblemsOf<Table extends DiagnosticTable> = Intersection<
  {
    [Code in keyof Table]: {
      readonly [Name in keyof Table[Code]["messages"]]: (
        ...args: Parameters<Table[Code]["messages"][Name]>
      ) => ProblemOf<Code>;
    };
  }[keyof Table]
>;

type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** Creates the functions of {@link ProblemsOf}. */
export function createProblems<Table extends DiagnosticTable>(table: Table): ProblemsOf<Table> {
  const functions = Object.entries<DiagnosticEntry>(table).flatMap(([code, { severity, messages }]) =>
    Object.entries(messages).map(([name, message]) => {
      const create = (...args: never[]): ProblemOf<string> => {
        const [text, hint] = message(...args);
        return { code, severity, text, hint };
      };
      return [name, create];
    }),
  );
  return Object.fromEntries(functions) as ProblemsOf<Table>;
}

/** Writes out the example of an entry, where it has one. */
export function describeEntry({ title, severity, cause, fix, example }: DiagnosticEntry): DiagnosticDescription {
  const described = { title, severity, cause, fix };
  if (!example) return described;
  if ("source" in example) return { ...described, example };
  return { ...described, example: "member" in example ? exampleOf(example) : serverOf(example) };
}

/** Puts a member into a class, with an import of the decorators that it uses. */
function exampleOf({ member, before, ...rest }: MemberExample): DiagnosticExample {
  const decorators = ["prompt", "resource", "tool"].filter((name) => member.includes(`@${name}(`));
  const declarations = before === undefined ? "" : `${before}\n\n`;
  const indented = member.replaceAll(/^(?=.)/gm, "  ");
  return {
    source: `import { ${decorators.join(", ")} } from "methodic";\n\n${declarations}export class Notes {\n${indented}\n}\n`,
    ...rest,
  };
}

/** Writes a server around the lists of an example, with an import of the functions that it uses. */
function serverOf({ needs, before = "", providers }: ServerExample): DiagnosticExample {
  const functions = ["createServer", ...(before.includes("token<") ? ["token"] : []), "tool"];
  const constructor = needs === undefined ? "" : `  constructor(${needs}) {}\n`;
  const options = `name: "notes",\n  version: "1.0.0",\n  services: [Notes],\n${providers === undefined ? "" : `  providers: ${providers},\n`}`;
  return {
    source: `import { ${functions.join(", ")} } from "methodic";\n\n${before && `${before}\n\n`}class Notes {\n${constructor}  /** Counts the notes. */\n  @tool() count(): number {\n    return 1;\n  }\n}\n\nexport default createServer({\n  ${options}});\n`,
  };
}
