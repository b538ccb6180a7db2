import type { Diagnostic, Span } from "./diagnostic.ts";

/** Options of {@link formatDiagnostic}. */
export interface FormatOptions {
  /**
   * Returns the text of a file by the diagnostic's path. Without it, or where it returns
   * `undefined`, no code frame is printed.
   */
  readonly readSource?: (file: string) => string | undefined;
  /** ANSI colors. Default false. */
  readonly color?: boolean;
}

/**
 * Formats a diagnostic the way tsc does: `src/notes.ts:2:12 - error MTD121: S.m: …`, with its hint
 * on the same line. Below it, when the source is available, a code frame, and one for each related
 * place.
 */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const paint = options.color ? colored : plain;
  const place = diagnostic.file ? `${formatPlace(diagnostic, paint)} - ` : "";
  const severity = paint(diagnostic.severity === "error" ? "red" : "yellow", diagnostic.severity);
  const text = `${place}${severity} ${paint("grey", `${diagnostic.code}:`)} ${fullMessage(diagnostic)}`;
  return text + formatFrames(diagnostic, options);
}

/** Formats diagnostics one after the other, with an empty line between those with code frames. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  return diagnostics
    .map((diagnostic) => formatDiagnostic(diagnostic, options))
    .join(options.readSource ? "\n\n" : "\n");
}

/** Joins the message and the hint. */
export function fullMessage({ message, hint }: Diagnostic): string {
  return hint ? `${message} ${hint}` : message;
}

/** The code frames of a diagnostic, after an empty line; empty if the source is not available. */
export function formatFrames(diagnostic: Diagnostic, { readSource, color }: FormatOptions): string {
  const paint = color ? colored : plain;
  const frame = codeFrame(diagnostic, readSource?.(diagnostic.file), paint);
  if (frame === "") return "";
  const related = (diagnostic.related ?? []).map((place) => {
    const below = codeFrame(place, readSource?.(place.file), paint);
    return below && `\n\n  ${formatPlace(place, paint)} - ${place.message}${below}`;
  });
  return frame + related.join("");
}

function formatPlace({ file, line, column }: Span, paint: Paint): string {
  return `${paint("cyan", file)}:${paint("yellow", String(line))}:${paint("yellow", String(column))}`;
}

type Paint = (color: keyof typeof COLORS, text: string) => string;

const COLORS = { red: 91, yellow: 93, cyan: 96, grey: 90 } as const;
const colored: Paint = (color, text) => `\u001b[${COLORS[color]}m${text}\u001b[0m`;
const plain: Paint = (_color, text) => text;

function codeFrame(span: Span, source: string | undefined, paint: Paint): string {
  const line = source?.split(/\r?\n/)[span.line - 1];
  if (line === undefined) return "";
  const number = String(span.line);
  // Tabs are kept in the marker line, so that the mark is below its column at any tab width.
  const indent = line.slice(0, span.column - 1).replaceAll(/[^\t]/g, " ");
  const gutter = (text: string): string => paint("grey", `${text} |`);
  return `\n\n${gutter(number)} ${line}\n${gutter(" ".repeat(number.length))} ${indent}${paint("red", mark(span, line))}`;
}

/** Returns the marker below a line. It ends with the line if the span continues on the next one. */
function mark({ line, column, endLine, endColumn }: Span, text: string): string {
  if (endLine === undefined || endColumn === undefined) return "^";
  const end = endLine > line ? text.trimEnd().length + 1 : endColumn;
  return "^".repeat(Math.max(1, end - column));
}
