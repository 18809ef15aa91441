import type { IndexRange } from "./ledger.ts";

/** Answers for indexes in ascending order whether they lie in one of the ranges, which are ascending too. */
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
