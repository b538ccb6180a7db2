import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createTwoFilesPatch } from "diff";
import { ToolError } from "methodic";

export interface Edit {
  /** Text to replace; it has to match */
  oldText: string;
  /** Text that replaces it */
  newText: string;
}

/**
 * Replaces a file at once, so that no reader sees a part of it and no link is followed; its mode
 * stays.
 */
export async function writeAtomically(file: string, content: string): Promise<void> {
  const present = await stat(file).catch(() => undefined);
  if (!present) return writeFile(file, content, { flag: "wx" });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx", mode: present.mode & 0o777 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Edits a file, or only tries to, and returns the changes as a diff in a Markdown fence. */
export async function editFile(file: string, edits: readonly Edit[], dryRun: boolean): Promise<string> {
  const before = unify(await readFile(file, "utf8"));
  const after = edits.reduce(applyEdit, before);
  if (!dryRun) await writeAtomically(file, after);
  const diff = createTwoFilesPatch(file, file, before, after, "original", "modified");
  let fence = "```";
  while (diff.includes(fence)) fence += "`";
  return `${fence}diff\n${diff}${fence}\n\n`;
}

/** Replaces the text where it stands exactly, else where its lines differ only in indentation. */
function applyEdit(text: string, { oldText, newText }: Edit): string {
  const [old, replacement] = [unify(oldText), unify(newText)];
  if (text.includes(old)) return text.replace(old, () => replacement);
  const [lines, oldLines] = [text.split("\n"), old.split("\n")];
  const isMatch = (start: number): boolean =>
    oldLines.every((line, i) => lines[start + i] !== undefined && line.trim() === lines[start + i]?.trim());
  const start = lines.findIndex((_line, i) => isMatch(i));
  if (start < 0) throw new ToolError(`Could not find exact match for edit:\n${oldText}`);
  lines.splice(start, oldLines.length, ...indent(replacement.split("\n"), oldLines, indentOf(lines[start])));
  return lines.join("\n");
}

/** Moves new lines to the indentation of the lines that they replace. */
function indent(lines: readonly string[], oldLines: readonly string[], base: string): string[] {
  return lines.map((line, i) => {
    if (i === 0) return base + line.trimStart();
    const [before, now] = [indentOf(oldLines[i]).length, indentOf(line).length];
    return before > 0 && now > 0 ? base + " ".repeat(Math.max(0, now - before)) + line.trimStart() : line;
  });
}

function indentOf(line = ""): string {
  return line.slice(0, line.length - line.trimStart().length);
}

function unify(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
