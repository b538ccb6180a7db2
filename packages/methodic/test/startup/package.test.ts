import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";
import { afterAll, describe, expect, it } from "vitest";
import { succeed } from "../../../../fixtures/process.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const temporary = mkdtempSync(path.join(tmpdir(), "methodic-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const STATIC = /^(?:import|export)\b[^"]*?"([^"]+)"/gm;
const STATIC_OR_DYNAMIC = /(?:^(?:import|export)\b[^"]*?|\bimport\()"([^"]+)"/gm;

/** The modules that a built entry can load: its own ones, and those of other packages. */
function moduleGraph(
  entry: string,
  imports: RegExp = STATIC_OR_DYNAMIC,
): { readonly own: readonly string[]; readonly foreign: readonly string[] } {
  const own = new Set<string>();
  const foreign = new Set<string>();
  const visit = (file: string): void => {
    if (own.has(file)) return;
    own.add(file);
    for (const [, name = ""] of readFileSync(path.join(dist, file), "utf8").matchAll(imports)) {
      if (name.startsWith("./")) visit(name.slice(2).replace(/\.js$/, /(?:\.d\.ts|\.js)$/.exec(entry)?.[0] ?? ""));
      else foreign.add(name);
    }
  };
  visit(entry);
  return { own: [...own], foreign: [...foreign].sort() };
}

/** Checks whether a built file holds a source module, by its source map. */
function isBuiltFrom(file: string, source: string): boolean {
  const map = path.join(dist, `${file}.map`);
  return existsSync(map) && readFileSync(map, "utf8").includes(`/src/${source}.ts"`);
}

describe("the declarations of an entry", () => {
  it.each(["index", "auth", "context", "http", "manifest", "sdk-v1", "stdio"])(
    "of %s do not import the SDK, which would load zod",
    (entry) => {
      const { foreign } = moduleGraph(`${entry}.d.ts`, STATIC);
      expect(foreign.filter((name) => name.startsWith("@modelcontextprotocol/"))).toEqual([]);
    },
  );
});

describe("the exported names", () => {
  it.each([
    [
      "index.js",
      [
        "MethodicError",
        "PromptError",
        "ResourceError",
        "ToolError",
        "audio",
        "completion",
        "config",
        "createNotifier",
        "createServer",
        "definePrompt",
        "defineResource",
        "defineTool",
        "extension",
        "file",
        "image",
        "memoryStore",
        "prompt",
        "resource",
        "resourceLink",
        "service",
        "token",
        "tool",
        "toolResult",
      ],
    ],
    ["auth.js", ["anyOf", "apiKey", "bearer", "introspection", "jwt", "requireRoles", "requireScopes"]],
    ["context.js", ["currentContext"]],
    ["http.js", ["MemoryEventStore"]],
    [
      "manifest.js",
      [
        "COMPONENT_RULES",
        "DECORATOR_OPTIONS",
        "DESCRIBE_SERVER",
        "DESCRIPTIONS_RULE",
        "HEADER_KEYWORD",
        "MANIFEST_KEY",
        "MANIFEST_VERSION",
        "MAX_PUBLISHED_SIZE",
        "NAMING_STYLES",
        "NESTED_OPTIONS",
        "PUBLIC_NAME_RULE",
        "REFS_MODES",
        "SCHEMA_RULES",
        "SchemaPoolWriter",
        "compareVersions",
        "convertByStyle",
        "defineManifest",
        "definitionName",
        "describePrompt",
        "describeResource",
        "describeSize",
        "describeTool",
        "describeVersions",
        "didYouMean",
        "equal",
        "findCompletionTargets",
        "findDecoratorSchemaProblems",
        "findDescriptionViolations",
        "findDuplicate",
        "findHeaderProblems",
        "findNameViolations",
        "findViolations",
        "formats",
        "isAbsolute",
        "isAnnotation",
        "isDescriptions",
        "isHeaderName",
        "isPublicName",
        "isSchema",
        "isTemplate",
        "isVersion",
        "keepTypeName",
        "labelOf",
        "lowerScheme",
        "mapSchema",
        "mapSubschemas",
        "memoize",
        "parseTemplate",
        "publishSchema",
        "publishWrittenSchema",
        "publishedSchemasOf",
        "readUnion",
        "resolvePointer",
        "resolveRef",
        "schemaKeyword",
        "shareSchema",
        "sortByVersion",
        "splitVersion",
        "subschemasOf",
        "templateShape",
        "ucs2length",
        "versionOf",
        "walkSchema",
        "withRootType",
        "withTypeName",
        "writtenSize",
      ],
    ],
    [
      "sdk.js",
      [
        "acceptedContent",
        "attachToSdkV2",
        "createRequestStateCodec",
        "eventBus",
        "inputRequired",
        "inputResponse",
        "sdkContext",
      ],
    ],
    ["sdk-v1.js", ["attachToSdkV1"]],
    ["http.js", ["MemoryEventStore"]],
    ["startup.js", []],
    ["stdio.js", ["redirectStdout", "serveStdio"]],
    ["testing.js", ["createTestClient", "storeContract"]],
  ])("of %s are exactly the documented ones", async (entry, names) => {
    expect(Object.keys((await import(path.join(dist, entry))) as object).sort()).toEqual(names);
  });
});

describe("the built modules", () => {
  const runtime = [
    "@modelcontextprotocol/server",
    "@modelcontextprotocol/server/stdio",
    "mime",
    "node:buffer",
    "node:child_process",
    "node:console",
    "node:events",
    "node:fs",
    "node:http",
    "node:module",
    "node:process",
    "node:stream",
    "node:url",
    "node:util",
    "node:worker_threads",
    "reflect-metadata",
  ];

  const STDOUT = [
    "node:buffer",
    "node:child_process",
    "node:console",
    "node:fs",
    "node:module",
    "node:process",
    "node:util",
  ];

  it.each([
    ["index.js", runtime],
    ["startup.js", STDOUT],
    ["stdio.js", ["@modelcontextprotocol/server", ...STDOUT]],
    ["context.js", []],
    ["http.js", []],
    ["manifest.js", []],
    ["auth.js", ["jose"]],
    ["sdk.js", ["@modelcontextprotocol/server"]],
    ["sdk-v1.js", ["@modelcontextprotocol/server"]],
    ["testing.js", ["@modelcontextprotocol/client"]],
  ])("that %s reaches load only the listed packages", (entry, packages) => {
    expect(moduleGraph(entry).foreign).toEqual(packages);
  });

  it("load no HTTP module of Node for a server that serves a connection", async () => {
    const script = `
      import { InMemoryTransport } from "@modelcontextprotocol/server";
      import { createServer } from ${JSON.stringify(path.join(dist, "index.js"))};
      await createServer({ name: "s", version: "1", services: [] }).connect(InMemoryTransport.createLinkedPair()[0]);
      console.log(JSON.stringify(process.moduleLoadList.filter((name) => /NativeModule (https?|http2)$/.test(name))));`;
    const args = ["--input-type=module", "-e", script];
    expect((await succeed(process.execPath, args, { cwd: dist })).trim()).toBe("[]");
  });

  it.each(["http/endpoint", "http/streamable-2025/handler", "protocol/sdk-server", "http/request"])(
    "that answer web requests use nothing of Node: %s",
    (source) => {
      const chunk = readdirSync(dist).find((file) => file.endsWith(".js") && isBuiltFrom(file, source));
      expect(chunk).toBeDefined();
      expect(moduleGraph(chunk ?? "", STATIC).foreign.filter((name) => name.startsWith("node:"))).toEqual([]);
    },
  );

  it("do not load the SDK before a server serves", () => {
    expect(moduleGraph("index.js", STATIC).foreign).toEqual(["reflect-metadata"]);
  });

  it("do not load jose before a token is verified", () => {
    expect(moduleGraph("auth.js", STATIC).foreign).toEqual([]);
  });

  it("survive a bundler that drops code without effects", async () => {
    const entry = path.join(temporary, "entry.mjs");
    writeFileSync(
      entry,
      `import { tool } from ${JSON.stringify(path.join(dist, "index.js"))};
       class S { m() {} }
       tool()(S.prototype, "m", Object.getOwnPropertyDescriptor(S.prototype, "m"));
       console.log(Reflect.getOwnMetadata(Symbol.for("methodic.component"), S.prototype.m)[0].kind);`,
    );
    await build({
      config: false,
      entry: { bundled: entry },
      outDir: path.join(temporary, "out"),
      format: "esm",
      platform: "node",
      dts: false,
      minify: true,
      logLevel: "silent",
      deps: { alwaysBundle: [/reflect-metadata/] },
    });
    const output = path.join(temporary, "out", "bundled.mjs");
    expect(readFileSync(output, "utf8")).not.toContain("createServer");
    expect((await succeed(process.execPath, [output])).trim()).toBe("tool");
  });
});
