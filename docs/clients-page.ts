import { COMPONENT_RULES, SCHEMA_RULES, type ComponentRule, type SchemaRule } from "methodic/manifest";

const INTRODUCTION = `# Clients and providers

See which rules of MCP clients and model providers Methodic follows beyond the protocol, and which it can only warn
about. Clients and providers check tools before a model sees them, and one tool that breaks a rule often fails the
whole list, or every request.

Methodic keeps two forms of a schema:

- The **exact** schema accepts what TypeScript accepts, or what a decorator's schema says. Validators are made from it,
  and messages to the model explain it.
- The **published** schema, in \`tools/list\` and in the output of \`methodic generate\`, is the exact one rewritten by the
  rules below. It accepts every value that the exact schema accepts, and sometimes more: a pattern that providers refuse
  becomes part of the description, and the server still checks it.

The rules apply to schemas from types and to the options \`inputSchema\` and \`outputSchema\` of \`@tool\`. A schema
that you write by hand with \`$schema\` is published as it is, and only checked. Where a rule cannot be met without
rejecting values, the build warns: [MTD200](diagnostics.md), [MTD201](diagnostics.md) for names, or
[MTD202](diagnostics.md) for the descriptions of a server's tools.

## Rules for schemas
`;

const LEFT = `
## Differences that Methodic leaves

Clients also differ in the following points. Methodic does not rewrite them, because the clients that need another
form convert them, or because every other form would lose more than it saves:

- \`format\`, \`uniqueItems\`, \`multipleOf\` and the bounds of numbers, which Gemini's clients remove.
- Enums of numbers, which Gemini's clients turn into text or remove.
- \`additionalProperties: false\`, which OpenAI requires in strict mode and old Gemini endpoints ignore.
- A description next to \`anyOf\`, which Vertex AI's clients move.
- Results that are not objects. Clients of 2025-11-25 and older get them wrapped in \`{ "result": … }\`, because those
  clients refuse a whole list in which one \`outputSchema\` has another type.
`;

/** Renders `docs/clients.md` from the tables of rules. */
export function renderClientsPage(): string {
  return `${INTRODUCTION}\n${renderTable(SCHEMA_RULES)}\n## Rules for names and descriptions\n\n${renderTable(COMPONENT_RULES)}${LEFT}`;
}

function renderTable(rules: readonly (SchemaRule | ComponentRule)[]): string {
  const rows = rules.map(
    ({ id, rule, clients, response, sources }) =>
      `| \`${id}\` | ${rule} | ${clients} | ${response} | ${sources.map((source) => linkTo(source)).join(", ")} |\n`,
  );
  return `| rule | what it says | needed by | Methodic | sources |\n|---|---|---|---|---|\n${rows.join("")}`;
}

function linkTo(source: string): string {
  const [, repository, number] = /^([^:]+)#(\d+)$/.exec(source) ?? [];
  if (repository !== undefined) return `[${source}](https://github.com/${repository}/issues/${number})`;
  const { hostname, pathname } = new URL(source);
  return `[${hostname === "github.com" ? pathname.split("/").at(-1) : hostname}](${source})`;
}
