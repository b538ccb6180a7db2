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

/**
 * Time to wait for another process's lock. The driver is synchronous, so no other request is
 * answered meanwhile, not even a health check. A write takes well under a millisecond, so a queue
 * of desktop clients clears far sooner.
 */
const BUSY_TIMEOUT_MS = 250;

/**
 * Stores notes in an SQLite file that any number of processes may use at the same time.
 * The file is created at the first read or write.
 */
export class NotesStore {
  readonly #path: string;
  #database: Libsql.Database | undefined;

  /** @param path The database file, or `:memory:`. Default: a file in the user's data folder */
  constructor(path: string = defaultDatabasePath()) {
    // libsql also accepts remote addresses; an absolute path is never mistaken for one.
    this.#path = path === IN_MEMORY ? path : resolve(path);
  }

  /** Saves a note. An existing note of that name keeps its position and gets the new content. */
  add(name: string, content: string): void {
    this.#use((database) => {
      database
        .prepare(
          "INSERT INTO notes (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        )
        .run(name, content);
    });
  }

  /** Returns the content of a note, or undefined if the name is unknown. */
  get(name: string): string | undefined {
    const row = this.#use((database) => database.prepare(`${SELECT_NOTE} WHERE name = ?`).get(name));
    return row === undefined ? undefined : toNote(row).content;
  }

  /** Returns all notes in the order in which they were first saved. */
  all(): Note[] {
    return this.#use((database) => database.prepare(`${SELECT_NOTE} ORDER BY position`).all()).map(toNote);
  }

  /** Counts the notes. */
  count(): number {
    const row = this.#use((database) => database.prepare("SELECT count(*) AS count FROM notes").get());
    return (row as { count: number }).count;
  }

  /** Deletes a note. Returns false if the name is unknown. */
  delete(name: string): boolean {
    return this.#use((database) => database.prepare("DELETE FROM notes WHERE name = ?").run(name)).changes > 0;
  }

  /** Closes the file, when the server stops. The next read or write opens it again. */
  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #use<T>(work: (database: Libsql.Database) => T): T {
    try {
      this.#database ??= openDatabase(this.#path);
      return work(this.#database);
    } catch (error) {
      throw new Error(`Cannot use the notes database '${this.#path}': ${reasonOf(error)}. ${remedyFor(error)}`, {
        cause: error,
      });
    }
  }
}

/** Returns a file in the platform's folder for user data. */
export function defaultDatabasePath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(dataFolder(env, platform, home), "methodic-notes", "notes.db");
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === "win32") return env.APPDATA || join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  // The XDG Base Directory Specification: relative paths are ignored.
  return env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : join(home, ".local", "share");
}

function openDatabase(path: string): Libsql.Database {
  // Not imported at the top: a client that only lists tools does not wait for the native library.
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

/**
 * Turns on the write-ahead log, so that readers and the writer do not wait for each other. The file
 * keeps the mode.
 */
function preferWriteAheadLog(database: Libsql.Database): void {
  try {
    database.exec("PRAGMA journal_mode = WAL");
    // With the log, a write need not wait for the disk: a crash of the process loses nothing.
    database.exec("PRAGMA synchronous = NORMAL");
  } catch (error) {
    // SQLite does not wait for this lock. If another process holds it, either mode is safe.
    if (codeOf(error) !== "SQLITE_BUSY") throw error;
  }
}

function toNote(row: unknown): Note {
  // libsql returns BLOBs as Buffer or ArrayBuffer, depending on the call; TextDecoder takes both.
  const { name, content } = row as Record<keyof Note, Buffer | ArrayBuffer>;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { name: decoder.decode(name), content: decoder.decode(content) };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // libsql reports this failure as a dump of an internal value, with only a number as the reason.
  return message.startsWith("ConnectionFailed(") ? "it cannot be opened as a file" : message;
}

function remedyFor(error: unknown): string {
  if (codeOf(error) === "MODULE_NOT_FOUND") return "Install the dependencies again on this platform (npm install).";
  if (codeOf(error) === "SQLITE_BUSY")
    return "Another process is holding it: close that process, or set NOTES_DB to another file.";
  return "Set the environment variable NOTES_DB to a file that this user may create and write.";
}
