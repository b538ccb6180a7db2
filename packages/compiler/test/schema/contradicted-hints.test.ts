import { beforeAll, describe, expect, it } from "vitest";
import { compileWarnings, type SourceWarning } from "../fixtures/source-warnings.ts";
import { createClientsProject, writeTools } from "../fixtures/tool-clients.ts";

const READ_ONLY = "readOnlyHint: true";
const KEEPING = "destructiveHint: false";
const CLOSED = "openWorldHint: false";

/** A hint and statements that contradict it; `«` and `»` mark the expression that does so. */
const WARNED: Readonly<Record<string, readonly [hint: string, statements: string]>> = {
  "an insert": [READ_ONLY, "«this.#insert.run(name)»;"],
  "an insert in a private method": [READ_ONLY, "«this.#save(name)»;"],
  "an insert in a callback": [READ_ONLY, "this.#use((db) => «db.prepare(INSERT).run(name)»);"],
  "an insert in a list": [READ_ONLY, "tags.forEach((tag) => «this.#save(tag)»);"],
  "an insert in a branch": [READ_ONLY, "if (name) «this.#save(name)»;"],
  "an update": [READ_ONLY, 'await «this.pool.query("UPDATE notes SET name = $1", [name])»;'],
  "a template of SQL": [READ_ONLY, "await «sql`INSERT INTO notes VALUES (${name})`»;"],
  "a written file": [READ_ONLY, "await «writeFile(name, name)»;"],
  "a removed file": [READ_ONLY, "«fs.rmSync(name)»;"],
  "a PUT": [READ_ONLY, 'await «fetch(API, { method: "PUT" })»;'],
  "a PATCH in a function": [READ_ONLY, 'await «call("PATCH", "/a")»;'],
  "a DELETE of a client": [READ_ONLY, 'await «this.http.delete("/a")»;'],
  "a GraphQL mutation": [READ_ONLY, 'await «fetch(`${API}/graphql`, { method: "POST", body: "mutation { pay }" })»;'],
  "a row of Prisma": [READ_ONLY, "await «this.prisma.note.create({})»;"],
  "a key of Redis": [READ_ONLY, "await «this.redis.del(name)»;"],
  "a written object": [READ_ONLY, "await «this.s3.send(new PutObjectCommand({}))»;"],
  "a delete": [KEEPING, '«this.db.exec("DELETE FROM notes")»;'],
  "a dropped table": [KEEPING, '«this.db.exec("DROP TABLE notes")»;'],
  "a deleted file": [KEEPING, "await «rm(name)»;"],
  "a deleted resource": [KEEPING, 'await «fetch(`${API}/${name}`, { method: "DELETE" })»;'],
  "a deleted object": [KEEPING, "await «this.s3.send(new DeleteObjectCommand({}))»;"],
  "a public address": [CLOSED, "await «fetch(`${API}/notes`)»;"],
  "a public address in a function": [CLOSED, "await «getJson(API)»;"],
  "an address of the caller": [CLOSED, "await «fetch(name)»;"],
  "a host of the caller": [CLOSED, "await «getJson(`https://${name}/notes`)»;"],
};

