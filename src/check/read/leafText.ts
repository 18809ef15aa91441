/**
 * Collects the text of one string leaf as Terraform's second evaluation leaves it.
 *
 * A document is an input of type object, so after `templatefile` and `jsondecode` every string in it, keys too, is read as a
 * template once more: a run of n signs before `{` loses one of them, and a single one starts an expression.
 * (Measured with Terraform 1.11.4; test/check/read/readTemplateJson.test.ts records the results.)
 */
export class LeafText {
  /** Positions of single signs before a brace: text that would be evaluated although it was meant as text. */
  readonly evaluated: number[] = [];
  readonly #evaluatedAgain: boolean;
  #text = "";
  #sign = "";
  #count = 0;
  #signAt = 0;

  constructor(evaluatedAgain: boolean) {
    this.#evaluatedAgain = evaluatedAgain;
  }

  /** Text without `$`, `%` and `{`, or the sample of a placeholder. */
  plain(text: string): void {
    if (text === "") return;
    this.#flush(this.#count);
    this.#text += text;
  }

  /** Signs, `$` or `%`, at an offset in the source. */
  signs(sign: string, count: number, at: number): void {
    if (sign !== this.#sign || this.#count === 0) {
      this.#flush(this.#count);
      this.#sign = sign;
      this.#signAt = at;
    }
    this.#count += count;
  }

  brace(): void {
    if (this.#evaluatedAgain && this.#count === 1) this.evaluated.push(this.#signAt);
    this.#flush(this.#evaluatedAgain && this.#count > 1 ? this.#count - 1 : this.#count);
    this.#text += "{";
  }

  end(): string {
    this.#flush(this.#count);
    return this.#text;
  }

  #flush(count: number): void {
    if (count > 0) this.#text += this.#sign.repeat(count);
    this.#count = 0;
  }
}
