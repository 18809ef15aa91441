/** A place between two records, where reading can begin again. */
export interface Mark {
  /** Of the record that follows. */
  readonly index: number;
  readonly byte: number;
  readonly line: number;
  /** CRC-32 of the chunk's bytes before this place. */
  readonly crc32: number;
}

/**
 * The places passed on the way, for a checkpoint may only name a place up to which everything is done: always behind
 * the one that is being read. Holds those that no checkpoint has passed yet.
 */
export class Marks {
  readonly #marks: Mark[];
  #first = 0;

  constructor(start: Mark) {
    this.#marks = [start];
  }

  /** Takes places in ascending order. */
  add(mark: Mark): void {
    this.#marks.push(mark);
  }

  /** The last place before which there are no other indexes than those below this one; forgets the places before it. */
  lastUpTo(index: number): Mark {
    while ((this.#marks[this.#first + 1]?.index ?? Number.POSITIVE_INFINITY) <= index) this.#first += 1;
    const passed = this.#first;
    // Moving the rest down is worth it only when there is more to drop than to move.
    if (passed > this.#marks.length / 2) {
      this.#marks.splice(0, passed);
      this.#first = 0;
    }
    return this.#marks[this.#first] as Mark;
  }
}
