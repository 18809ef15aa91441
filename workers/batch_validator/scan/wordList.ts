/** A growing list of 32-bit numbers. */
export class WordList {
  #words = new Uint32Array(0);
  #length = 0;

  append(words: Uint32Array): void {
    const length = this.#length + words.length;
    this.#makeRoom(length);
    this.#words.set(words, this.#length);
    this.#length = length;
  }

  push(word: number): void {
    this.#makeRoom(this.#length + 1);
    this.#words[this.#length] = word;
    this.#length += 1;
  }

  get words(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }

  #makeRoom(length: number): void {
    if (length <= this.#words.length) return;
    const larger = new Uint32Array(Math.max(length, 2 * this.#words.length));
    larger.set(this.#words.subarray(0, this.#length));
    this.#words = larger;
  }

  clear(): void {
    this.#length = 0;
  }
}
