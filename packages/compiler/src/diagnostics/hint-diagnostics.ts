import type { Message } from "./diagnostic-table.ts";

/** A hint and the expression that contradicts it. */
interface ContradictedHint {
  readonly hint: "readOnlyHint" | "destructiveHint" | "idempotentHint" | "openWorldHint";
  readonly value: boolean;
  readonly effect: string;
  /** The expression in a called function that has the effect. */
  readonly inner: string | undefined;
}

const EFFECTS = {
  readOnlyHint: "changes something",
  destructiveHint: "deletes something",
  idempotentHint: "changes something more each time",
  openWorldHint: "reaches another machine",
} as const;

const SEE_DIRECTORIES = "[Directories](directories.md#set-hints) says what each hint means.";

/** Hints about the behavior of tools (MTD270 to MTD272). */
export const HINT_DIAGNOSTICS = {
  MTD270: {
    title: "Tool without hints",
    severity: "error" as const,
    cause:
      "The project option `requireHints` is set, and the tool does not say whether it changes, destroys or reaches something: both big directories of connectors refuse such tools. Clients assume the worst, and ask the user before each call.",
    fix: `Write the hints that the message proposes. The compiler proposes what it reads in the code of the method and of the functions that it calls, and nothing that it does not understand. ${SEE_DIRECTORIES}`,
    example: {
      member: "/** Counts the notes. */\n@tool() count(): number {\n  return 1;\n}",
      options: { schemaOptions: { requireHints: true } },
    },
    messages: {
      missingHints: (missing: readonly string[], proposal: string): Message => [
        `the tool does not set ${listNames(missing)}.`,
        proposal,
      ],
    },
  },
  MTD271: {
    title: "Hint that the code contradicts",
    severity: "warning" as const,
    cause:
      "Clients run a read-only tool without asking the user, and a directory that finds a wrong hint refuses the server. The compiler warns only of what is certain: a file that is written, SQL that changes rows, a `PUT`, `PATCH` or `DELETE`, an address of another machine. It does not warn of `POST`, which may be a search, of changes of fields, and of what is named a log, a cache or a counter.",
    fix: `Correct the hint. ${SEE_DIRECTORIES}`,
    example: {
      before: "declare const database: { exec(sql: string): void };",
      member:
        '/** Clears the notes. */\n@tool({ annotations: { readOnlyHint: true } }) clear(): void {\n  database.exec("DELETE FROM notes");\n}',
    },
    messages: {
      contradictedHint: ({ hint, value, effect, inner }: ContradictedHint): Message => [
        `the tool has ${hint}: ${value}, but '${effect}'${inner === undefined ? "" : `, which runs '${inner}',`} ${EFFECTS[hint]}.`,
        `Write ${hint}: ${!value}.`,
      ],
    },
  },
  MTD272: {
    title: "Hints that exclude each other",
    severity: "warning" as const,
    cause: "A tool that only reads destroys nothing. Clients read such hints in different ways.",
    fix: `Remove one of the two. ${SEE_DIRECTORIES}`,
    example: {
      member:
        "/** Counts the notes. */\n@tool({ annotations: { readOnlyHint: true, destructiveHint: true } }) count(): number {\n  return 1;\n}",
    },
    messages: {
      opposedHints: (): Message => [
        "readOnlyHint: true and destructiveHint: true exclude each other.",
        "Write readOnlyHint: false for a tool that destroys something, else destructiveHint: false.",
      ],
    },
  },
};

function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
