import { DIAGNOSTICS, type DiagnosticDescription } from "../../src/index.ts";

const INTRODUCTION = `# Diagnostics

What the compiler refuses, and why. It never writes a schema that is only nearly right: what it cannot express exactly, it tells you, with the place and a way out.

A diagnostic is printed as tsc prints its own, and all of them in one run:

\`\`\`text
src/notes.ts:5:14 - error MTD102: Notes.add: at owner: type 'symbol' has no JSON form. Use a string.
\`\`\`

On a terminal it comes with colours and a code frame. \`--format\` of \`methodic build\` and \`methodic generate\` chooses another form of what goes to stderr: \`text\` (the lines above),
\`pretty\`, \`github\` (annotations of the changed lines in GitHub Actions), or \`json\` for editors and scripts: one line \`{ "version": 1, "errors": 1, "warnings": 0, "diagnostics": [ … ] }\`,
whose \`diagnostics\` are what \`compileProject\` and \`buildProject\` return: \`{ code, severity, file, line, column, endLine, endColumn, message, hint, related }\`. Positions are 1-based, and the end is the
first character after it. Errors make the exit status 1; warnings do not. Where the problem lies in a type of another file, the place is that of the tool's parameter, the message ends with
\`(declared at file:line:column)\`, and \`related\` holds that place too. Codes that begin with \`TS\` are TypeScript's own.

The examples below are compiled by a test, and each has exactly the diagnostic it stands under.
`;

/** Writes \`docs/diagnostics.md\` from the catalogue. */
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
