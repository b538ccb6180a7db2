import { beforeAll, describe, expect, it } from "vitest";
import { compileWarnings, type SourceWarning } from "../fixtures/source-warnings.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const ENVIRONMENT = `
declare function fetch(url: string, options?: { method?: string; body?: string }): Promise<{ ok: boolean }>;
declare const process: { stdout: { write(text: string): boolean } };
declare const console: { log(text: string): void };
declare module "node:fs/promises" {
  export function writeFile(path: string, text: string): Promise<void>;
  export function readFile(path: string): Promise<string>;
}
declare module "node:fs" { export function rmSync(path: string): void; export function existsSync(path: string): boolean }
declare module "node:child_process" { export function execFileSync(file: string): string }
`;

/** A package without sources. */
const CLIENTS = `
interface Charge { readonly id: string }
export declare class Gateway { charge(amount: number): Promise<Charge>; find(id: string): Promise<Charge>; }
export declare class Sender { send(command: object): Promise<void>; sendProgress(n: number): Promise<void>; removeListener(): void }
export declare class GetObject { constructor(key: string) }
export declare class PutObject { constructor(key: string) }
export declare class Issues { createIssue(title: string): Promise<Charge>; createReader(): Promise<{ read(): string }>; createTitle(): string; createDraft(text: string): Promise<{ publish(): Promise<void> }> }
export declare class Redis { set(key: string, value: string): Promise<string>; get(key: string): Promise<string> }
export declare class Pool { query(sql: string): Promise<Charge[]>; prepare(sql: string): Statement }
export declare class Statement { run(value: string): object; all(): object[] }
export declare class Table { insert(row: object): this; select(): Promise<Charge[]> }
export declare class Hash { update(text: string): this; digest(): string }
export declare function sql(parts: TemplateStringsArray, ...values: unknown[]): Promise<Charge[]>;
export declare function sendMail(to: string): Promise<void>;
export declare function createClient(): Promise<Sender>;
`;

const HEAD = `import { tool, type Context } from "methodic";
import { writeFile, readFile } from "node:fs/promises";
import * as fs from "node:fs";
import { execFileSync } from "node:child_process";
import { Gateway, Sender, GetObject, PutObject, Issues, Redis, Pool, Statement, Table, Hash, sql, sendMail, createClient } from "clients";

const notes = new Map<string, string>();
let counter = 0;
function nextNumber(): number { return ++counter; }
function double(n: number): number { return n * 2; }
class Store { readonly rows: string[] = []; save(text: string): void { this.rows.push(text); } read(): string { return this.rows.join(); } }
class Cart { readonly items: string[] = []; add(item: string): void { this.items.push(item); } }
`;

const FIELDS = `
  readonly gateway = new Gateway(); readonly sender = new Sender(); readonly issues = new Issues(); readonly redis = new Redis();
  readonly pool = new Pool(); readonly table = new Table(); readonly statement!: Statement; readonly store = new Store();
  readonly #map = new Map<string, string[]>(); readonly #cache = new Map<string, string>(); #count = 0; #last = ""; #client: Sender | undefined;
  async #pay(amount: number): Promise<void> { await this.gateway.charge(amount); }
  async #look(id: string): Promise<string> { return (await this.gateway.find(id)).id; }
  async #ask(ctx: Context): Promise<boolean> { return ctx.confirm("Sure?"); }
  async #payAndAsk(ctx: Context): Promise<boolean> { await this.gateway.charge(1); return ctx.confirm("Sure?"); }
  #fail(): never { this.#count++; throw new Error("no"); }
