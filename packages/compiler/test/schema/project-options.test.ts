import { describe, expect, it } from "vitest";
import { loadProject, type SchemaOptions } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const SERVICE = 'import { tool } from "methodic";\nexport class S { @tool() run(x: string): void {} }\n';

/** Reads a project with these files, and the options of the given ones that override them. */
function read(
  files: Record<string, unknown>,
  schemaOptions?: SchemaOptions,
): { options: SchemaOptions; problems: string[] } {
  using project = createStubProject({ "a.ts": SERVICE, ...files });
  const loaded = loadProject({ root: project.root, ...(schemaOptions && { schemaOptions }) });
  return {
    options: loaded.schemaOptions,
    problems: loaded.diagnostics.map(
      ({ code, file, line, column, message, hint }) => `${file}:${line}:${column} ${code} ${message} ${hint}`,
    ),
  };
}

describe("the options of a project", () => {
  it("are empty without a tsconfig, and without the key in it", () => {
    expect(read({})).toEqual({ options: {}, problems: [] });
    expect(read({ "tsconfig.json": { compilerOptions: { types: [] } } })).toEqual({ options: {}, problems: [] });
  });

  it("come from the key methodic of the tsconfig", () => {
    for (const descriptions of ["own", "all", { max: 80 }] as const) {
      const methodic = { descriptions, strictTypes: true };
      expect(read({ "tsconfig.json": { methodic } })).toEqual({ options: methodic, problems: [] });
    }
  });

  it("come from the nearest tsconfig that sets them, through files, arrays and packages", () => {
    const files = {
      "tsconfig.json": {
        extends: ["./config/a.json", "shared/base", "./config/b.json"],
        methodic: { strictTypes: false },
      },
      "config/a.json": { extends: "./root", methodic: { descriptions: { max: 1 } } },
      "config/root.json": { methodic: { descriptions: "own", strictTypes: true } },
      "config/b.json": { extends: "./root" },
      "node_modules/shared/package.json": { name: "shared", exports: { "./base": "./base.json" } },
      "node_modules/shared/base.json": { methodic: { descriptions: "all" } },
    };
    expect(read(files)).toEqual({ options: { descriptions: "own", strictTypes: false }, problems: [] });
    const withoutRoot = { ...files, "config/b.json": {} };
    expect(read(withoutRoot)).toEqual({ options: { descriptions: "all", strictTypes: false }, problems: [] });
  });

  it("come from the first project of a solution that has files", () => {
    const files = {
      "tsconfig.json": { files: [], references: [{ path: "./server" }] },
      "server/tsconfig.json": { compilerOptions: { composite: true }, methodic: { descriptions: "all" } },
      "server/s.ts": SERVICE,
    };
    expect(read(files).options).toEqual({ descriptions: "all" });
  });

  it("give way to the caller's", () => {
    const files = { "tsconfig.json": { methodic: { descriptions: "all", strictTypes: true } } };
    expect(read(files, { descriptions: "own" }).options).toEqual({ descriptions: "own", strictTypes: true });
  });

  it("are reported at their place if they are misspelled or wrong", () => {
    const text = [
      "{",
      '  "extends": "./base.json",',
      '  "methodic": { "description": "all",',
      '    "strictTypes": "yes", "descriptions": { "max": 0 } }',
      "}",
    ].join("\n");
    const base = '// Comments are allowed.\n{ "methodic": ["all"], }\n';
    expect(read({ "tsconfig.json": text, "base.json": base })).toEqual({
      options: {},
      problems: [
        'tsconfig.json:3:17 MTD250 unknown option \'description\' of "methodic". Did you mean "descriptions"?',
        'tsconfig.json:4:5 MTD250 the option \'strictTypes\' of "methodic" cannot be "yes". Write true or false.',
        'tsconfig.json:4:27 MTD250 the option \'descriptions\' of "methodic" cannot be {"max":0}. Write "own", "all" or { "max": <characters> }.',
        'base.json:2:15 MTD250 "methodic" in the tsconfig must be an object. Write, for example: "methodic": { "descriptions": "all" }.',
      ],
    });
  });

  it("are reported under a key that is misspelled", () => {
    const files = { "tsconfig.json": '{ "files": ["a.ts"], "Methodic": { "descriptions": "all" } }' };
    expect(read(files)).toEqual({
      options: {},
      problems: [
        "tsconfig.json:1:22 MTD250 unknown key 'Methodic' in the tsconfig. The options of Methodic are under \"methodic\".",
      ],
    });
  });

  it("lists the options where no similar one exists", () => {
    expect(read({ "tsconfig.json": { methodic: { verbose: true } } }).problems).toEqual([
      expect.stringContaining("Options: descriptions, strictTypes, requireHints."),
    ]);
  });

  it("does not loop over tsconfigs that extend each other", () => {
    const { options, problems } = read({
      "tsconfig.json": { extends: "./other.json", methodic: { strictTypes: true } },
      "other.json": { extends: "./tsconfig.json", methodic: { descriptions: "all" } },
    });
    expect(options).toEqual({ descriptions: "all", strictTypes: true });
    expect(problems).toEqual([expect.stringContaining("TS18000")]);
  });
});
