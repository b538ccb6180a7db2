import type { Startable } from "./connect.ts";
import type { Step } from "./transcript.ts";

/** The quick start of another framework, rebuilt with decorators. */
export interface QuickStart extends Startable {
  readonly steps: readonly Step[];
  /** The text of each answer, and the structured content, which older clients get in an object. */
  readonly answers: readonly { readonly text: string; readonly structured?: unknown; readonly wrapped?: unknown }[];
  /** The progress reports of each step. */
  readonly reports?: readonly unknown[];
}

export const QUICK_STARTS: readonly QuickStart[] = [
  {
    name: "quick-starts/sdk",
    steps: [{ tool: "add", args: { a: 2, b: 3 } }, { read: "greeting://Ada" }],
    answers: [{ text: '{"result":5}', structured: { result: 5 } }, { text: "Hello, Ada!" }],
  },
  {
    name: "quick-starts/fastmcp",
    steps: [{ tool: "add", args: { a: 2, b: 3 } }],
    answers: [{ text: "5" }],
  },
  {
    name: "quick-starts/mcp-nest",
    steps: [
      { tool: "greeting-tool", progress: 1 },
      { tool: "greeting-tool", args: { name: "Ada" } },
    ],
    answers: [{ text: "Hello, World!" }, { text: "Hello, Ada!" }],
    reports: [[{ progress: 50, total: 100 }], undefined],
  },
  {
    name: "quick-starts/fastmcp-python",
    steps: [
      { tool: "add", args: { a: 2, b: 3 } },
      { tool: "greet", args: { name: "Ford" } },
    ],
    answers: [{ text: "5", structured: 5, wrapped: { result: 5 } }, { text: "Hello, Ford!" }],
  },
];
