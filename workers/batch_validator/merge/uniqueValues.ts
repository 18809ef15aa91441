import { WorkerFault } from "../../model/fault.ts";

const entryWords = 4;
const firstEntries = 65_536;

/**
 * The values seen so far in columns that must be unique, as 128-bit hashes with random seeds, in a table with open
 * addressing. 16 bytes per value at a load of one half to three quarters, whatever the values. Among 10^9 values, the
 * probability that two different ones have the same hash is below 10^-20.
 */
export class UniqueValues {
  readonly #maxBytes: number;
  #table = new Uint32Array(firstEntries * entryWords);
  #count = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds the hash of a value of a column. Returns whether it is new. */
  add(column: number, a: number, b: number, c: number, d: number): boolean {
    if (this.#count * 4 > (this.#table.length / entryWords) * 3) this.#grow();
    // The first word includes the column: the same value in two columns is not a duplicate. All zeros mean an empty
    // entry.
    return this.#put(this.#table, (a ^ Math.imul(column, 0x9e3779b1)) >>> 0 || 1, b, c, d);
  }

  #put(table: Uint32Array, a: number, b: number, c: number, d: number): boolean {
    const mask = table.length / entryWords - 1;
    for (let slot = b & mask; ; slot = (slot + 1) & mask) {
      const at = slot * entryWords;
      if (table[at] === 0) {
        table[at] = a;
        table[at + 1] = b;
        table[at + 2] = c;
        table[at + 3] = d;
        if (table === this.#table) this.#count += 1;
        return true;
      }
      if (table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d) return false;
    }
  }

  #grow(): void {
    const bytes = 2 * this.#table.byteLength;
    if (bytes > this.#maxBytes) throw this.#tooMany();
    const larger = new Uint32Array(2 * this.#table.length);
    for (let at = 0; at < this.#table.length; at += entryWords) {
      if (this.#table[at] === 0) continue;
      this.#put(
        larger,
        this.#table[at] as number,
        this.#table[at + 1] as number,
        this.#table[at + 2] as number,
        this.#table[at + 3] as number,
      );
    }
    this.#table = larger;
  }

  #tooMany(): WorkerFault {
    const megabytes = Math.floor(this.#maxBytes / 2 ** 20);
    return new WorkerFault(
      "configuration",
      `x-unique has ${this.#count} different values to remember, which do not fit in ${megabytes} MiB`,
      { hint: "Allow more with --unique-memory-mb (about 32 MiB per million values), or check uniqueness elsewhere." },
    );
  }
}
