import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { MemberData, ServiceManifest } from "methodic/manifest";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { emitModule, emitOptions, emitProgram, type EmitPurpose } from "../../src/emit/emit.ts";
import type { CompiledService } from "../../src/manifest.ts";
import { createProject } from "../../../../fixtures/project.ts";

const KEY = Symbol.for("methodic.manifest");

/**
 * Decorators without effect, in both dialects: the emit of a class must not depend on the
 * decorator.
 */
const DECORATORS = `
export function tool(): any { return () => {}; }
export function sealed(target: any, ..._rest: any[]): any { return target; }
export function renamed(target: any, ..._rest: any[]): any { return class Renamed extends target {}; }
`;

/** `classExpression`: TypeScript's legacy dialect has no decorators in class expressions. */
const serviceText = (classExpression: boolean): string => `import { tool, sealed, renamed } from "./decorators.js";
import type { Gone } from "./types.js";
import { Level } from "./types.js";

/** Created before the end of the module, where the manifest functions are. */
const early: unknown[] = [];

export class Plain {
  @tool() run(level: Level = Level.High): number { return level; }
}
early.push(Plain);

class Hidden<T> { @tool() run(value: T): T { return value; } }
early.push(Hidden);

${classExpression ? "export const Anonymous = class { @tool() run(): void {} static { early.push(this); } };" : ""}

@sealed
export class Sealed extends Plain {
  static readonly count: number = 1;
  #secret = 2;
  @tool() override run(): number { return this.#secret + Sealed.count; }
}

@renamed
export class Replaced { @tool() run(): void {} }

export function makeLocal(): new () => object { class Local { @tool() run(): void {} } return Local; }

export default class { @tool() fail(gone?: Gone): never {
    const offset = 1;   throw new Error(\`from \${offset} \${gone}\`);
  }
}
export const manifests: unknown[] = early.map((service) => (service as any)[Symbol.for("methodic.manifest")]);
// The emit must not use the name __methodic_manifest_0.
`;

const TYPES = `export interface Gone { x: string }
export const enum Level { Low = 1, High = 3 }
`;

const MEMBER: MemberData = {
  kind: "tool",
  description: 'It\'s a "test" with `ticks`, \u2028 and </script>',
  parameters: { names: ["name"] },
  inputSchema: {
    type: "object",
    properties: { name: { type: "string", minLength: 2 }, at: { type: "string", format: "date-time" } },
    required: ["name"],
  },
  outputSchema: { type: "array", uniqueItems: true },
  result: "structured",
};

/** Stands in for the reading half: every class with decorated methods gets {@link MEMBER}. */
function servicesOf(sourceFile: ts.SourceFile): CompiledService[] {
  const services: CompiledService[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      const members = node.members.filter((member) => ts.canHaveDecorators(member) && ts.getDecorators(member));
      const className = node.name?.text ?? "(anonymous)";
      const named = members.map(
        (member) =>
          [member.name?.getText(sourceFile) ?? "", { data: { ...MEMBER, title: className }, options: {} }] as const,
      );
      if (named.length > 0) services.push({ className, sourceFile, node, members: new Map(named) });
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  return services;
}

const libraries = new Map<string, ts.SourceFile>();

/** Shared by all cases: parsing the standard library is most of the cost of a program. */
function hostWithSharedLibrary(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getSourceFile: (fileName, version, ...rest) => {
      if (!fileName.includes("/typescript/lib/")) return host.getSourceFile(fileName, version, ...rest);
      const key = `${typeof version === "object" ? version.languageVersion : version} ${fileName}`;
      const sourceFile = libraries.get(key) ?? host.getSourceFile(fileName, version, ...rest);
      if (sourceFile) libraries.set(key, sourceFile);
      return sourceFile;
    },
  };
}

interface ProgramCase {
  readonly root: string;
  readonly options: ts.CompilerOptions;
  readonly purpose: EmitPurpose;
}

