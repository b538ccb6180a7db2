import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type Libsql from "libsql";

/** A saved note. */
export interface Note {
  readonly name: string;
  readonly content: string;
}

// Reading TEXT stops at the first NUL character; the same bytes read as a BLOB come back whole.
const SELECT_NOTE = "SELECT CAST(name AS BLOB) AS name, CAST(content AS BLOB) AS content FROM notes";

const IN_MEMORY = ":memory:";

/** Long enough for any queue of writers this small; a single write takes well under a millisecond. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Notes in an SQLite file that any number of processes may use at the same time.
 * Nothing happens on disk until the first read or write.
 */
export class NotesStore {
  readonly #path: string | undefined;
  #database: Libsql.Database | undefined;

  /** @param path The database file, or `:memory:`. Default: `NOTES_DB`, else `methodic-notes/notes.db` in the user's data folder. */
  constructor(path?: string) {
    this.#path = path;
  }

  /** Saves a note. A note of that name keeps its place in the order and gets the new content. */
  add(name: string, content: string): void {
    this.#use((database) => {
      database
        .prepare(
          "INSERT INTO notes (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        )
        .run(name, content);
    });
  }

  /** The content of a note, or undefined if there is none of that name. */
  get(name: string): string | undefined {
    const row = this.#use((database) => database.prepare(`${SELECT_NOTE} WHERE name = ?`).get(name));
    return row === undefined ? undefined : toNote(row).content;
  }

  /** All notes in the order in which they were first saved. */
  all(): Note[] {
    return this.#use((database) => database.prepare(`${SELECT_NOTE} ORDER BY position`).all()).map(toNote);
  }

  /** How many notes there are. */
  count(): number {
    const row = this.#use((database) => database.prepare("SELECT count(*) AS count FROM notes").get());
    return (row as { count: number }).count;
  }

  /** Deletes a note, and says whether there was one of that name. */
  delete(name: string): boolean {
    return this.#use((database) => database.prepare("DELETE FROM notes WHERE name = ?").run(name)).changes > 0;
  }

  /** Releases the file. The next use opens it again. */
  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #use<T>(work: (database: Libsql.Database) => T): T {
    const given = this.#path ?? defaultDatabasePath();
    // An absolute path can never be taken for one of the remote addresses that libsql accepts.
    const path = given === IN_MEMORY ? given : resolve(given);
    try {
      this.#database ??= openDatabase(path);
      return work(this.#database);
    } catch (error) {
      throw new Error(`Cannot use the notes database '${path}': ${reasonOf(error)}. ${remedyFor(error)}`, {
        cause: error,
      });
    }
  }
}

/** Where the notes are when nobody says otherwise: `NOTES_DB`, else a file in the folder where this platform keeps a user's data. */
export function defaultDatabasePath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.NOTES_DB) return env.NOTES_DB;
  return join(dataFolder(env, platform, home), "methodic-notes", "notes.db");
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === "win32") return env.APPDATA || join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  // The XDG base directory specification tells us to ignore relative paths.
  return env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : join(home, ".local", "share");
}

function openDatabase(path: string): Libsql.Database {
  // The native library is loaded here, not at the top, so that a client that only lists the tools starts sooner.
  const Database = createRequire(import.meta.url)("libsql") as typeof Libsql;
  if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (path !== IN_MEMORY) preferWriteAheadLog(database);
    database.exec(
      "CREATE TABLE IF NOT EXISTS notes (position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, content TEXT NOT NULL)",
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** With a write-ahead log readers and the writer do not wait for each other. The mode belongs to the file and is set once in its life. */
function preferWriteAheadLog(database: Libsql.Database): void {
  try {
    database.exec("PRAGMA journal_mode = WAL");
  } catch (error) {
    // SQLite does not wait for this lock. If it is taken, another process is using the file, and either mode is safe.
    if (codeOf(error) !== "SQLITE_BUSY") throw error;
  }
}

function toNote(row: unknown): Note {
  // libsql hands BLOBs out as Buffer or as ArrayBuffer, depending on the call; a decoder takes both.
  const { name, content } = row as Record<keyof Note, Buffer | ArrayBuffer>;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { name: decoder.decode(name), content: decoder.decode(content) };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // libsql words this one as a dump of its own error value, with a bare number for the reason.
  return message.startsWith("ConnectionFailed(") ? "it cannot be opened as a file" : message;
}

function remedyFor(error: unknown): string {
  if (codeOf(error) === "MODULE_NOT_FOUND") return "Install the dependencies again on this platform (npm install).";
  if (codeOf(error) === "SQLITE_BUSY")
    return "Another process is holding it: close that process, or set NOTES_DB to another file.";
  return "Set the environment variable NOTES_DB to a file that this user may create and write.";
}
