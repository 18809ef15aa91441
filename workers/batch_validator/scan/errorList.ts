/** An error of a record in 8 numbers. Places count from the beginning of the bytes that were scanned. */
export const errorWords = 8;
export const errorRecord = 0;
/** Number of its kind. */
export const errorKind = 1;
/** What is wrong: the field with its quotes, or the record. */
export const errorStart = 2;
export const errorEnd = 3;
/** Line ends before the record in this scan. */
export const errorLine = 4;
/** The record without its line end. */
export const errorRecordStart = 5;
export const errorRecordEnd = 6;
/** Position of the field in the record, from 1; 0 for the record as a whole. */
export const errorField = 7;

/** A list that grows. Plain numbers, since a file may have millions of errors, which go from one thread to another. */
export class ErrorList {
  #words = new Uint32Array(64 * errorWords);
  #length = 0;

  add(
    record: number,
    kind: number,
    start: number,
    end: number,
    line: number,
    recordStart: number,
    recordEnd: number,
    field: number,
  ): void {
    if (this.#length + errorWords > this.#words.length) this.#grow();
    const words = this.#words;
    const at = this.#length;
    words[at + errorRecord] = record;
    words[at + errorKind] = kind;
    words[at + errorStart] = start;
    words[at + errorEnd] = end;
    words[at + errorLine] = line;
    words[at + errorRecordStart] = recordStart;
    words[at + errorRecordEnd] = recordEnd;
    words[at + errorField] = field;
    this.#length = at + errorWords;
  }

  /** Takes over one error of another list. */
  append(words: Uint32Array, from: number): void {
    if (this.#length + errorWords > this.#words.length) this.#grow();
    this.#words.set(words.subarray(from, from + errorWords), this.#length);
    this.#length += errorWords;
  }

  get words(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(): void {
    const larger = new Uint32Array(2 * this.#words.length);
    larger.set(this.#words);
    this.#words = larger;
  }
}
