// A longer word is not a typo of a name, and the cost of a comparison grows with the square of the
// length.
const MAX_LENGTH = 200;

/**
 * Finds the candidate that a misspelled word most likely meant; undefined if every candidate is too
 * different. Case and word separators only break ties, so `addNote` and `add-note` find `add_note`.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word);
  // A third of the letters may differ, but not the only letter. More would suggest unrelated words.
  let best = wanted.length < 2 ? 1 : Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate), best + 1);
    if (distance > best || (distance === best && found === undefined)) continue;
    if (distance === best && !isCloser(word, candidate, found)) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

function isCloser(word: string, candidate: string, found: string | undefined): boolean {
  const distance = (other = ""): number =>
    editDistance(word.slice(0, MAX_LENGTH), other.slice(0, MAX_LENGTH), MAX_LENGTH);
  return distance(candidate) < distance(found);
}

/** Returns the sentence ` Did you mean "x"?`, or an empty string without a close candidate. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : ` Did you mean ${JSON.stringify(found)}?`;
}

function fold(word: string): string {
  return word
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replace(/[-_.\s]/g, "");
}

/**
 * Computes the optimal string alignment distance (Levenshtein plus transpositions) up to `limit`.
 */
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
