import { DIAGNOSTICS, type DiagnosticDescription } from "../../src/index.ts";

const INTRODUCTION = `# Diagnostics

Look up a code that the compiler reports: its cause, its fix, and an example. The compiler never writes a schema that is
only approximately right: it reports every type that it cannot express exactly, with its place and a replacement.

Diagnostics look like tsc's, and one run reports all of them:

\`\`\`text
src/notes.ts:5:14 - error MTD102: Notes.add: at owner: type 'symbol' has no JSON form. Use a string.
\`\`\`

Errors set the exit status to 1; warnings do not. Codes that begin with \`TS\` are TypeScript's own.

## Choose a format

On a terminal, diagnostics have colors and code frames. \`--format\` of \`methodic build\` and \`methodic generate\` chooses another form for stderr:

| Format | Output |
|---|---|
| \`text\` | one line per diagnostic, as above |
| \`pretty\` | colors and code frames |
| \`github\` | annotations of the changed lines in GitHub Actions |
| \`json\` | one line for editors and scripts: \`{ "version": 1, "errors": 1, "warnings": 0, "diagnostics": [ … ] }\` |

In JSON, and in the results of \`compileProject\` and \`buildProject\`, a diagnostic has the fields \`code\`, \`severity\`, \`file\`, \`line\`, \`column\`,
\`endLine\`, \`endColumn\`, \`message\`, \`hint\` and \`related\`. Positions are 1-based, and the end is the first character after the problem.

Where the problem lies in a type of another file, the diagnostic points at the tool's parameter, its message ends with
\`(declared at file:line:column)\`, and \`related\` holds that place too.

A test compiles the examples below: each has the diagnostic of its entry and no other.
`;

/** Renders `docs/diagnostics.md` from the catalog. */
export function renderPage(): string {
  const entries = Object.entries(DIAGNOSTICS).map(([code, description]) => renderEntry(code, description));
  return [INTRODUCTION, ...entries].join("\n");
}

function renderEntry(code: string, { title, severity, cause, fix, example }: DiagnosticDescription): string {
  const head = `## ${code}: ${title}\n\n${severity === "warning" ? "*Warning.* " : ""}${cause}\n\n**Fix:** ${fix}\n`;
  if (!example) return head;
  const language = example.file?.endsWith(".json") ? "json" : "ts";
  return `${head}${situationOf(example)}\n\`\`\`${language}\n${example.source}\`\`\`\n`;
}

function situationOf({ file, options, withoutPackage }: NonNullable<DiagnosticDescription["example"]>): string {
  if (withoutPackage) return "\nIn a project without the package:\n";
  if (options)
    return `\nWith \`compileProject({ root, ${Object.entries(options)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join(", ")} })\`${file ? ` and \`${file}\`` : ""}:\n`;
  return file ? `\nIn \`${file}\`:\n` : "";
}
