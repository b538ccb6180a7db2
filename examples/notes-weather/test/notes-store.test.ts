import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultDatabasePath, NotesStore } from "../src/notes-store.ts";

let folder: string;
const stores: NotesStore[] = [];

function openStore(path: string): NotesStore {
  const store = new NotesStore(path);
  stores.push(store);
  return store;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "methodic-notes-"));
});

afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("NotesStore in memory", () => {
  it("keeps the order of insertion when a note is replaced", () => {
    const store = openStore(":memory:");
    store.add("b", "1");
    store.add("a", "2");
    store.add("b", "3");
    expect(store.all()).toEqual([
      { name: "b", content: "3" },
      { name: "a", content: "2" },
    ]);
    expect(store.count()).toBe(2);
  });

  it("moves a note to the end when it is deleted and added again", () => {
    const store = openStore(":memory:");
    store.add("a", "1");
    store.add("b", "2");
    expect(store.delete("a")).toBe(true);
    expect(store.delete("a")).toBe(false);
    store.add("a", "3");
    expect(store.all().map((note) => note.name)).toEqual(["b", "a"]);
  });

  it.each([
    ["quotes", `it's "quoted"; DROP TABLE notes; --`],
    ["NUL characters", "before\0after"],
    ["a byte order mark", "\uFEFFtext"],
    ["other scripts", "日本語 🎉 é e\u0301"],
    ["line ends", "a\r\nb\n\n"],
    ["a long text", "x".repeat(3_000_000)],
  ])("returns %s unchanged, as name and as content", (_, text) => {
    const store = openStore(":memory:");
    store.add(text, "named");
    store.add("content", text);
    expect(store.get(text)).toBe("named");
    expect(store.get("content")).toBe(text);
    expect(store.all()).toEqual([
      { name: text, content: "named" },
      { name: "content", content: text },
    ]);
  });

  it("distinguishes names that differ only in case or after a NUL character", () => {
    const store = openStore(":memory:");
    for (const name of ["a", "A", "a\0", "a\0b"]) store.add(name, `content of ${JSON.stringify(name)}`);
    expect(store.count()).toBe(4);
    expect(store.get("a\0")).toBe(String.raw`content of "a\u0000"`);
  });
});

describe("NotesStore in a file", () => {
  it("creates the file at its first use", () => {
    const path = join(folder, "deep", "er", "notes.db");
    const store = openStore(path);
    expect(existsSync(join(folder, "deep"))).toBe(false);
    expect(store.count()).toBe(0);
    expect(existsSync(path)).toBe(true);
  });

  it("shows notes to other stores of the file, and opens it again after close()", () => {
    const path = join(folder, "notes.db");
    const first = openStore(path);
    const second = openStore(path);
    first.add("a", "1");
    expect(second.get("a")).toBe("1");
    second.add("b", "2");
    first.close();
    expect(first.all().map((note) => note.name)).toEqual(["a", "b"]);
  });
});

describe("NotesStore with an unusable file", () => {
  const remedy = "Set the environment variable NOTES_DB to a file that this user may create and write.";

  it("names a path that is a folder", () => {
    expect(() => openStore(folder).count()).toThrow(
      `Cannot use the notes database '${folder}': it cannot be opened as a file. ${remedy}`,
    );
  });

  it("names a file that is not a database", () => {
    const path = join(folder, "letter.txt");
    const text = "Dear reader, ".repeat(100);
    writeFileSync(path, text);
    expect(() => openStore(path).add("a", "1")).toThrow(
      `Cannot use the notes database '${path}': file is not a database. ${remedy}`,
    );
  });

  it("names a file whose folder cannot be created", () => {
    writeFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "notes.db");
    expect(() => openStore(path).count()).toThrow(/^Cannot use the notes database '.*': (ENOTDIR|EEXIST).*NOTES_DB/);
  });

  it("names a file that another process holds, and recovers once it is free", () => {
    const path = join(folder, "notes.db");
    const store = openStore(path);
    store.add("a", "1");
    const other = new Database(path);
    other.exec("BEGIN EXCLUSIVE");
    expect(() => store.add("b", "2")).toThrow(
      `Cannot use the notes database '${path}': database is locked. Another process is holding it: close that process, or set NOTES_DB to another file.`,
    );
    other.exec("COMMIT");
    other.close();
    store.add("b", "2");
    expect(store.count()).toBe(2);
  });

  it("recovers once the cause is gone", () => {
    const path = join(folder, "notes.db");
    writeFileSync(path, "long enough to look like a database, but not one".repeat(10));
    const store = openStore(path);
    expect(() => store.count()).toThrow("file is not a database");
    rmSync(path);
    expect(store.count()).toBe(0);
  });
});

describe("defaultDatabasePath", () => {
  it.each([
    [{}, "linux", "/home/u/.local/share/methodic-notes/notes.db"],
    [{ XDG_DATA_HOME: "/data" }, "linux", "/data/methodic-notes/notes.db"],
    [{ XDG_DATA_HOME: "relative" }, "linux", "/home/u/.local/share/methodic-notes/notes.db"],
    [{}, "darwin", "/home/u/Library/Application Support/methodic-notes/notes.db"],
    [{}, "win32", "/home/u/AppData/Roaming/methodic-notes/notes.db"],
    [{ APPDATA: "/roaming" }, "win32", "/roaming/methodic-notes/notes.db"],
  ] as const)("follows %o on %s", (env, platform, expected) => {
    expect(defaultDatabasePath(env, platform, "/home/u").replaceAll("\\", "/")).toBe(expected);
  });
});
