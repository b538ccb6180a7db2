import { createProject, type TemporaryProject } from "./temporary-project.ts";

/** How a project writes its decorators. */
export type Dialect = "legacy" | "standard";

export const DIALECTS: readonly Dialect[] = ["legacy", "standard"];

/** What else a test wants to be different. */
export interface ProjectVariant {
  readonly dialect: Dialect;
  readonly compilerOptions?: object;
  readonly packageJson?: object;
  readonly files?: Readonly<Record<string, string | object>>;
}

const NOTES = `import { tool } from "methodic";
import { Level } from "./level.js";

export class Service {
  /**
   * Adds a note.
   * @param name The name
   */
  @tool() addNote(name: string, level: Level = Level.Low): string { return \`\${name} at \${level}\`; }

  @tool() whereAmI(): string { const offset = 1; return String(new Error(\`\${offset}\`).stack?.split("\\n")[1]); }
}
`;

/** Line and column of `new Error` in the source of the tool `whereAmI`. */
export const WHERE_AM_I = "src/notes.ts:11:64";

/** The same without the column: which token of the expression counts differs between minifiers and engines. */
export const WHERE_AM_I_LINE = "src/notes.ts:11:";

const LEVEL = `export const enum Level { Low = 1, High = 2 }
`;

/** A class of the same name, which its module does not export. */
const SEARCH = `import { service, tool, type Context } from "methodic";
import type { Hits } from "./hits.js";

@service({ auth: (auth) => auth.subject !== undefined }) class Service {
  @tool() search(query: string, ctx: Context, limit: number = 10): Hits {
    ctx.signal.throwIfAborted();
    return { hits: [query, String(limit)] };
  }
}
export const search: object = new Service();
`;

const HITS = `export interface Hits { hits: string[] }
`;

/** Counts what a class decorator said of its class, which has to be the class that the manifest is in. */
const REPOSITORY = `import { service, tool, type AccessRule } from "methodic";

function needs(scope: string): AccessRule {
  return { scopes: [scope], allows: ({ scopes }) => scopes.includes(scope) };
}

@service({ auth: [needs("users"), (auth) => auth.subject !== undefined] })
export abstract class Repository<T> {
  abstract load(id: number): T;
  @tool({ auth: needs("users:read"), title: "Find" }) find(id: number): T { return this.load(id); }
  @tool() count(): number { return marksOf(Object.getPrototypeOf(Object.getPrototypeOf(this))); }
}

function marksOf(prototype: object): number {
  const { getOwnMetadata } = Reflect as unknown as { getOwnMetadata(key: symbol, target: object): unknown[] | undefined };
  return getOwnMetadata(Symbol.for("methodic.service"), prototype)?.length ?? 0;
}
`;

/** No decorator in this file: what makes the class a service is inherited. */
const USERS = `import { Repository } from "./repository.js";

interface User { id: number; name: string }

export class Users extends Repository<User> {
  load(id: number): User { return { id, name: "user " + id }; }
}
`;

/** The legacy dialect has no decorators in class expressions, but classes without a name all the same. */
const ANONYMOUS: Readonly<Record<Dialect, string>> = {
  legacy: `import { tool } from "methodic";
export default class { @tool() ping(): string { return "pong"; } }
`,
  standard: `import { tool } from "methodic";
export default new (class { @tool() ping(): string { return "pong"; } })();
`,
};

const SERVER = `import { createServer } from "methodic";
import anonymous from "./anonymous.js";
import { Service } from "./notes.js";
import { search } from "./search.js";
import { Users } from "./users.js";

export default createServer({
  name: "every-class",
  version: "1.0.0",
  naming: "snake_case",
  services: [Service, search, Users, anonymous],
});
`;

const MAIN = `import server from "./server.js";

await server.serve();
`;

/**
 * Writes a project with every kind of class that a carrier could miss: two of one name, one that is not exported, one without a name,
 * a generic base and its subclass.
 */
export function createServicesProject({
  dialect,
  compilerOptions,
  packageJson,
  files,
}: ProjectVariant): TemporaryProject {
  return createProject({
    "package.json": { name: "every-class", type: "module", ...packageJson },
    "tsconfig.json": {
      compilerOptions: {
        target: "ES2022",
        // Without the DOM: no test needs it, and reading it takes longer than compiling the project.
        lib: ["ES2022"],
        module: "NodeNext",
        types: [],
        strict: true,
        skipLibCheck: true,
        rootDir: "src",
        outDir: "dist",
        sourceMap: true,
        ...(dialect === "legacy" && { experimentalDecorators: true }),
        ...compilerOptions,
      },
      include: ["src"],
    },
    "src/notes.ts": NOTES,
    "src/level.ts": LEVEL,
    "src/search.ts": SEARCH,
    "src/hits.ts": HITS,
    "src/repository.ts": REPOSITORY,
    "src/users.ts": USERS,
    "src/anonymous.ts": ANONYMOUS[dialect],
    "src/server.ts": SERVER,
    "src/main.ts": MAIN,
    ...files,
  });
}
