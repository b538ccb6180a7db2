import type { Violation } from "methodic/manifest";
import type { Message } from "./diagnostic-table.ts";

const SEE_CLIENTS = "[Clients and providers](clients.md) lists the rules with their sources.";

/** Schemas and names that clients refuse although MCP allows them (MTD200 to MTD202). */
export const CLIENT_DIAGNOSTICS = {
  MTD200: {
    title: "Schema that some clients refuse",
    severity: "warning" as const,
    cause:
      "Clients and model providers check schemas before a model sees them, and one bad schema often fails the whole request. Methodic rewrites schemas where it can do so without rejecting more values, but not this one.",
    fix: `Follow the message. ${SEE_CLIENTS}`,
    example: { member: '/** Adds a note. */\n@tool() add(color: "red" | ""): void {}' },
    messages: {
      refusedSchema: (
        side: "input" | "output",
        { rule, place, problem }: Violation,
        fix: string = rule.fix,
      ): Message => [
        `${place === "" ? "" : `at ${place}: `}the ${side} schema ${problem}${rule.id === "size" ? "" : `; some clients refuse it (${rule.clients}; rule ${rule.id})`}.`,
        fix,
      ],
    },
  },
  MTD201: {
    title: "Name that some clients refuse",
    severity: "warning" as const,
    cause:
      "Clients put the server's name in front of a tool's name, and providers allow 64 characters, without dots and slashes. MCP allows more, so this is not an error.",
    fix: `Choose another name in the decorator: \`@tool("docs_find")\`. ${SEE_CLIENTS}`,
    example: { member: '/** Finds a note. */\n@tool("docs.find") find(): void {}' },
    messages: {
      refusedName: (kind: string, { rule, problem }: Violation): Message => [
        `the ${kind} ${problem}; some clients refuse it (${rule.clients}; rule ${rule.id}).`,
        rule.fix,
      ],
    },
  },
  MTD202: {
    title: "Tool without a usable description",
    severity: "warning" as const,
    cause:
      "A model chooses tools by their descriptions. Some providers refuse a tool that has none, and some refuse or cut one of more than 1,024 characters. `methodic generate` and `methodic check` check the tools of servers.",
    fix: `Describe what the tool does and returns in a few sentences of the method's JSDoc comment. ${SEE_CLIENTS}`,
    example: {
      source:
        'import { createServer, tool } from "methodic";\n\nclass Notes {\n  @tool() add(name: string): void {}\n}\n\nexport default createServer({ name: "notes", version: "1.0.0", services: [Notes] });\n',
    },
    messages: {
      refusedDescription: (kind: string, { rule, problem }: Violation): Message => [
        `the ${kind} ${problem}; some clients refuse it (${rule.clients}; rule ${rule.id}).`,
        rule.fix,
      ],
    },
  },
};
