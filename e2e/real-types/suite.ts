import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compileServices, loadProject } from "@methodic/compiler";
import { MANIFEST_KEY, type MemberManifest, type ServiceManifest } from "methodic/manifest";
import ts from "typescript";
import { emitProgram } from "../../packages/compiler/src/emit/emit.ts";
import { PACKAGES } from "./packages.ts";

const root = fileURLToPath(new URL("./", import.meta.url));
const output = `${root}.cache`;

/** A method of a class in `tools`. */
export interface SuiteTool {
  /** The name of its file. */
  readonly file: string;
  /** Names the tool in the list of exceptions: its file and its name. */
  readonly id: string;
  readonly className: string;
  readonly name: string;
  readonly packageName: string;
  readonly side: "input" | "result";
  /** The type of its parameter or result, as the source writes it. */
  readonly type: string;
  /** The first error of the compiler, if the type is refused. */
  readonly refusal: { readonly code: string; readonly message: string } | undefined;
  /** Absent if the type is refused. */
  readonly member: MemberManifest | undefined;
}

/** The suite, compiled: its classes and their tools. */
export interface CompiledSuite {
  /** The classes that can be served, as all their types work, by name. */
  readonly services: ReadonlyMap<string, new () => object>;
  readonly tools: readonly SuiteTool[];
  /** Sets the response that tools return. */
  record(response: unknown): void;
}

/** Compiles all tools in one program, and imports the JavaScript. */
export async function compileSuite(): Promise<CompiledSuite> {
  const project = loadProject({ root });
  const { services, calls, diagnostics } = compileServices(project);
  rmSync(output, { recursive: true, force: true });
  for (const { fileName, text } of emitProgram(project.program, { services, calls }).files) {
    mkdirSync(path.dirname(fileName), { recursive: true });
    writeFileSync(fileName, text);
  }
  const load = (name: string): Promise<object> => import(pathToFileURL(`${output}/${name}.js`).href) as Promise<object>;
  const { recording } = (await load("recorded")) as { readonly recording: { response: unknown } };
  const classes = new Map<string, new () => object>();
  const tools: SuiteTool[] = [];
  for (const file of Object.keys(PACKAGES)) {
    const exported = await load(`tools/${file}`);
    for (const [className, service] of Object.entries(exported) as [string, new () => object][]) {
      const manifest = (service as unknown as Record<symbol, ServiceManifest>)[MANIFEST_KEY];
      const found = readTools(file, className).map((tool) => {
        const prefix = `${className}.${tool.name}: `;
        const error = diagnostics.find(({ severity, message }) => severity === "error" && message.startsWith(prefix));
        const refusal = error && { code: error.code, message: error.message.slice(prefix.length) };
        return { ...tool, id: `${file}.${tool.name}`, file, className, refusal, member: manifest?.members[tool.name] };
      });
      if (found.every(({ refusal }) => !refusal)) classes.set(className, service);
      tools.push(...found);
    }
  }
  return { services: classes, tools, record: (response) => void (recording.response = response) };
}

/** Reads the tools of a class, as they are written. */
function readTools(file: string, className: string): Pick<SuiteTool, "name" | "packageName" | "side" | "type">[] {
  const name = `${root}tools/${file}.ts`;
  const source = ts.createSourceFile(name, readFileSync(name, "utf8"), ts.ScriptTarget.Latest, true);
  const imported = source.statements
    .filter(ts.isImportDeclaration)
    .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text)
    .find((specifier) => specifier !== "methodic" && specifier !== "../recorded.js");
  const service = source.statements.filter(ts.isClassDeclaration).find((node) => node.name?.text === className);
  const methods = service?.members.filter(ts.isMethodDeclaration) ?? [];
  return methods.map((method) => {
    const parameter = method.parameters[0]?.type;
    return {
      name: method.name.getText(),
      packageName: packageOf(imported ?? ""),
      side: parameter ? "input" : "result",
      type: (parameter ?? method.type)?.getText().replaceAll(/\s+/g, " ") ?? "",
    };
  });
}

/** The package of an import. */
function packageOf(specifier: string): string {
  if (specifier.startsWith(".")) return "@prisma/client";
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
