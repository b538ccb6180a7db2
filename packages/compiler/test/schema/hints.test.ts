import { beforeAll, describe, expect, it } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { createClientsProject, writeTools } from "../fixtures/tool-clients.ts";

const READS = "readOnlyHint: true, destructiveHint: false, openWorldHint: false";
const FETCHES = "readOnlyHint: true, destructiveHint: false, openWorldHint: true";
const ADDS = "readOnlyHint: false, destructiveHint: false, openWorldHint: false";
const ADDS_ONCE = "readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false";
const CHANGES = "readOnlyHint: false, destructiveHint: true, openWorldHint: false";
const SETS = "readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false";
const CHANGES_OUTSIDE = "readOnlyHint: false, destructiveHint: true, openWorldHint: true";
const SETS_OUTSIDE = "readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true";
const ADDS_OUTSIDE = "readOnlyHint: false, destructiveHint: false, openWorldHint: true";
const OUTSIDE = "openWorldHint: true";
const LOCAL = "openWorldHint: false";
const WRITES = "readOnlyHint: false, openWorldHint: false";
const WRITES_ONCE = "readOnlyHint: false, idempotentHint: true, openWorldHint: false";

/** Statements of a tool, with the hints that they show. */
const PROPOSED: Readonly<Record<string, readonly [statements: string, hints: string]>> = {
  nothing: ["", READS],
  "a computation": ["const list = tags.map(shout).filter(Boolean).sort(); list.push(JSON.stringify({ name }));", READS],
  "a hash": [
    'createHash("sha256").update(name).digest("hex"); structuredClone(tags); new Date().toISOString();',
    READS,
  ],
  "a merged copy": [
    "Object.assign({}, this.rows); tags.map((tag) => ({ tag })).forEach((each) => { each.tag = name; });",
    READS,
  ],
  "a local container": [
    "const map = new Map<string, number>(); map.set(name, 1); map.delete(name); fill(tags, name);",
    READS,
  ],
  "a field that is read": [
    "this.notes.get(name); this.notes.all(); this.notes.size; this.#list.slice().reverse();",
    READS,
  ],
  "a log": ["console.log(name); process.stdout.write(name);", READS],
  "a Context": ['await ctx.progress(1); if (await ctx.confirm("?")) ctx.signal.throwIfAborted();', READS],
  "an error": ["if (!name) throw new Error(`No name: ${name}`);", READS],
  "a cache": ['this.#cache.set(name, "a");', READS],
  "a counter": ["this.#count();", READS],
  "a field that is made once": ["this.#use((db) => db.prepare('SELECT 1').get());", READS],
  "a file that is read": [
    'fs.readFileSync(name, "utf8"); await read(name); fs.existsSync(name); for (const entry of fs.readdirSync(".")) tags.push(entry);',
    READS,
  ],
  "a temporary file": ['const file = join(tmpdir(), name); await writeFile(file, "a");', READS],
  "a query": [
    'this.db.prepare("SELECT * FROM notes").all(); await this.pool.query(`SELECT * FROM notes WHERE name = $1`, [name]);',
    READS,
  ],
  "a query of a field": ["this.#select.get(name);", READS],
  "a query with a CTE": ['await this.pool.query({ text: "WITH n AS (SELECT 1) SELECT * FROM n" });', READS],
  "a query in a template": ["await sql`SELECT * FROM notes WHERE name = ${name}`;", READS],
  "a query of Prisma": [
    "await this.prisma.note.findMany({ where: { name } }); await this.prisma.$queryRaw`SELECT 1`;",
    READS,
  ],
  "a query of Drizzle": ["await this.drizzle.select().from({}).where(eq(name, 1));", READS],
  "a read of Redis": ["await this.redis.get(name);", READS],
  "a request": ["await fetch(`${API}/notes`); await getJson(API);", FETCHES],
  "a request with a method": [
    'await fetch(API, { method: "get", signal: ctx.signal }); await call("GET", "/notes");',
    FETCHES,
  ],
  "a request of a client": [
    'await this.http.get("/notes"); await axios(API); await axios.request({ method: "HEAD" });',
    FETCHES,
  ],
  "a request in a callback": [
    "await Promise.all(tags.map(async (tag) => (await fetch(`${API}/${tag}`)).text())); await retry(() => getJson(API));",
    FETCHES,
  ],
  "a request to this machine": ['await fetch("http://localhost:3000/notes");', READS],
  "a GraphQL query": [
    'await fetch(`${API}/graphql`, { method: "POST", body: JSON.stringify({ query: "query { notes }" }) });',
    FETCHES,
  ],
  "a command that reads": ["await this.s3.send(new GetObjectCommand({ Key: name }));", FETCHES],
  "an insert": ["this.#save(name);", ADDS],
  "an insert of a field": ["this.#insert.run(name);", ADDS],
  "an insert that ignores": ['this.db.prepare("INSERT OR IGNORE INTO notes VALUES (?)").run(name);', ADDS_ONCE],
  "an appended file": ["await appendFile(name, name);", ADDS],
  "a folder": ["await mkdir(name, { recursive: true });", ADDS_ONCE],
  "a list of the service": ["this.#list.push(name);", ADDS],
  "an entry with a new key": ["const id = randomUUID(); shared.set(id, name);", ADDS],
  "a file with a new name": ["const id = randomUUID(); await writeFile(join(name, `${id}.txt`), name);", ADDS],
  "a copy with a new name": ["fs.copyFileSync(name, `${name}.${randomUUID()}.bak`);", ADDS],
  "a file named by the time": ["const stamp = Date.now(); await writeFile(`${name}-${stamp}.json`, name);", WRITES],
  "an entry named by the time": ["shared.set(new Date().toISOString(), name);", WRITES],
  "a PUT to a new address": [
    'await fetch(`${API}/notes/${randomUUID()}`, { method: "PUT", body: name });',
    ADDS_OUTSIDE,
  ],
  "a row of Prisma": ["await this.prisma.note.create({ data: { name } });", ADDS],
  "an upsert": [
    'this.db.prepare("INSERT INTO notes VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name").run(name);',
    SETS,
  ],
  "an update": ['await this.pool.query("UPDATE notes SET text = $1", [name]);', SETS],
  "a sum": ['await this.pool.query("UPDATE accounts SET total = total + $1", [1]);', WRITES],
  "a replaced row": [
    "await this.prisma.note.upsert({ where: {} }); await this.drizzle.insert({}).values({}).onConflictDoUpdate({});",
    CHANGES,
  ],
  "a written file": ["await writeFile(name, name);", SETS],
  "a map of the module": ["remember(name);", SETS],
  "a store": ["this.notes.add(name, name);", SETS],
  "a key of Redis": ["await this.redis.set(name, name);", SETS],
  "a file that is replaced at once": ["await writeFile(`${name}.tmp`, name); await rename(`${name}.tmp`, name);", SETS],
  "a moved file": ["await rename(name, tags[0] ?? name);", CHANGES],
  "a deleted row": ['this.db.prepare("DELETE FROM notes WHERE name = ?").run(name);', SETS],
  "a deleted row of Drizzle": ["await this.drizzle.delete({}).where(eq(name, 1));", SETS],
  "a deleted file": ["await rm(name, { force: true });", SETS],
  "a deleted entry": ["this.notes.remove(name);", SETS],
  "an emptied set": ["shared.clear();", SETS],
  "a transaction": ['this.db.exec("BEGIN; DELETE FROM notes; INSERT INTO notes VALUES (1); COMMIT");', CHANGES],
  "a PUT": ['await fetch(API, { method: "PUT", body: name }); await call("PUT", "/");', SETS_OUTSIDE],
  "a PATCH": ['await this.http.patch("/a", {});', CHANGES_OUTSIDE],
  "a DELETE": ['await this.http.delete("/a");', SETS_OUTSIDE],
  "a written object": ["await this.s3.send(new PutObjectCommand({ Key: name }));", SETS_OUTSIDE],
  "a file that is read and written": [
    'const text = await read(name, "utf8"); await writeFile(name, text + "a");',
    WRITES,
  ],
  "an entry that is read": ["shared.set(name, `${shared.get(name)}, ${name}`);", WRITES],
  "elements in a callback": ["this.rows.forEach((row) => { row.name = name; });", WRITES_ONCE],
  "elements that are filtered": ["this.rows.filter(Boolean).forEach((row) => { row.name = name; });", WRITES_ONCE],
  "an element that is found": [
    "const row = this.rows.find((each) => each.name === name); if (row) row.name = name;",
    WRITES_ONCE,
  ],
  "a merged object": ["Object.assign(this.rows, { name });", WRITES],
  "a field": ["this.#mode = name; current = name;", WRITES_ONCE],
  "an entry that is checked": ['if (shared.has(name)) throw new Error("It exists."); shared.set(name, name);', WRITES],
  "a POST": ["await this.http.post('/search', { name });", OUTSIDE],
  "a method that is not known": ["await fetch(API, { method: name });", OUTSIDE],
  "a process": ['execFile("git", [name]);', OUTSIDE],
  "SQL that is not known": ["await this.pool.query(name);", LOCAL],
  "a procedure": [
    'await this.pool.query("SELECT pg_terminate_backend(1)"); await this.pool.query("CALL archive()");',
    LOCAL,
  ],
  "elements of a copied list": [
    "const found = this.rows.filter((row) => row.name === name); for (const row of found) row.name = name;",
    LOCAL,
  ],
  "a destructured field": ["[this.#mode] = [name];", LOCAL],
  "an entry that may be cached": ["if (!shared.has(name)) shared.set(name, name);", LOCAL],
};

