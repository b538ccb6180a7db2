import { decode, encode } from "@jridgewell/sourcemap-codec";

/** Text put into a line, or taken out of it. */
export interface LineEdit {
  /** From 0. */
  readonly line: number;
  /** From 0: where the text begins. */
  readonly column: number;
  /** What was put there. Must not hold a line break. */
  readonly inserted?: string;
  /** How many characters were taken out. */
  readonly removed?: number;
}

/** Moves the mappings of a generated file as its lines were edited. Edits of one line count columns as they were before any of them. */
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
