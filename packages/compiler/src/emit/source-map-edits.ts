import { decode, encode } from "@jridgewell/sourcemap-codec";

/** Text inserted into a line, or removed from it. */
export interface LineEdit {
  /** Index from 0. */
  readonly line: number;
  /** Index from 0 of the text's first character. */
  readonly column: number;
  /** The inserted text, without line breaks. */
  readonly inserted?: string;
  /** Number of removed characters. */
  readonly removed?: number;
}

/**
 * Moves the mappings of a generated file to match edits of its lines. The edits of one line count
 * columns as they were before any of them.
 */
export function moveMappings(mappings: string, edits: readonly LineEdit[]): string {
  const lines = decode(mappings);
  for (const [index, segments] of lines.entries()) {
    const own = edits.filter(({ line }) => line === index);
    if (own.length === 0) continue;
    for (const segment of segments) segment[0] = movedColumn(segment[0], own);
  }
  return encode(lines);
}

function movedColumn(column: number, edits: readonly LineEdit[]): number {
  let moved = column;
  for (const { column: from, inserted = "", removed = 0 } of edits) {
    if (column < from) continue;
    moved += inserted.length - Math.min(removed, column - from);
  }
  return moved;
}