/** Statements that show no hint. */
const OPEN: Readonly<Record<string, string>> = {
  "a function of a package": "await lookUp(name);",
  "a client without sources": "await this.api.find(name);",
  "an interface": "this.store.load();",
  "an untyped value": "(ctx as any).run(name);",
  "a script": 'await this.redis.eval("return 1");',
  "code in a text": "eval(name);",
};

/** Compiles rows as tools of a project with `requireHints`, and returns their messages. */
function compileRows(statements: readonly string[], isLegacy: boolean): readonly string[] {
  const source = writeTools(statements.map((each) => ({ statements: each })));
  using project = createClientsProject({ "rows.ts": source }, { requireHints: true }, isLegacy);
  const { diagnostics } = compileServices(loadProject({ root: project.root }));
  return statements.map((_, index) => {
    const found = diagnostics.filter(({ message }) => message.startsWith(`Rows.run${index}:`));
    return found.map(({ code, hint }) => `${code} ${hint}`).join("\n");
  });
}

describe.each([
  ["standard", false],
  ["legacy", true],
])("hints proposed from the code, with %s decorators", (_, isLegacy) => {
  let hints: readonly string[] = [];
  beforeAll(() => {
    hints = compileRows(
      [...Object.values(PROPOSED).map(([statements]) => statements), ...Object.values(OPEN)],
      isLegacy,
    );
  });

  it.each(Object.keys(PROPOSED))("are right for %s", (name) => {
    const index = Object.keys(PROPOSED).indexOf(name);
    const expected = `MTD270 Write @tool({ annotations: { ${PROPOSED[name]?.[1]} } })`;
    expect(hints[index]?.replace(/(?<=\}\)).*/, "")).toBe(expected);
  });

  it.each(Object.keys(OPEN))("are absent for %s", (name) => {
    const index = Object.keys(PROPOSED).length + Object.keys(OPEN).indexOf(name);
    expect(hints[index]).toMatch(
      /^MTD270 Add readOnlyHint and destructiveHint and openWorldHint: the code does not show them/,
    );
  });
});
