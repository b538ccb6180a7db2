import { isBookkeeping, type KnownEffect, NO_EFFECT } from "./tool-action.ts";

/** Methods that take SQL as first argument and run it. */
const RUNNING: ReadonlySet<string> = new Set(
  (
    "query execute exec run all get each iterate values raw unsafe none one any many batch first pluck " +
    "oneOrNone manyOrNone queryRaw executeRaw $queryRaw $executeRaw $queryRawUnsafe $executeRawUnsafe"
  ).split(" "),
);

/** Methods of a prepared statement that run it. */
const STATEMENT: ReadonlySet<string> = new Set(["get", "all", "iterate", "run", "values", "first", "execute", "raw"]);

/** Statements that change no data: transactions, settings, and what makes a missing table. */
const SETUP =
  /^(?:begin|start transaction|commit|end|rollback|savepoint|release|set|use|pragma|attach|detach|vacuum|analyze|listen|unlisten|reset|lock|(?:create|drop)\b.*\bif (?:not )?exists\b|create (?:temp|temporary)\b)/i;

const READING = /^(?:select|with|values|explain|show|describe|desc|table)\b/i;

const CHANGES: readonly (readonly [RegExp, KnownEffect])[] = [
  [/\b(?:delete\s+from|drop\s+\w+|truncate)\b/i, { change: "delete", isIdempotent: true }],
  [/\b(?:insert\s+or\s+replace|replace\s+into)\b/i, { change: "overwrite", isIdempotent: true }],
  [/\binsert\b[^]*\b(?:do\s+update|on\s+duplicate\s+key)\b/i, { change: "overwrite", isIdempotent: true }],
  [/\binsert\b[^]*\bdo\s+nothing\b|\binsert\s+(?:or\s+)?ignore\b/i, { change: "add", isIdempotent: true }],
  [/\binsert\s+(?:or\s+\w+\s+)?into\b/i, { change: "add" }],
  [/\bmerge\s+into\b/i, { change: "overwrite" }],
  [/\bupdate\b[^]*\bset\b[^]*?(\w+)\s*=\s*\1\s*[-+*/|]/i, { change: "write" }],
  [/\bupdate\b[^]*\bset\b/i, { change: "overwrite", isIdempotent: true }],
  [/^(?:create|alter)\b/i, { change: "write" }],
];

/** Columns that count or date what happens to a row. */
const COUNTING = /\bset\s+\w*(?:count|hits|views|uses|used|seen|accessed|_at)\w*\s*=\s*[^,]*(?:\bwhere\b|$)/i;

const UNKNOWN: KnownEffect = { change: "unknown" };

/** Checks for the name of a method that runs the SQL in its first argument. */
export function runsSql(name: string): boolean {
  return RUNNING.has(name);
}

/** Checks for the name of a method that runs a prepared statement. */
export function runsStatement(name: string): boolean {
  return STATEMENT.has(name);
}

/** Checks whether a text is SQL. */
export function isSql(text: string): boolean {
  const start = startOf(text);
  return (
    (READING.test(start) || SETUP.test(start) || CHANGES.some(([pattern]) => pattern.test(start))) && /\s/.test(start)
  );
}

/** Returns the effect of SQL. `?` stands for its computed parts. */
export function sqlEffect(text: string): KnownEffect {
  const statements = withoutTexts(text)
    .split(";")
    .map((statement) => startOf(statement))
    .filter((statement) => statement !== "");
  if (statements.length === 0) return UNKNOWN;
  const effects = statements.map((statement) => statementEffect(statement));
  const changing = effects.filter(({ change }) => change !== undefined);
  const rank = ["delete", "overwrite", "write", "add", "unknown"];
  const [first = NO_EFFECT, ...others] = changing.sort(
    (a, b) => rank.indexOf(a.change ?? "") - rank.indexOf(b.change ?? ""),
  );
  return others.every(({ isIdempotent }) => isIdempotent) ? first : { ...first, isIdempotent: false };
}

function statementEffect(statement: string): KnownEffect {
  if (SETUP.test(statement)) return NO_EFFECT;
  const found = CHANGES.find(([pattern]) => pattern.test(statement))?.[1];
  if (!found) {
    const isReading = READING.test(statement) && !/\bselect\b[^]*\binto\b/i.test(statement);
    // A function such as `pg_terminate_backend(1)` may do anything.
    const isCall =
      /^select\s+\w[\w.]*\s*\([^)]*\)\s*$/i.test(statement) &&
      !/^select\s+(?:count|now|version|current\w*|sqlite_version|date|datetime|strftime|random|max|min|sum)\b/i.test(
        statement,
      );
    return isReading && !isCall ? NO_EFFECT : UNKNOWN;
  }
  const table = /\b(?:into|update|from|table)\s+(?:if\s+exists\s+)?["'`[]?([\w.]+)/i.exec(statement)?.[1] ?? "";
  if (isBookkeeping(table.replaceAll("_", " ")) || COUNTING.test(statement)) return NO_EFFECT;
  return { ...found, isCertain: true };
}

/** Drops comments and leading parentheses. */
function startOf(text: string): string {
  return text
    .replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, " ")
    .replace(/^[\s(]+/, "")
    .trim();
}

/** Empties the texts in SQL, which may mention other statements. */
function withoutTexts(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'/g, "''");
}