function createProgram({ root, options, purpose }: ProgramCase): { program: ts.Program; services: CompiledService[] } {
  const emitted = emitOptions({ ...options, strict: true, skipLibCheck: true, types: [] }, root, purpose);
  const program = ts.createProgram([`${root}/src/service.ts`], emitted, hostWithSharedLibrary(emitted));
  const services = program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile)
    .flatMap((file) => servicesOf(file));
  return { program, services };
}

async function load(fileName: string, type: string): Promise<ServiceModule> {
  return (
    type === "module" ? await import(pathToFileURL(fileName).href) : createRequire(import.meta.url)(fileName)
  ) as ServiceModule;
}

interface ServiceModule {
  readonly Plain: object;
  readonly Sealed: object;
  readonly Replaced: object;
  readonly makeLocal: () => object;
  readonly manifests: ServiceManifest[];
  readonly default: new () => { fail(): never };
}

const ES = ts.ModuleKind.NodeNext;
const NODE_NEXT = { module: ES, moduleResolution: ts.ModuleResolutionKind.NodeNext };
const dialects = [
  ["legacy", { experimentalDecorators: true }],
  ["standard", {}],
] as const;
const targets = [
  ["ESNext, clamped", { target: ts.ScriptTarget.ESNext }],
  ["ES2022", { target: ts.ScriptTarget.ES2022 }],
  ["ES2017", { target: ts.ScriptTarget.ES2017 }],
] as const;
const formats = [
  ["ES modules", { type: "module" }],
  ["CommonJS", { type: "commonjs" }],
] as const;
const cases = dialects.flatMap(([dialect, decorators]) =>
  targets.flatMap(([target, targetOption]) =>
    formats.map(
      ([format, packageJson]) =>
        [
          `${dialect}, ${target}, ${format}`,
          { options: { ...decorators, ...targetOption, ...NODE_NEXT }, packageJson },
        ] as const,
    ),
  ),
);

function project(packageJson: object, options: ts.CompilerOptions): ReturnType<typeof createProject> {
  return createProject({
    "package.json": packageJson,
    "src/service.ts": serviceText(!options.experimentalDecorators),
    "src/types.ts": TYPES,
    "src/decorators.ts": DECORATORS,
  });
}

function manifestOf(service: object): ServiceManifest {
  return (service as Record<symbol, ServiceManifest>)[KEY] as ServiceManifest;
}

describe.each(cases)("a build in %s", (_name, { options, packageJson }) => {
  it("gives every class its own manifest, at any point of the module", async () => {
    using directory = project(packageJson, options);
    const { program, services } = createProgram({
      root: directory.root,
      options: { ...options, rootDir: directory.path("src") },
      purpose: "build",
    });
    expect(ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"))).toEqual(
      [],
    );
    const { files, diagnostics } = emitProgram(program, { services, calls: [] });
    expect(diagnostics).toEqual([]);
    for (const file of files) directory.write(file.fileName.slice(directory.root.length), file.text);

    const loaded = await load(directory.path("dist/service.js"), packageJson.type);
    const titles = loaded.manifests.map((manifest) => Object.values(manifest.members)[0]?.title);
    expect(titles).toEqual(["Plain", "Hidden", ...("experimentalDecorators" in options ? [] : ["(anonymous)"])]);
    expect(Object.hasOwn(loaded.Sealed, KEY)).toBe(true);
    expect(manifestOf(loaded.Sealed).members["run"]?.title).toBe("Sealed");
    expect(manifestOf(loaded.Replaced).members["run"]?.title).toBe("Replaced");
    expect(manifestOf(loaded.makeLocal()).members["run"]?.title).toBe("Local");

    const member = manifestOf(loaded.Plain).members["run"];
    expect(member?.description).toBe(MEMBER.description);
    expect(member?.validators.input?.({ name: "ab", at: "2026-01-01T00:00:00Z" })).toBe(true);
    expect(member?.validators.input?.({ name: "👍", at: "yesterday" })).toBe(false);
    expect(member?.validators.output?.([{ a: 1 }, { a: 1 }])).toBe(false);
    expect(manifestOf(loaded.Plain)).toBe(manifestOf(loaded.Plain));
  });

  it("leaves the manifest out of declarations and maps every line to its source", () => {
    using directory = project(packageJson, options);
    const { program, services } = createProgram({
      root: directory.root,
      options: { ...options, rootDir: directory.path("src") },
      purpose: "build",
    });
    const { files } = emitProgram(program, { services, calls: [] });
    const textOf = (name: string): string => files.find((file) => file.fileName.endsWith(name))?.text ?? "";
    expect(textOf("service.d.ts")).toContain("class Plain");
    expect(textOf("service.d.ts")).not.toContain("manifest()");
    const code = textOf("service.js");
    expect(code.trimEnd().split("\n").at(-1)).toBe("//# sourceMappingURL=service.js.map");
    const throwing = code.split("\n").findIndex((line) => line.includes("throw new Error(`from"));
    const map = new TraceMap(textOf("service.js.map"));
    const column = code.split("\n")[throwing]?.indexOf("new Error(") ?? -1;
    const source = serviceText(!("experimentalDecorators" in options)).split("\n");
    const sourceLine = source.findIndex((line) => line.includes("throw new Error"));
    expect(originalPositionFor(map, { line: throwing + 1, column })).toMatchObject({
      source: "../src/service.ts",
      line: sourceLine + 1,
      column: source[sourceLine]?.indexOf("new Error("),
    });
  });
});

