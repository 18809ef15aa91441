import { closeSync, openSync, writeSync } from "node:fs";

const blockBytes = 4 * 1024 * 1024;
/** No record of a data set comes near this. */
const spareBytes = 256 * 1024;

/** Collects bytes and writes them to a file in large blocks. Call `endRecord` after each record: that is where it writes. */
export class ByteWriter {
  readonly #file: number;
  readonly #block = Buffer.allocUnsafe(blockBytes + spareBytes);
  #length = 0;
  #written = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#written + this.#length;
  }

  byte(value: number): void {
    this.#block[this.#length] = value;
    this.#length += 1;
  }

  /** Characters of ASCII only. */
  ascii(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.byte(text.charCodeAt(index));
  }

  utf8(text: string): void {
    this.#length += this.#block.write(text, this.#length, "utf8");
  }

  /** A number from 0 on, with zeros before it up to a width. */
  digits(value: number, width = 1): void {
    let count = width;
    for (let rest = Math.floor(value / 10 ** width); rest > 0; rest = Math.floor(rest / 10)) count += 1;
    let left = value;
    for (let index = this.#length + count - 1; index >= this.#length; index -= 1) {
      const next = Math.floor(left / 10);
      this.#block[index] = 48 + left - next * 10;
      left = next;
    }
    this.#length += count;
  }

  endRecord(): void {
    if (this.#length >= blockBytes) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    let start = 0;
    while (start < this.#length) start += writeSync(this.#file, this.#block, start, this.#length - start);
    this.#written += this.#length;
    this.#length = 0;
  }
}
