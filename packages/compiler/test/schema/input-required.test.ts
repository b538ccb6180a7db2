import { afterAll, expect, test } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const SDK = "node_modules/@modelcontextprotocol/server";

const project = createStubProject({
  [`${SDK}/package.json`]: { name: "@modelcontextprotocol/server", type: "module", types: "index.d.ts" },
  [`${SDK}/index.d.ts`]:
    'export interface InputRequiredResult { [key: string]: unknown; resultType: "input_required"; requestState?: string }',
  "namesake.ts": "export interface InputRequiredResult { mine: boolean }",
  "service.ts": `
    import { tool, type ContentBlock, type ToolResult } from "methodic";
    import type { InputRequiredResult } from "@modelcontextprotocol/server";
    import type { InputRequiredResult as Namesake } from "./namesake.js";

    interface Note { id: number }

    export class Service {
      @tool() text(): string | InputRequiredResult { return ""; }
      @tool() async later(): Promise<string | InputRequiredResult | undefined> { return ""; }
      @tool() blocks(): ContentBlock[] | InputRequiredResult { return []; }
      @tool() always(): InputRequiredResult { return null as never; }
      @tool() data(): Note | InputRequiredResult { return { id: 1 }; }
      @tool() whole(): ToolResult<Note> | InputRequiredResult { return null as never; }
      @tool() namesake(): Namesake { return { mine: true }; }
    }`,
});
afterAll(() => project[Symbol.dispose]());

test("a result schema leaves out InputRequiredResult, which a method may return to ask for input", () => {
  const { services, diagnostics } = compileServices(loadProject({ root: project.root }));
  expect(diagnostics).toEqual([]);
  const note = { type: "object", properties: { id: { type: "number" } }, required: ["id"] };
  const results = [...services[0]!.members].map(([name, { data }]) => [name, data.result, data.outputSchema]);
  expect(results).toEqual([
    ["text", "content", undefined],
    ["later", "content", undefined],
    ["blocks", "content", undefined],
    ["always", "content", undefined],
    ["data", "dynamic", undefined],
    ["whole", "content", note],
    ["namesake", "structured", { type: "object", properties: { mine: { type: "boolean" } }, required: ["mine"] }],
  ]);
});
