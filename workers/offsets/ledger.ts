/** The indexes [from, to). */
export type IndexRange = readonly [from: number, to: number];

/**
 * Tracks which records are done and answers one question: up to which index is everything done?
 * Destinations acknowledge in any order; a checkpoint may only advance over an unbroken run.
 *
 * Indexes done beyond the first gap are kept as ranges, so memory grows with the gaps and not with the records. A gap
 * exists only inside batches in flight, whose number and size are bounded.
 */
export class OffsetLedger {
  #next: number;
  /** Ascending, apart from each other and from #next by a gap of at least one index. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(first: number, done: Iterable<IndexRange> = []) {
    this.#next = first;
    for (const [from, to] of done) this.acknowledge(from, to);
  }

  /** Marks the indexes [from, to) as done, in any order; repeats and overlaps are harmless. */
  acknowledge(from: number, to: number): void {
    if (to <= this.#next || to <= from) return;
    if (from <= this.#next) {
      this.#next = to;
      this.#swallowReached();
    } else {
      this.#insert(from, to);
    }
  }

  /** The first index that is not done. */
  get next(): number {
    return this.#next;
  }

  /** The ranges done beyond the first gap, ascending. */
  get rangesBeyond(): readonly IndexRange[] {
    return this.#starts.map((start, position) => [start, this.#ends[position] as number]);
  }

  #swallowReached(): void {
    let reached = 0;
    while (reached < this.#starts.length && (this.#starts[reached] as number) <= this.#next) {
      this.#next = Math.max(this.#next, this.#ends[reached] as number);
      reached += 1;
    }
    if (reached === 0) return;
    this.#starts.splice(0, reached);
    this.#ends.splice(0, reached);
  }

  /** Inserts a range among the others and joins those that it touches. */
  #insert(from: number, to: number): void {
    // The first range that ends at or after `from` is the first one touched; those that start up to `to` are touched
    // too.
    const first = firstAtLeast(this.#ends, from);
    let last = first;
    while (last < this.#starts.length && (this.#starts[last] as number) <= to) last += 1;
    const start = first < last ? Math.min(from, this.#starts[first] as number) : from;
    const end = first < last ? Math.max(to, this.#ends[last - 1] as number) : to;
    if (last - first === 1) {
      this.#starts[first] = start;
      this.#ends[first] = end;
      return;
    }
    this.#starts.splice(first, last - first, start);
    this.#ends.splice(first, last - first, end);
  }
}

/** Position of the first number that is at least the given one, in an ascending array. */
function firstAtLeast(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether indexes, queried in ascending order, are in one of the ranges, which are also ascending. */
export class DoneRanges {
  readonly #ranges: readonly IndexRange[];
  #position = 0;

  constructor(ranges: readonly IndexRange[]) {
    this.#ranges = ranges;
  }

  has(index: number): boolean {
    let range = this.#ranges[this.#position];
    while (range !== undefined && range[1] <= index) range = this.#ranges[++this.#position];
    return range !== undefined && range[0] <= index;
  }
}