/** Statements that agree with the hints, or may. */
const FINE: Readonly<Record<string, readonly [hint: string, statements: string]>> = {
  "a query": [READ_ONLY, "this.db.prepare(\"SELECT * FROM notes WHERE text = 'DELETE FROM notes'\").all();"],
  "a read": [READ_ONLY, 'await read(name); fs.statSync(name); await fetch(API); await this.http.get("/a");'],
  "a prepared statement": [READ_ONLY, "this.db.prepare(INSERT);"],
  "a search by POST": [
    READ_ONLY,
    'await fetch(`${API}/search`, { method: "POST", body: name }); await this.http.post("/search", { name });',
  ],
  "a GraphQL query": [READ_ONLY, 'await fetch(`${API}/graphql`, { method: "POST", body: "{ notes }" });'],
  "a method that is not known": [READ_ONLY, "await fetch(API, { method: name });"],
  "a log": [READ_ONLY, 'console.log("DELETE FROM notes"); fs.appendFileSync("access.log", name);'],
  "a log of a table": [READ_ONLY, 'this.db.exec("INSERT INTO audit_log VALUES (1)");'],
  "a counter of a table": [
    READ_ONLY,
    'await this.pool.query("UPDATE notes SET views = views + 1 WHERE name = $1", [name]); await this.pool.query("UPDATE notes SET last_read_at = now()");',
  ],
  "a cache": [
    READ_ONLY,
    "this.#cache.set(name, name); fs.writeFileSync(join(tmpdir(), name), name); const cacheFile = name; fs.writeFileSync(cacheFile, name);",
  ],
  "a counter": [READ_ONLY, "this.#requestCount++; this.#count();"],
  "a change of a field": [
    READ_ONLY,
    "this.#mode = name; shared.set(name, name); this.notes.add(name, name); this.#list.push(name);",
  ],
  "a local value": [
    READ_ONLY,
    "const map = new Map<string, string>(); map.set(name, name); map.delete(name); fill(tags, name);",
  ],
  "a table that is created once": [
    READ_ONLY,
    'this.db.exec("CREATE TABLE IF NOT EXISTS notes (name)"); this.db.exec("PRAGMA journal_mode = WAL");',
  ],
  "a field that is made once": [READ_ONLY, "this.#use((db) => db.prepare('SELECT 1').all());"],
  "a file that is removed in the end": [
    READ_ONLY,
    "const file = join(tmpdir(), name); try { await read(file); } finally { await rm(name); }",
  ],
  "a scroll that is closed in the end": [
    READ_ONLY,
    'try { await fetch(API); } finally { await fetch(`${API}/scroll`, { method: "DELETE" }); }',
  ],
  "a change after an error": [READ_ONLY, "try { await read(name); } catch { await rm(name); }"],
  "a stored callback": [READ_ONLY, 'ctx.signal.addEventListener("abort", () => { void rm(name); });'],
  "a function that is not called": [READ_ONLY, "const save = () => this.#save(name); void save;"],
  "an unknown function": [READ_ONLY, "await this.api.save(name); await lookUp(name);"],
  "a parser of SQL": [READ_ONLY, '({ parse(text: string) { return text; } }).parse("DELETE FROM notes");'],
  "an insert that keeps": [KEEPING, "this.#save(name); await appendFile(name, name);"],
  "an update that keeps": [
    KEEPING,
    'await this.pool.query("UPDATE notes SET name = $1", [name]); await writeFile(name, name); await fetch(API, { method: "PUT" });',
  ],
  "an entry of a map": [KEEPING, "shared.delete(name); this.notes.remove(name);"],
  "this machine": [
    CLOSED,
    'await fetch("http://localhost:3000/a"); await fetch("http://127.0.0.1/a"); await fetch("http://[::1]/a");',
  ],
  "a private network": [
    CLOSED,
    'await fetch("http://notes/a"); await fetch("https://10.0.0.1/a"); await fetch("https://notes.internal/a");',
  ],
  "an address of the settings": [
    CLOSED,
    "await fetch(`${this.#baseUrl}/notes`); await this.http.get(`/notes/${name}`);",
  ],
  "a path of the caller": [CLOSED, "await fetch(`${this.#baseUrl}/${name}`); await this.pool.query('SELECT 1');"],
  "a process": [CLOSED, 'execFile("git", [name]);'],
};

const ROWS = { ...WARNED, ...FINE };

/** Compiles every row as a tool with the row's hint, and returns the warnings. */
function compileRows(isLegacy: boolean): readonly SourceWarning[] {
  const source = writeTools(
    Object.values(ROWS).map(([hint, statements]) => ({
      statements: statements.replaceAll(/[«»]/g, ""),
      options: `{ annotations: { ${hint} } }`,
    })),
  );
  using project = createClientsProject({ "rows.ts": source }, {}, isLegacy);
  return compileWarnings(project, source);
}

/** Shortens an expression as messages do. */
function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

describe.each([
  ["standard", false],
  ["legacy", true],
])("hints that the code contradicts, with %s decorators", (_, isLegacy) => {
  let warnings: readonly SourceWarning[] = [];
  beforeAll(() => {
    warnings = compileRows(isLegacy);
  });

  const warningsOf = (name: string): readonly SourceWarning[] =>
    warnings.filter(({ subject }) => subject === `Rows.run${Object.keys(ROWS).indexOf(name)}`);

  it("are the only problems of the table", () => {
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(["MTD271"]));
  });

  it.each(Object.keys(WARNED))("are reported for %s", (name) => {
    const [hint = "", statements = ""] = WARNED[name] ?? [];
    const [, effect = ""] = /«(.+)»/.exec(statements) ?? [];
    const [found, ...others] = warningsOf(name);
    expect(others).toEqual([]);
    expect(found?.source).toBe(effect);
    expect(found?.message).toContain(`the tool has ${hint}, but '${shorten(effect)}'`);
  });

  it.each(Object.keys(FINE))("are not reported for %s", (name) => {
    expect(warningsOf(name)).toEqual([]);
  });

  it("name the expression in the called function, and the fix", () => {
    const index = Object.keys(ROWS).indexOf("an insert in a private method");
    expect(warningsOf("an insert in a private method")[0]?.message).toBe(
      `Rows.run${index}: the tool has readOnlyHint: true, but 'this.#save(name)', which runs 'this.db.prepare(INSERT).run(name)', changes something. Write readOnlyHint: false.`,
    );
  });
});
