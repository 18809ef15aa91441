/** How severe a problem is: an error fails the command, a warning fails it only with `--strict`. */
export type Severity = "error" | "warning";

/** A position in a text file. Both are 1-based; the column counts UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * A mistake in what the user wrote: a value, collected and reported, never thrown.
 * The sentence is made from the facts by `report/sentence.ts`, so that every format says the same.
 */
export interface Problem {
  /** Rule id, `schema/<keyword>` for a JSON Schema keyword, or the id of a reading stage such as `json-syntax`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Path as the user would type it. */
  readonly file: string;
  readonly position: Position;
  /** RFC 6901 pointer to the value within its document; "" for the document itself. */
  readonly pointer: string;
  /** The value found, as data; absent when a value is missing. */
  readonly found?: unknown;
  /** What would have been right, as the end of "expected …". */
  readonly expected: string;
  /** What to do next. */
  readonly hint?: string;
}

/** A stage that cannot produce a value throws this, with all the problems it found. */
export class InvalidInput extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`${problems.length} problem(s)`);
    this.name = "InvalidInput";
    this.problems = problems;
  }
}

/** The user called the command wrongly: exit code 2. */
export class WrongUsage extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = "WrongUsage";
    this.hint = hint;
  }
}

/** Something outside the input went wrong (disk, permissions, a bug): exit code 3. */
export class Fault extends Error {
  readonly hint: string | undefined;
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "Fault";
    this.hint = options.hint;
  }
}
