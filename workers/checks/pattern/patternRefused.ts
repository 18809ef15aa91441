/**
 * An invalid pattern, or one that cannot be matched in linear time. The message says what, where in the pattern, and
 * why.
 */
export class PatternRefused extends Error {
  /** Position in the pattern, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = "PatternRefused";
    this.at = at;
  }
}
