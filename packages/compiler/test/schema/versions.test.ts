import { describe, expect, it } from "vitest";
import { artifactText, compileProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const KEY = "dev.methodic/version";

function compile(members: string) {
  using project = createStubProject({
    "src/server.ts": `import { createServer, prompt, resource, tool } from "methodic";
export class Calculator {
${members}
}
export default createServer({ name: "calculator", version: "1.0.0", naming: "snake_case", services: [Calculator] });
`,
  });
  const { servers, services, diagnostics, places } = compileProject({ root: project.root, keepGoing: true });
  const codes = diagnostics.map(({ code }) => code);
  return { servers, codes, places, text: artifactText(services, servers) };
}

const ADD = `
  /** Adds two numbers. */
  @tool({ name: "add", version: "1.0" }) addTwo(a: number, b: number): number { return a + b; }
  /** Adds numbers. */
  @tool({ version: "2.0" }) add(numbers: number[]): number { return numbers.length; }
  /** Adds nothing. */
  @tool("add") addNothing(): void {}`;

describe("Versions of a component", () => {
  it("are all in the artifact, the newest under its name and the others with their versions", () => {
    const { servers, codes, places } = compile(`${ADD}
  @resource("calc://rates") rates(): string { return ""; }
  @resource("calc://rates", { version: "2025-06-18" }) newRates(): string { return ""; }
  @resource("calc://{id}", { version: "1" }) one(id: string): string { return id; }
  @resource("calc://{name}", { version: "2" }) two(name: string): string { return name; }`);
    expect(codes).toEqual([]);
    const { tools, resources, resourceTemplates } = servers["calculator"] ?? {};
    expect(
      Object.entries(tools ?? {}).map(([name, { description, _meta }]) => [name, description, _meta?.[KEY]]),
    ).toEqual([
      ["add", "Adds numbers.", { version: "2.0", others: ["1.0", "0"] }],
      ["add@0", "Adds nothing.", { version: "0", others: ["2.0", "1.0"] }],
      ["add@1.0", "Adds two numbers.", { version: "1.0", others: ["2.0", "0"] }],
    ]);
    expect(Object.keys(resources ?? {})).toEqual(["calc://rates", "calc://rates@0"]);
    expect(resources?.["calc://rates"]?.name).toBe("new_rates");
    expect(Object.keys(resourceTemplates ?? {})).toEqual(["calc://{id}@1", "calc://{name}"]);
    const lines = Object.entries(places).map(([place, { line }]) => `${place} ${line}`);
    expect(lines).toContain("calculator tools add 7");
    expect(lines).toContain("calculator tools add@1.0 5");
  });

  it("give the same artifact in any order", () => {
    const reversed = ADD.split(/(?=\n {2}\/\*\*)/)
      .reverse()
      .join("");
    expect(compile(reversed).text).toBe(compile(ADD).text);
  });

  it("are duplicates if they are equal", () => {
    const pair = (first: string, second: string) =>
      compile(`@tool({ name: "x"${first} }) a(): void {}\n@tool({ name: "x"${second} }) b(): void {}`).codes;
    for (const [a, b] of [
      ["", ""],
      [', version: "1"', ', version: "1.0"'],
      ["", ', version: "0"'],
    ] as const) {
      expect([a, b, pair(a, b).includes("MTD191")]).toEqual([a, b, true]);
    }
    expect(pair("", ', version: "1"')).toEqual(pair(', version: "2"', ', version: "1"'));
    expect(pair("", ', version: "1"')).not.toContain("MTD191");
    expect(pair(', version: "1"', ", version: String(Date.now())")).not.toContain("MTD191");
  });
});
