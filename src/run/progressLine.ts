/** A line that is drawn over itself on a terminal. */
export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isThere = false;

  constructor(write: (text: string) => void, columns: () => number | undefined) {
    this.#write = write;
    this.#columns = columns;
  }

  /** As often as one likes: it is drawn ten times a second at most, unless it is `important`. */
  draw(text: string, important: boolean): void {
    const columns = this.#columns();
    const now = performance.now();
    if (columns === undefined || (!important && now - this.#drawnAt < 100)) return;
    this.#drawnAt = now;
    // A line that wraps could not be drawn over.
    this.#write(`\r\u001b[K${text.slice(0, Math.max(1, columns - 1))}`);
    this.#isThere = true;
  }

  clear(): void {
    if (this.#isThere) this.#write("\r\u001b[K");
    this.#isThere = false;
  }
}
