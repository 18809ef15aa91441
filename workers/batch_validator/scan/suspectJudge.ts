import { isUtf8 } from "node:buffer";
import type { FieldFailure, RecordChecks } from "../../model/columnPlan.ts";
import { malformedExpectations } from "../../model/csvRecord.ts";
import {
  fieldCountSlot,
  kindOf as kindOfSuspect,
  malformedRules,
  malformedSlot,
  slotsPerColumn,
  suspectKinds,
  suspectWords,
  verdictOf,
  verdicts,
} from "../../scanner/scanner.ts";
import {
  errorEnd,
  errorField,
  errorKind,
  errorRecord,
  errorRecordEnd,
  errorRecordStart,
  errorStart,
  noField,
} from "./errorWords.ts";
import type { ErrorKind } from "./segment.ts";
import { WordList } from "./wordList.ts";

const wholeRecord = -1;

const notUtf8: FieldFailure = { rule: "encoding", expected: "valid UTF-8" };

/** Decides the scanner's suspects with the exact checks. */
export class SuspectJudge {
  readonly errors = new WordList();
  readonly #checks: RecordChecks;
  readonly #bytes: Uint8Array;
  readonly #buffer: Buffer;
  readonly #quote: number;
  readonly #doubledQuote: string;
  readonly #quoteText: string;
  /** Numbers by the failure that the checks return, which is the same object every time; whole records come last. */
  readonly #kinds: Map<FieldFailure, number>[];
  readonly #wrongCount: FieldFailure;
  /** Numbers of kinds by the slots of the scanner; -1 until the first one is judged, and where there is no error. */
  readonly #sureKinds: Int32Array;
  readonly #onKnown: (slot: number) => void;
  /** All kinds found so far, by their numbers. */
  readonly kinds: ErrorKind[] = [];
  #reportedKinds = 0;
  #doubtsEncoding = false;

  /**
   * `bytes` contains the fields that suspects refer to; `onKnown` is called for slots that are one kind of error from
   * now on.
   */
  constructor(checks: RecordChecks, quote: string, bytes: Uint8Array, onKnown: (slot: number) => void) {
    this.#onKnown = onKnown;
    this.#checks = checks;
    this.#bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#quote = quote.charCodeAt(0);
    this.#quoteText = quote;
    this.#doubledQuote = quote + quote;
    const count = checks.columns.length;
    this.#wrongCount = { rule: "field-count", expected: count === 1 ? "1 field" : `${count} fields` };
    this.#sureKinds = new Int32Array((count + 1) * slotsPerColumn).fill(-1);
    this.#kinds = Array.from({ length: checks.columns.length + 1 }, () => new Map());
  }

  begin(doubtsEncoding: boolean): void {
    this.errors.clear();
    this.#doubtsEncoding = doubtsEncoding;
  }

  /** Kinds of errors found since the last call. */
  takeNewKinds(): readonly ErrorKind[] {
    const kinds = this.kinds.slice(this.#reportedKinds);
    this.#reportedKinds = this.kinds.length;
    return kinds;
  }

  /** The kind of the errors of a slot that is known. */
  kindOfSlot(slot: number): number {
    return this.#sureKinds[slot] as number;
  }

  /**
   * Judges the suspects [from, end) as the scanner passes them, all those of a record together. Those that remain are
   * errors.
   */
  judge(suspects: Uint32Array, from: number, end: number): void {
    let left = from;
    for (let at = from; at < end; ) {
      const record = suspects[at + errorRecord];
      let next = at + suspectWords;
      while (next < end && suspects[next + errorRecord] === record) next += suspectWords;
      // With a wrong number of fields, it is unknown which column a field belongs to: report one error only.
      const last = next - suspectWords;
      if (kindOfSuspect(suspects[last + errorKind] as number) === suspectKinds.fieldCount) at = last;
      for (; at < next; at += suspectWords) {
        const kind = this.#judgeOne(suspects, at);
        if (kind < 0) continue;
        if (left !== at) suspects.copyWithin(left, at, at + suspectWords);
        suspects[left + errorKind] = kind;
        left += suspectWords;
      }
    }
    this.errors.append(suspects.subarray(from, left));
  }

  /** The number of the kind of error; -1 for none. */
  #judgeOne(suspects: Uint32Array, at: number): number {
    const word = suspects[at + errorKind] as number;
    const kind = kindOfSuspect(word);
    if (kind === suspectKinds.field) return this.#judgeSuspect(suspects, at, verdictOf(word));
    const column = suspects[at + errorField] as number;
    if (kind === suspectKinds.missing) return this.#judgeMissing(column);
    const isCount = kind === suspectKinds.fieldCount;
    const rule = suspects[at + errorStart] as number;
    if (isCount) suspects[at + errorField] = noField;
    suspects[at + errorStart] = suspects[at + errorRecordStart] as number;
    suspects[at + errorEnd] = suspects[at + errorRecordEnd] as number;
    const slot = this.#checks.columns.length * slotsPerColumn + (isCount ? fieldCountSlot : malformedSlot + rule);
    const known = this.#sureKinds[slot] as number;
    return known >= 0
      ? known
      : this.#know(slot, this.kindOf(wholeRecord, isCount ? this.#wrongCount : malformed(rule)));
  }

  /** The verdict 0 means that a field is valid, so its slot is free. */
  #judgeMissing(column: number): number {
    const slot = column * slotsPerColumn;
    const known = this.#sureKinds[slot] as number;
    return known >= 0 ? known : this.#know(slot, this.#kindOrNone(column, this.#checks.judgeField(column, "")));
  }

  /** A certain error is judged once: the next field that is wrong in the same way is rejected for the same reason. */
  #judgeSuspect(suspects: Uint32Array, at: number, verdict: number): number {
    const column = suspects[at + errorField] as number;
    const slot = column * slotsPerColumn + verdict;
    const isSure = verdict > verdicts.suspect;
    if (isSure) {
      const known = this.#sureKinds[slot] as number;
      if (known >= 0) return known;
    }
    const start = suspects[at + errorStart] as number;
    const kind = this.#kindOrNone(column, this.#judgeField(column, start, suspects[at + errorEnd] as number));
    return isSure ? this.#know(slot, kind) : kind;
  }

  #know(slot: number, kind: number): number {
    this.#sureKinds[slot] = kind;
    if (kind >= 0) this.#onKnown(slot);
    return kind;
  }

  #kindOrNone(column: number, failure: FieldFailure | undefined): number {
    return failure === undefined ? -1 : this.kindOf(column, failure);
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

  /** Suspects are usually short and ASCII, for which this is several times as fast as decoding UTF-8. */
  #textOf(start: number, end: number): string {
    if (end - start > 64) return this.#buffer.toString("utf8", start, end);
    for (let at = start; at < end; at += 1) {
      if ((this.#bytes[at] as number) > 0x7f) return this.#buffer.toString("utf8", start, end);
    }
    return this.#buffer.toString("latin1", start, end);
  }

  /** The number of a kind of error; -1 as column for the record as a whole. */
  kindOf(column: number, failure: FieldFailure): number {
    const kinds = this.#kinds.at(column) as Map<FieldFailure, number>;
    let id = kinds.get(failure);
    if (id === undefined) {
      id = this.kinds.length;
      kinds.set(failure, id);
      this.kinds.push({ id, column, rule: failure.rule, expected: failure.expected });
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
