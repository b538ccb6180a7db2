import type { InputSchema, JsonSchema } from "methodic/manifest";
import { compileServices, loadProject, type CompiledMember, type Diagnostic } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { ProjectFiles } from "../../../../fixtures/project.ts";

/** The compiled services of some files. */
export interface Compiled {
  readonly members: ReadonlyMap<string, CompiledMember>;
  readonly classes: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles files, given by path. */
export function compileFiles(files: ProjectFiles): Compiled {
  using project = createStubProject(files);
  const { services, diagnostics } = compileServices(loadProject({ root: project.root }));
  const entries = services.flatMap(({ className, members }) =>
    [...members].map(([name, member]) => [`${className}.${name}`, member] as const),
  );
  return { members: new Map(entries), classes: services.map(({ className }) => className), diagnostics };
}

/** Compiles the members of a class `S` and returns its method `run`. */
export function compileMember(
  member: string,
  before = "",
): CompiledMember & { readonly diagnostics: readonly Diagnostic[] } {
  const source = `import { prompt, resource, tool, type Context } from "methodic";\n${before}\nexport class S {\n${member}\n}\n`;
  const { members, diagnostics } = compileFiles({ "s.ts": source });
  const found = members.get("S.run");
  if (!found) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return { ...found, diagnostics };
}

/** Returns the input schema that a method's types gave it. */
export function inputSchemaOf(member: { readonly inputSchema?: JsonSchema | null } | undefined): InputSchema {
  const schema = member?.inputSchema;
  if (schema?.["type"] !== "object") throw new Error(`The method has no input schema: ${JSON.stringify(member)}`);
  return schema as InputSchema;
}
