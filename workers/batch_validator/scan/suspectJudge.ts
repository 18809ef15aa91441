import { isUtf8 } from "node:buffer";
import type { FieldFailure, RecordChecks } from "../../model/columnPlan.ts";
import {
  kindOf as kindOfSuspect,
  malformedRules,
  suspectKinds,
  suspectWords,
  verdictOf,
  verdicts,
} from "../../scanner/scanner.ts";
import { ErrorList } from "./errorList.ts";
import type { ErrorKind } from "./segment.ts";

const wholeRecord = -1;

export const malformedExpectations = {
  "stray-quote": "no quote inside of a field that does not begin with one",
  "text-after-quote": "a delimiter or a line end after the closing quote",
  "unclosed-quote": "a closing quote",
  "too-long": "a record within the longest length allowed",
} as const satisfies Record<(typeof malformedRules)[number], string>;

const notUtf8: FieldFailure = { rule: "encoding", expected: "valid UTF-8" };

/** Decides what the scanner suspects, by the exact checks. */
export class SuspectJudge {
  readonly errors = new ErrorList();
  readonly #checks: RecordChecks;
  readonly #bytes: Uint8Array;
  readonly #buffer: Buffer;
  readonly #quote: number;
  readonly #doubledQuote: string;
  readonly #quoteText: string;
  /** Numbers by the failure that the checks give, which is the same object every time; the record as a whole comes last. */
  readonly #kinds: Map<FieldFailure, number>[];
  readonly #wrongCount: FieldFailure;
  /** By column and verdict. */
  readonly #failures: (FieldFailure | undefined)[];
  #newKinds: ErrorKind[] = [];
  #kindCount = 0;
  #doubtsEncoding = false;

  /** `bytes` is where the fields lie that the scanner speaks of. */
  constructor(checks: RecordChecks, quote: string, bytes: Uint8Array) {
    this.#checks = checks;
    this.#bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#quote = quote.charCodeAt(0);
    this.#quoteText = quote;
    this.#doubledQuote = quote + quote;
    const count = checks.columns.length;
    this.#wrongCount = { rule: "field-count", expected: count === 1 ? "1 field" : `${count} fields` };
    this.#failures = new Array<FieldFailure | undefined>(count * (verdicts.highest + 1)).fill(undefined);
    this.#kinds = Array.from({ length: checks.columns.length + 1 }, () => new Map());
  }

  begin(doubtsEncoding: boolean): void {
    this.errors.clear();
    this.#doubtsEncoding = doubtsEncoding;
  }

  /** Kinds of errors that were met since the last call. */
  takeNewKinds(): readonly ErrorKind[] {
    const kinds = this.#newKinds;
    this.#newKinds = [];
    return kinds;
  }

  /** Suspects as the scanner hands them over, those of a record together. */
  judge(suspects: Uint32Array): void {
    for (let at = 0; at < suspects.length; ) {
      const record = suspects[at];
      let end = at;
      while (end < suspects.length && suspects[end] === record) end += suspectWords;
      // With a wrong number of fields nobody knows which column a field belongs to: the one error says it all.
      const last = end - suspectWords;
      const first = kindOfSuspect(suspects[last + 1] as number) === suspectKinds.fieldCount ? last : at;
      for (let index = first; index < end; index += suspectWords) this.#judgeOne(suspects, index);
      at = end;
    }
  }

  #judgeOne(suspects: Uint32Array, at: number): void {
    const word = suspects[at + 1] as number;
    const kind = kindOfSuspect(word);
    const column = suspects[at + 2] as number;
    const start = suspects[at + 3] as number;
    const end = suspects[at + 4] as number;
    if (kind === suspectKinds.field || kind === suspectKinds.missing) {
      const failure =
        kind === suspectKinds.field
          ? this.#judgeVerdict(column, verdictOf(word), start, end)
          : this.#checks.judgeField(column, "");
      if (failure !== undefined) this.#add(suspects, at, this.kindOf(column, failure), start, end, column + 1);
      return;
    }
    const failure = kind === suspectKinds.fieldCount ? this.#wrongCount : malformed(start);
    const field = kind === suspectKinds.fieldCount ? 0 : column + 1;
    const recordStart = suspects[at + 6] as number;
    this.#add(suspects, at, this.kindOf(wholeRecord, failure), recordStart, suspects[at + 7] as number, field);
  }

  /** What is wrong for sure is asked about once: the next field that is wrong in this way is refused for the same reason. */
  #judgeVerdict(column: number, verdict: number, start: number, end: number): FieldFailure | undefined {
    if (verdict <= verdicts.suspect) return this.#judgeField(column, start, end);
    const key = column * (verdicts.highest + 1) + verdict;
    let failure = this.#failures[key];
    if (failure === undefined) {
      failure = this.#judgeField(column, start, end);
      this.#failures[key] = failure;
    }
    return failure;
  }

  #judgeField(column: number, start: number, end: number): FieldFailure | undefined {
    const bytes = this.#buffer;
    const isQuoted = bytes[start] === this.#quote && end - start > 1;
    const from = isQuoted ? start + 1 : start;
    const to = isQuoted ? end - 1 : end;
    if (this.#doubtsEncoding && !isUtf8(bytes.subarray(from, to))) return notUtf8;
    const text = this.#textOf(from, to);
    const value =
      isQuoted && text.includes(this.#quoteText) ? text.replaceAll(this.#doubledQuote, this.#quoteText) : text;
    return this.#checks.judgeField(column, value);
  }

  /** Most suspects are short and ASCII, for which this is several times as fast as decoding UTF-8. */
  #textOf(start: number, end: number): string {
    if (end - start > 64) return this.#buffer.toString("utf8", start, end);
    for (let at = start; at < end; at += 1) {
      if ((this.#bytes[at] as number) > 0x7f) return this.#buffer.toString("utf8", start, end);
    }
    return this.#buffer.toString("latin1", start, end);
  }

  #add(suspects: Uint32Array, at: number, kind: number, start: number, end: number, field: number): void {
    this.errors.add(
      suspects[at] as number,
      kind,
      start,
      end,
      suspects[at + 5] as number,
      suspects[at + 6] as number,
      suspects[at + 7] as number,
      field,
    );
  }

  /** The number of a kind of error; -1 as column for the record as a whole. */
  kindOf(column: number, failure: FieldFailure): number {
    const kinds = this.#kinds.at(column) as Map<FieldFailure, number>;
    let id = kinds.get(failure);
    if (id === undefined) {
      id = this.#kindCount++;
      kinds.set(failure, id);
      this.#newKinds.push({ id, column, rule: failure.rule, expected: failure.expected });
    }
    return id;
  }
}

function malformed(rule: number): FieldFailure {
  const failure = malformedFailures[rule];
  if (failure === undefined) throw new Error(`the scanner named a rule ${rule} that does not exist`);
  return failure;
}

const malformedFailures: readonly FieldFailure[] = malformedRules.map((rule) => ({
  rule,
  expected: malformedExpectations[rule],
}));
