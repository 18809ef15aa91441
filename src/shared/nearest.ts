/**
 * The candidate that a word was probably meant to be, for a hint; undefined when none is close. Ignores case; the first of
 * equals wins. Words longer than any key of ours are not compared, so that hostile input cannot use up time.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > maxLength) return undefined;
  let best: string | undefined;
  let limit = maxDistance(word.length);
  for (const candidate of candidates) {
    if (candidate.length > maxLength) continue;
    const distance = levenshtein(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    best = candidate;
    limit = distance - 1;
  }
  return best;
}

const maxLength = 100;

/** A third of the word may be wrong, but no more than eight characters: beyond that a hint is a guess. */
function maxDistance(length: number): number {
  return Math.min(8, Math.max(1, Math.floor(length / 3)));
}

/** Single-character edits from one word to the other; some number above `limit` when there are more than `limit`. */
function levenshtein(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = cell(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, cell(row, j) + 1, cell(next, j - 1) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return cell(row, to.length);
}

function cell(row: readonly number[], index: number): number {
  return row[index] as number; // both loops stay within the row
}
