/** A position between two records, where reading can resume. */
export interface Mark {
  /** Index of the record that follows. */
  readonly index: number;
  readonly byte: number;
  readonly line: number;
  /** CRC-32 of the chunk's bytes before this position. */
  readonly crc32: number;
}

/**
 * The positions passed so far, because a checkpoint may only name a position up to which everything is done, always
 * before the one being read. Keeps those that no checkpoint has passed yet.
 */
export class Marks {
  readonly #marks: Mark[];
  #first = 0;

  constructor(start: Mark) {
    this.#marks = [start];
  }

  /** Adds positions in ascending order. */
  add(mark: Mark): void {
    this.#marks.push(mark);
  }

  /** The last position whose preceding indexes are all below this one; drops the positions before it. */
  lastUpTo(index: number): Mark {
    while ((this.#marks[this.#first + 1]?.index ?? Number.POSITIVE_INFINITY) <= index) this.#first += 1;
    const passed = this.#first;
    // Moving the rest down is only worth it when more is dropped than moved.
    if (passed > this.#marks.length / 2) {
      this.#marks.splice(0, passed);
      this.#first = 0;
    }
    return this.#marks[this.#first] as Mark;
  }
}
