import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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
  vi.unstubAllEnvs();
  for (const store of stores.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a store in memory", () => {
  it("keeps the order of insertion, also when a note is replaced", () => {
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

  it("puts a note that was deleted and added again at the end", () => {
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
  ])("gives back %s unchanged, as name and as content", (_, text) => {
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

  it("tells names apart that differ only after a NUL character or in case", () => {
    const store = openStore(":memory:");
    for (const name of ["a", "A", "a\0", "a\0b"]) store.add(name, `content of ${JSON.stringify(name)}`);
    expect(store.count()).toBe(4);
    expect(store.get("a\0")).toBe(String.raw`content of "a\u0000"`);
  });
});

describe("a store in a file", () => {
  it("touches the disk at its first use and not before", () => {
    const path = join(folder, "deep", "er", "notes.db");
    const store = openStore(path);
    expect(existsSync(join(folder, "deep"))).toBe(false);
    expect(store.count()).toBe(0);
    expect(existsSync(path)).toBe(true);
  });

  it("survives being closed, and is seen by others at once", () => {
    const path = join(folder, "notes.db");
    const first = openStore(path);
    const second = openStore(path);
    first.add("a", "1");
    expect(second.get("a")).toBe("1");
    second.add("b", "2");
    first.close();
    expect(first.all().map((note) => note.name)).toEqual(["a", "b"]);
  });

  it("takes its path from NOTES_DB when it is used", () => {
    const store = new NotesStore();
    stores.push(store);
    vi.stubEnv("NOTES_DB", join(folder, "from-env.db"));
    store.add("a", "1");
    expect(existsSync(join(folder, "from-env.db"))).toBe(true);
  });
});

describe("a file that cannot be used", () => {
  const remedy = "Set the environment variable NOTES_DB to a file that this user may create and write.";

  it("is named when it is a folder", () => {
    expect(() => openStore(folder).count()).toThrow(
      `Cannot use the notes database '${folder}': it cannot be opened as a file. ${remedy}`,
    );
  });

  it("is named when it is something else than a database, and is left as it was", () => {
    const path = join(folder, "letter.txt");
    const text = "Dear reader, ".repeat(100);
    writeFileSync(path, text);
    expect(() => openStore(path).add("a", "1")).toThrow(
      `Cannot use the notes database '${path}': file is not a database. ${remedy}`,
    );
  });

  it("is named when its folder cannot be made", () => {
    writeFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "notes.db");
    expect(() => openStore(path).count()).toThrow(/^Cannot use the notes database '.*': (ENOTDIR|EEXIST).*NOTES_DB/);
  });

  it("does not stay broken once the cause is gone", () => {
    const path = join(folder, "notes.db");
    writeFileSync(path, "not a database, yet long enough to be taken for one".repeat(10));
    const store = openStore(path);
    expect(() => store.count()).toThrow("file is not a database");
    rmSync(path);
    expect(store.count()).toBe(0);
  });
});

describe("the default path", () => {
  it.each([
    [{}, "linux", "/home/u/.local/share/methodic-notes/notes.db"],
    [{ XDG_DATA_HOME: "/data" }, "linux", "/data/methodic-notes/notes.db"],
    [{ XDG_DATA_HOME: "relative" }, "linux", "/home/u/.local/share/methodic-notes/notes.db"],
    [{}, "darwin", "/home/u/Library/Application Support/methodic-notes/notes.db"],
    [{}, "win32", "/home/u/AppData/Roaming/methodic-notes/notes.db"],
    [{ APPDATA: "/roaming" }, "win32", "/roaming/methodic-notes/notes.db"],
    [{ NOTES_DB: "/elsewhere/n.db" }, "linux", "/elsewhere/n.db"],
    [{ NOTES_DB: "" }, "linux", "/home/u/.local/share/methodic-notes/notes.db"],
  ] as const)("follows %o on %s", (env, platform, expected) => {
    expect(defaultDatabasePath(env, platform, "/home/u").replaceAll("\\", "/")).toBe(expected);
  });
});
