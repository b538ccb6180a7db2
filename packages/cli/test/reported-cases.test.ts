import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METHODIC } from "../../../fixtures/methodic.ts";
import { createProject, type TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

// Servers of bug reports about other frameworks.
const REPORTS = `import { createServer, prompt } from "methodic";

class Reports {
  /** Write a report. @param topic About what @param pages How long @param draft Only a draft */
  @prompt() report(topic: string, pages?: number, draft = true): string {
    return \`\${topic}|\${pages ?? "any"}|\${draft}\`;
  }
}

export default createServer({ name: "reports", version: "1.0.0", services: [Reports] });
`;
const BOARD = `import { createServer, resource } from "methodic";

class Board {
  /** The rules. */
  @resource("board://rules") rules(): string {
    return "Be kind.";
  }
  /** One card. @param id Which */
  @resource("board://cards/{id}", { list: "ids" }) card(id: string): string {
    return id;
  }
  async ids(): Promise<string[]> {
    throw new Error("database is locked");
  }
}

export default createServer({ name: "board", version: "1.0.0", services: [Board] });
`;

let project: TemporaryProject;
beforeAll(() => {
  project = createProject({ "reports.ts": REPORTS, "board.ts": BOARD });
});
afterAll(() => project[Symbol.dispose]());

describe("methodic run", () => {
  it("takes optional prompt arguments that a form leaves empty as absent (microsoft/vscode#251803)", async () => {
    await using server = await connect([METHODIC, "run", "reports.ts"], { cwd: project.root });
    const get = async (args: Record<string, string>): Promise<unknown> => {
      const { messages } = await server.client.getPrompt({ name: "report", arguments: args });
      return messages[0]?.content;
    };
    expect(await get({ topic: "x", pages: "", draft: "" })).toMatchObject({ text: "x|any|true" });
    expect(await get({ topic: "", pages: "2", draft: "false" })).toMatchObject({ text: "|2|false" });
    const refused = await get({ pages: "a", draft: "" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: -32602 });
    expect(String(refused)).toMatch(/ topic: missing but required \(string\).*\. .*pages: expected number, .*"a"\./);
    expect(String(refused)).not.toMatch(/draft|;/);
  });

  it("lists what can be listed if one entry fails (storybookjs/mcp#267)", async () => {
    await using server = await connect([METHODIC, "run", "board.ts"], { cwd: project.root });
    const { resources } = await server.client.listResources();
    expect(resources).toMatchObject([{ uri: "board://rules" }]);
    const { resourceTemplates } = await server.client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ uriTemplate: "board://cards/{id}" }]);
    expect(server.stderr()).toContain("Listing board://cards/{id} (Board.ids) failed: Error: database is locked");
  });
});