describe.each(dialects)("a single module in the %s dialect", (_dialect, options: ts.CompilerOptions) => {
  it("is an ES module for bundlers, whatever the package says", () => {
    for (const [, packageJson] of formats) {
      using directory = project(packageJson, options);
      const { program, services } = createProgram({
        root: directory.root,
        options: { ...options, ...NODE_NEXT },
        purpose: "bundler",
      });
      const sourceFile = program.getSourceFile(directory.path("src/service.ts")) as ts.SourceFile;
      const module = emitModule({ program, sourceFile, services, calls: [], purpose: "bundler" });
      expect(module?.format).toBe("esm");
      expect(module?.code).toMatch(
        /^import \{ .*defineManifest as __methodic1_define.* \} from "methodic\/manifest";$/m,
      );
      expect(module?.code).not.toMatch(/require\(|^exports\./m);
      expect(module?.code).not.toContain("sourceMappingURL");
      expect(module?.map.sources).toEqual([sourceFile.fileName]);
      expect(module?.map.sourcesContent).toEqual([sourceFile.text]);
    }
  });

  it("has the module format that Node reads it as", async () => {
    for (const [format, packageJson] of formats) {
      using directory = project(packageJson, options);
      const { program, services } = createProgram({
        root: directory.root,
        options: { ...options, ...NODE_NEXT, noEmit: true, allowImportingTsExtensions: true },
        purpose: "loader",
      });
      for (const name of ["service", "types", "decorators"]) {
        const sourceFile = program.getSourceFile(directory.path(`src/${name}.ts`)) as ts.SourceFile;
        const module = emitModule({
          program,
          sourceFile,
          services: services.filter((service) => service.sourceFile === sourceFile),
          calls: [],
          purpose: "loader",
        });
        expect(module?.format).toBe(format === "CommonJS" ? "commonjs" : "esm");
        writeFileSync(directory.path(`src/${name}.js`), module?.code ?? "");
      }
      const loaded = await load(directory.path("src/service.js"), packageJson.type);
      expect(manifestOf(loaded.Plain).members["run"]?.title).toBe("Plain");
    }
  });
});

it("emits files without services exactly as tsc does", () => {
  using directory = project({ type: "module" }, {});
  const { program, services } = createProgram({ root: directory.root, options: { ...NODE_NEXT }, purpose: "build" });
  const written: Record<string, string> = {};
  program.emit(undefined, (fileName, text) => void (written[fileName] = text));
  const files = emitProgram(program, { services, calls: [] }).files.filter(
    (file) => !/service\.js/.test(file.fileName),
  );
  expect(files.length).toBeGreaterThan(5);
  expect(Object.fromEntries(files.map((file) => [file.fileName, file.text]))).toMatchObject(
    Object.fromEntries(Object.entries(written).filter(([name]) => !/service\.js/.test(name))),
  );
});