`;

/** Statements with the texts of the effects that they repeat. */
const WARNED: Readonly<Record<string, readonly [statements: string, ...effects: string[]]>> = {
  "a request that writes": [
    'await fetch("/", { method: "POST" }); await ctx.confirm("?");',
    'fetch("/", { method: "POST" })',
  ],
  "a request that is not awaited": [
    'void fetch("/", { method: "delete" }); await ctx.confirm("?");',
    'fetch("/", { method: "delete" })',
  ],
  "a file write": ['await writeFile("a", "b"); await ctx.confirm("?");', 'writeFile("a", "b")'],
  "a synchronous file write": ['fs.rmSync("a"); await ctx.confirm("?");', 'fs.rmSync("a")'],
  "a process": ['execFileSync("git"); await ctx.confirm("?");', 'execFileSync("git")'],
  "a verb of a client": ['await this.gateway.charge(1); await ctx.confirm("?");', "this.gateway.charge(1)"],
  "a compound of a verb": [
    'await this.issues.createIssue("a"); await ctx.confirm("?");',
    'this.issues.createIssue("a")',
  ],
  "a record with methods": [
    'await this.issues.createDraft("a"); await ctx.confirm("?");',
    'this.issues.createDraft("a")',
  ],
  "a command that writes": [
    'await this.sender.send(new PutObject("a")); await ctx.confirm("?");',
    'this.sender.send(new PutObject("a"))',
  ],
  "a client that the method makes": [
    'const sender = await createClient(); await sender.send({}); await ctx.confirm("?");',
    "sender.send({})",
  ],
  "a remote map": ['await this.redis.set("a", "b"); await ctx.confirm("?");', 'this.redis.set("a", "b")'],
  "SQL that writes": [
    'await this.pool.query(`INSERT INTO a VALUES (1)`); await ctx.confirm("?");',
    "this.pool.query(`INSERT INTO a VALUES (1)`)",
  ],
  "a template of SQL": ['await sql`DELETE FROM a`; await ctx.confirm("?");', "sql`DELETE FROM a`"],
  "a statement": ['this.statement.run("a"); await ctx.confirm("?");', 'this.statement.run("a")'],
  "a builder of a query": ['await this.table.insert({}).select(); await ctx.confirm("?");', "this.table.insert({})"],
  "a function of a package": ['await sendMail("a"); await ctx.confirm("?");', 'sendMail("a")'],
  "an update of the session": [
    'await ctx.session.update("n", () => 1); await ctx.confirm("?");',
    'ctx.session.update("n", () => 1)',
  ],
  "an update of a session by name": [
    'const { session } = ctx; await session.update("n", () => 1); await ctx.confirm("?");',
    'session.update("n", () => 1)',
  ],
  "a counter": ['this.#count++; await ctx.confirm("?");', "this.#count++"],
  "a sum": ['this.#count += 2; await ctx.confirm("?");', "this.#count += 2"],
  "a field": ['this.#last = item; await ctx.confirm("?");', "this.#last = item"],
  "a map of the service": ['this.#map.set(item, []); await ctx.confirm("?");', "this.#map.set(item, [])"],
  "an element of a map": [
    'const list = this.#map.get(item) ?? []; list.push(item); await ctx.confirm("?");',
    "list.push(item)",
  ],
  "a map of the module": ['notes.set(item, ""); await ctx.confirm("?");', 'notes.set(item, "")'],
  "a variable of the module": ['counter += 1; await ctx.confirm("?");', "counter += 1"],
  "a deleted property": ['delete (this as { x?: 1 }).x; await ctx.confirm("?");', "delete (this as { x?: 1 }).x"],
  "a private method": ['await this.#pay(1); await ctx.confirm("?");', "this.#pay(1)"],
  "a function of the file": ["const n = nextNumber(); await ctx.confirm(`${n}`);", "nextNumber()"],
  "a class of the project": ['this.store.save(item); await ctx.confirm("?");', "this.store.save(item)"],
  "a provider": ['const store = await ctx.use(Store); store.save(item); await ctx.confirm("?");', "store.save(item)"],
  "a method that asks": ["await this.gateway.charge(1); await this.#ask(ctx);", "this.gateway.charge(1)"],
  "an effect and a question in one method": ["await this.#payAndAsk(ctx);", "this.gateway.charge(1)"],
  "a branch that goes on": ['if (item) await this.#pay(1); await ctx.confirm("?");', "this.#pay(1)"],
  "a loop": [
    "for (const each of [item]) { await ctx.confirm(each); await this.gateway.charge(1); }",
    "this.gateway.charge(1)",
  ],
  "a callback": [
    'await Promise.all([1, 2].map(async (n) => this.gateway.charge(n))); await ctx.confirm("?");',
    "this.gateway.charge(n)",
  ],
  "a destructured question": ['const { confirm } = ctx; this.#count++; await confirm("?");', "this.#count++"],
  "a question after another": ['await ctx.confirm("1"); this.#count++; await ctx.confirm("2");', "this.#count++"],
  "two effects": [
    'this.#count++; await this.gateway.charge(1); await ctx.confirm("?");',
    "this.#count++",
    "this.gateway.charge(1)",
  ],
  "two effects with one verb": [
    'await this.gateway.charge(1); await this.#pay(2); await ctx.confirm("?");',
    "this.gateway.charge(1)",
    "this.#pay(2)",
  ],
  "a GraphQL mutation": [
    'await fetch("/graphql", { method: "POST", body: "mutation { pay }" }); await ctx.confirm("?");',
    'fetch("/graphql", { method: "POST", body: "mutation { pay }" })',
  ],
  "a file that stays": [
    'const file = item + "a"; try { await writeFile(file, "b"); await ctx.confirm("?"); } finally { this.#count--; }',
    'writeFile(file, "b")',
  ],
  "a catch": ['try { await this.gateway.charge(1); } catch { await ctx.confirm("Again?"); }', "this.gateway.charge(1)"],
  "a case that falls through": [
    'switch (item) { case "a": this.#count++; case "b": await ctx.confirm("?"); }',
    "this.#count++",
  ],
};

/** Statements without a repeated effect. */
const FINE: Readonly<Record<string, string>> = {
  "no question": "await this.gateway.charge(1);",
  "an effect after the question": 'if (await ctx.confirm("?")) await this.gateway.charge(1);',
  "a step": 'await ctx.step("charge", () => this.gateway.charge(1)); await ctx.confirm("?");',
  "a step with a block":
    'await ctx.step("save", async () => { this.#count++; await writeFile("a", "b"); }); await ctx.confirm("?");',
  "values of the session":
    'const { session } = ctx; await session.set("a", 1); await ctx.session.set("b", 2); await ctx.confirm("?");',
  "a branch that returns": 'if (item) { await this.gateway.charge(1); return; } await ctx.confirm("?");',
  "a branch that throws": 'if (item) { this.#count++; throw new Error("a"); } await ctx.confirm("?");',
  "a method that throws": 'if (item) this.#fail(); await ctx.confirm("?");',
  "another branch": 'if (item) await this.gateway.charge(1); else await ctx.confirm("?");',
  "another case": 'switch (item) { case "a": this.#count++; break; case "b": await ctx.confirm("?"); break; }',
  "a question that ends a loop": 'for (;;) { if (await ctx.confirm("?")) break; } this.#count++;',
  "a request that reads": 'await fetch("/"); await fetch("/", { method: "GET" }); await ctx.confirm("?");',
  "a GraphQL query":
    'await fetch("/graphql", { method: "POST", body: JSON.stringify({ query: "{ user }" }) }); await ctx.confirm("?");',
  "a temporary file":
    'const folder = await readFile("tmp"); try { await writeFile(`${folder}/a`, item); await ctx.confirm("?"); } finally { fs.rmSync(folder); }',
  "a file read": 'await readFile("a"); fs.existsSync("a"); await ctx.confirm("?");',
  "a query":
    'await this.pool.query("SELECT 1"); this.statement.all(); await this.redis.get("a"); await ctx.confirm("?");',
  "a prepared query": 'this.pool.prepare("INSERT INTO a VALUES (1)"); await ctx.confirm("?");',
  "a command that reads": 'await this.sender.send(new GetObject("a")); await ctx.confirm("?");',
  reports:
    'await this.sender.sendProgress(1); this.sender.removeListener(); await ctx.progress(1); console.log("a"); process.stdout.write("a"); await ctx.confirm("?");',
  "a local array": 'const list = [item]; list.push("b"); list.sort(); await ctx.confirm("?");',
  "a local map": 'const map = new Map<string, number>(); map.set(item, 1); map.delete(item); await ctx.confirm("?");',
  "a local set":
    'const set = new Set(item); set.add("b"); const url = new URLSearchParams(); url.append("a", "b"); await ctx.confirm("?");',
  "a local string": 'let text = item; text += "a"; text = text.replace("a", "b"); await ctx.confirm(text);',
  "a local object": 'const order: { id?: string } = {}; order.id = item; delete order.id; await ctx.confirm("?");',
  "a copy of a field":
    'const list = [...this.store.rows]; list.push(item); this.store.rows.toSorted(); await ctx.confirm("?");',
  "a filtered list": 'const list = this.store.rows.filter(Boolean); list.reverse(); await ctx.confirm("?");',
  "a list from a client": 'const list = await this.pool.query("SELECT 1"); list.pop(); await ctx.confirm("?");',
  "a local instance": 'const cart = new Cart(); cart.add(item); await ctx.confirm("?");',
  "a hash": "const id = new Hash().update(item).digest(); await ctx.confirm(id);",
  "a maker of clients":
    "const sender = await createClient(); const reader = await this.issues.createReader(); this.issues.createTitle(); await ctx.confirm(`${sender}${reader.read()}`);",
  "a cache": 'this.#cache.set(item, "a"); await ctx.confirm("?");',
  "a value made once":
    'this.#client ??= await createClient(); if (!this.#map.has(item)) this.#map.set(item, []); await ctx.confirm("?");',
  "a change that is taken back": 'this.#count++; try { await ctx.confirm("?"); } finally { this.#count--; }',
  "a table that is created once": 'await this.pool.query("CREATE TABLE IF NOT EXISTS a (b)"); await ctx.confirm("?");',
  "a private method that reads": 'await this.#look(item); double(1); this.store.read(); await ctx.confirm("?");',
  "a stored callback": 'ctx.signal.addEventListener("abort", () => { this.#count++; }); await ctx.confirm("?");',
  "a function that is not called":
    'const pay = () => this.gateway.charge(1); await ctx.step("pay", pay); await ctx.confirm("?");',
  "a finally after the question": 'try { await ctx.confirm("?"); } finally { this.#count--; }',
  "the argument of a parameter": 'tags.push(item); await ctx.confirm("?");',
  "a method of another Context":
    'const other = { confirm: async (text: string) => text }; this.#count++; await other.confirm("?");',
};

const METHODS = { ...WARNED, ...FINE };

/** Compiles every row as a tool, and returns the warnings. */
function compileRows(isLegacy: boolean): readonly SourceWarning[] {
  const methods = Object.values(METHODS).map((row, index) => {
    const statements = typeof row === "string" ? row : row[0];
    return `  /** Runs. */\n  @tool() async run${index}(item: string, tags: string[], ctx: Context): Promise<void> { ${statements} }`;
  });
  const source = `${HEAD}\nexport class Rows {${FIELDS}\n${methods.join("\n")}\n}\n`;
  const compilerOptions = { target: "ES2022", lib: ["ES2023"], module: "NodeNext", strict: true, types: [] };
  using project = createStubProject({
    "rows.ts": source,
    "environment.d.ts": ENVIRONMENT,
    "node_modules/clients/package.json": { name: "clients", type: "module", types: "index.d.ts" },
    "node_modules/clients/index.d.ts": CLIENTS,
    "tsconfig.json": {
      compilerOptions: { ...compilerOptions, experimentalDecorators: isLegacy },
      include: ["*.ts"],
    },
  });
  return compileWarnings(project, source);
}

describe.each([
  ["standard", false],
  ["legacy", true],
])("effects before a question, with %s decorators", (_, isLegacy) => {
  let warnings: readonly SourceWarning[] = [];
  beforeAll(() => {
    warnings = compileRows(isLegacy);
  });

  const effectsOf = (name: string): string[] =>
    warnings
      .filter(({ subject }) => subject === `Rows.run${Object.keys(METHODS).indexOf(name)}`)
      .map(({ source }) => source);

  it("are the only problems of the table", () => {
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(["MTD260"]));
  });

  it.each(Object.keys(WARNED))("are reported for %s", (name) => {
    expect(effectsOf(name)).toEqual(WARNED[name]?.slice(1));
  });

  it.each([
    [
      "a verb of a client",
      "'this.gateway.charge(1)' stands before the question ctx.confirm (line #), so on 2026-07-28 it runs again after the answer. Run it once: await ctx.step(\"charge\", () => this.gateway.charge(1)). Or move it behind the question.",
    ],
    [
      "a private method",
      "'this.#pay(1)', which runs 'this.gateway.charge(amount)', stands before the question ctx.confirm (line #), so on 2026-07-28 it runs again after the answer. Run it once: await ctx.step(\"charge\", () => this.#pay(1)). Or move it behind the question.",
    ],
    [
      "two effects with one verb",
      "'this.#pay(2)', which runs 'this.gateway.charge(amount)', stands before the question ctx.confirm (line #), so on 2026-07-28 it runs again after the answer. Run it once: await ctx.step(\"charge-2\", () => this.#pay(2)). Or move it behind the question.",
    ],
    [
      "a loop",
      "'this.gateway.charge(1)' stands before the question ctx.confirm (line #), so on 2026-07-28 it runs again after the answer. Run it once: await ctx.step(`charge-${i}`, () => this.gateway.charge(1)). Or move it behind the question.",
    ],
    [
      "a map of the service",
      "'this.#map.set(item, [])' stands before the question ctx.confirm (line #), so on 2026-07-28 it runs again after the answer. Run it once: await ctx.step(\"set\", () => { this.#map.set(item, []); }). Or move it behind the question.",
    ],
  ])("are shown as a step, with the line of the question: %s", (name, expected) => {
    const index = Object.keys(METHODS).indexOf(name);
    const found = warnings.filter(({ subject }) => subject === `Rows.run${index}`);
    const texts = found.map(({ message }) => message.replace(/^Rows\.run\d+: /, "").replace(/line \d+/, "line #"));
    expect(texts.at(-1)).toBe(expected);
  });

  it.each(Object.keys(FINE))("are not reported for %s", (name) => {
    expect(effectsOf(name)).toEqual([]);
  });
});
