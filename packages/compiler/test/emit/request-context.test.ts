import { pathToFileURL } from "node:url";
import { createTestClient } from "methodic/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";
import { buildProject } from "../../src/index.ts";

type Server = Parameters<typeof createTestClient>[0];

const SERVER = `import { type Context, createServer, token, tool } from "methodic";

interface Clock { now(): number }
const Clock = token<Clock>("Clock");

class Caller {
  readonly #ctx: Context;
  constructor(readonly clock: Clock, ctx: Context) { this.#ctx = ctx; }
  get era(): string { return this.#ctx.era; }
}

interface Greeting { readonly text: string; readonly ctx: Context }
const Greeting = token<Greeting>("Greeting");

class Desk {
  /** Greet the caller. */
  @tool() async greet(ctx: Context): Promise<string> {
    const [{ text, ctx: own }, caller] = await Promise.all([ctx.use(Greeting), ctx.use(Caller)]);
    return \`\${text} \${caller.clock.now()} \${own.signal === ctx.signal}\`;
  }
}

export default createServer({
  name: "desk",
  version: "1.0.0",
  services: [Desk],
  providers: [
    { provide: Clock, useValue: { now: () => 7 } },
    { provide: Caller, useClass: Caller, scope: "request" },
    { provide: Greeting, scope: "request", useFactory: (ctx: Context, { era }: Caller) => ({ text: era, ctx }) },
  ],
});
`;

describe.each([
  ["standard", false],
  ["legacy", true],
] as const)("providers for one call, in a project with %s decorators", (_, experimentalDecorators) => {
  let project: TemporaryProject;
  let server: Server;

  beforeAll(async () => {
    const compilerOptions = { target: "ES2022", module: "NodeNext", strict: true, skipLibCheck: true };
    project = createProject({
      "package.json": { name: "desk", type: "module" },
      "tsconfig.json": { compilerOptions: { ...compilerOptions, experimentalDecorators } },
      "src/server.ts": SERVER,
    });
    const { diagnostics } = buildProject({ root: project.root });
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    server = ((await import(pathToFileURL(project.path("dist/server.js")).href)) as { default: Server }).default;
  });
  afterAll(() => project[Symbol.dispose]());

  it.each(["legacy", "modern"] as const)("take the Context of the call in the %s era", async (era) => {
    await using client = await createTestClient(server, { era });
    expect((await client.callTool("greet")).text).toBe(`${era} 7 true`);
  });
});
