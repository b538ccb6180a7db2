import { describe, expect, it } from "vitest";
import type { ServerArtifact } from "../artifact.ts";
import { checkServer } from "./check-server.ts";
import type { DirectoryName } from "./directory-rules.ts";

const INPUT = { type: "object", properties: {}, additionalProperties: false } as const;
const HINTS = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };
const TOOL = { title: "Read", description: "Reads a note.", inputSchema: INPUT, annotations: HINTS };

/** Checks a server with one tool, and returns the broken rules with their problems. */
function check(tool: object, directory: DirectoryName = "anthropic", name = "read_note"): readonly string[] {
  const server = { tools: { [name]: { ...TOOL, ...tool } }, resources: {}, resourceTemplates: {}, prompts: {} };
  return checkServer(server as unknown as ServerArtifact, directory).map(({ rule, problem }) => `${rule}: ${problem}`);
}

describe("checkServer", () => {
  it("accepts a tool with a title, a description and all hints", () => {
    expect(check({})).toEqual([]);
    expect(check({}, "openai")).toEqual([]);
  });

  it("finds missing hints, which differ between the directories", () => {
    const missing = "hints: the tool does not set";
    expect(check({ annotations: {} })).toEqual([`${missing} readOnlyHint, destructiveHint`]);
    expect(check({ annotations: { readOnlyHint: false } })).toEqual([`${missing} destructiveHint`]);
    expect(check({ annotations: { readOnlyHint: true } })).toEqual([]);
    expect(check({ annotations: { readOnlyHint: true } }, "openai")).toEqual([
      `${missing} destructiveHint, openWorldHint`,
    ]);
    expect(check({ annotations: undefined }, "openai")).toEqual([
      `${missing} readOnlyHint, destructiveHint, openWorldHint`,
    ]);
  });

  it("does not check older versions, which clients do not see", () => {
    expect(check({ title: "", annotations: {} }, "openai", "read_note@1.0")).toEqual([]);
  });

  it("finds missing titles and descriptions", () => {
    expect(check({ title: undefined, description: " " })).toEqual([
      "title: the tool has no title",
      "description: the tool has no description",
    ]);
    expect(check({ annotations: { ...HINTS, title: "" } })).toEqual(["title: the tool has no title"]);
  });

  it("finds names that are too long, or have other characters", () => {
    expect(check({}, "anthropic", "a".repeat(64))).toEqual([]);
    expect(check({}, "openai", "a".repeat(65))).toEqual(["tool-name: the name has 65 characters"]);
    expect(check({}, "openai", "notes.read")).toEqual(["tool-name: the name has the character '.'"]);
  });

  it("finds parameters that choose between reading and writing", () => {
    const withMethods = (...methods: string[]): object => ({
      inputSchema: { ...INPUT, properties: { method: { type: "string", enum: methods } } },
    });
    expect(check(withMethods("GET", "POST"))).toEqual([
      "one-action: the parameter 'method' chooses between reading and writing",
    ]);
    expect(check(withMethods("GET", "HEAD"))).toEqual([]);
    expect(check(withMethods("put", "delete"))).toEqual([]);
  });

  it("finds schemas that the directory's clients refuse", () => {
    const inputSchema = { type: "object", properties: { any: {}, note: { type: "object", allOf: [] } } };
    expect(check({ inputSchema }, "anthropic")).toEqual([expect.stringMatching(/^schema: .*\(typed\)$/)]);
    expect(check({ inputSchema }, "openai")).toEqual([
      expect.stringMatching(/^schema: .*\(no-all-of\)$/),
      expect.stringMatching(/^schema: .*\(properties\)$/),
    ]);
  });
});
