/**
 * Finds the candidate that a misspelt word most likely meant, or nothing if none is close.
 * Compared without regard to case and word separators, so `addNote` and `add-note` find `add_note`; of several, the one that is written most alike.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word);
  // A third of the letters may differ, and not the only one; more would suggest things that were not meant.
  let best = wanted.length < 2 ? 1 : Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate), best + 1);
    if (distance > best || (distance === best && found === undefined)) continue;
    if (distance === best && !isMoreAlike(word, candidate, found)) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

function isMoreAlike(word: string, candidate: string, found: string | undefined): boolean {
  const limit = 200;
  const distance = (other = ""): number => editDistance(word.slice(0, limit), other.slice(0, limit), limit);
  return distance(candidate) < distance(found);
}

/** The sentence ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : ` Did you mean ${JSON.stringify(found)}?`;
}

function fold(word: string): string {
  // Longer words are never typing mistakes of a name, and the comparison's cost grows with the square.
  return word
    .slice(0, 200)
    .toLowerCase()
    .replace(/[-_.\s]/g, "");
}

/** Optimal string alignment distance (Levenshtein plus swapped neighbours), given up once it reaches `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/** A word as a message quotes it, cut if somebody sent a whole document. */
export function quote(word: string): string {
  return JSON.stringify(word.length > 128 ? `${word.slice(0, 127)}…` : word);
}
