import {
  type RejectsRowFormatter,
  type RowOrigin,
  type RowReason,
  rowWords,
} from "../../scanner/rejectsRowFormatter.ts";
import { malformedRules, type Settled } from "../../scanner/scanner.ts";
import { errorKind, errorLine, errorRecord, errorRecordEnd, errorRecordStart, errorWords } from "./errorWords.ts";
import type { RejectsRowBuffers } from "./rejectsRowBuffers.ts";
import { WordList } from "./wordList.ts";

/** How a kind of error is named in a row. */
export interface NamedKind {
  /** -1 for an error of the record as a whole. */
  readonly column: number;
  readonly rule: string;
}

export interface RowNames {
  readonly quote: string;
  readonly columnNames: readonly string[];
}

/** When a scanner settles errors itself: how many slots it has for them, and which kind of error each slot is. */
export interface Slots {
  readonly count: number;
  kindOf(slot: number): number;
}

/** A number above it is not a reason but the index of the record's first error, described when its row is written. */
const firstUnkept = 2 ** 31;

/**
 * The rejected records of a segment: which they are, how often each kind of error occurs, and what is wrong with each.
 * Their rows for `rejects.csv` can be written once it is known how many records and lines come before the segment.
 */
export class SegmentRejects {
  readonly #kinds: readonly NamedKind[];
  readonly #names: RowNames;
  readonly #slots: Slots;
  readonly #errors: () => Uint32Array;
  /** How many errors have been processed. */
  #taken = 0;
  #counts = new Uint32Array(16);
  readonly #rows = new WordList();
  readonly #records = new WordList();
  readonly #row = new Uint32Array(rowWords);
  /** By kind, the reason of a record with only this error; -1 until it is requested. */
  #reasonsOfOne = new Int32Array(16).fill(-1);
  /** Numbered after the slots. */
  readonly #reasons: RowReason[] = [];
  readonly #start: Combination = { before: undefined, kind: -1, longer: undefined, reason: unkept };
  #combinations = 0;

  /**
   * `kinds`: by the numbers of errors; may grow. `errors`: those of the segment so far; an error has to stay until the
   * rows are written.
   */
  constructor(kinds: readonly NamedKind[], names: RowNames, errors: () => Uint32Array, slots: Slots = noSlots) {
    this.#kinds = kinds;
    this.#names = names;
    this.#errors = errors;
    this.#slots = slots;
  }

  /** Starts another segment. */
  begin(): void {
    this.#counts.fill(0);
    this.#rows.clear();
    this.#records.clear();
    this.#taken = 0;
  }

  /** Adds records whose errors the scanner settled. */
  addSettled({ rows, records }: Settled): void {
    this.#rows.append(rows);
    this.#records.append(records);
  }

  /** Processes the errors added since the last call; all errors of a record are among them. */
  addErrors(): void {
    const errors = this.#errors();
    this.#makeRoom();
    const row = this.#row;
    for (let at = this.#taken; at < errors.length; ) {
      const first = at;
      const record = errors[at + errorRecord] as number;
      const kind = errors[at + errorKind] as number;
      (this.#counts[kind] as number)++;
      at += errorWords;
      let reason = this.#reasonsOfOne[kind] as number;
      if (at < errors.length && errors[at + errorRecord] === record) {
        const all = this.#combine(errors, first, record);
        at = all.end;
        reason = all.reason;
      } else if (reason < 0) reason = this.#reasonOfOne(kind);
      row[0] = record;
      row[1] = errors[first + errorLine] as number;
      row[2] = errors[first + errorRecordStart] as number;
      row[3] = errors[first + errorRecordEnd] as number;
      row[4] = reason;
      this.#rows.append(row);
      this.#records.push(record);
    }
    this.#taken = errors.length;
  }

  /** Counts errors that the scanner settled. */
  count(slot: number, times: number): void {
    this.#makeRoom();
    (this.#counts[this.#slots.kindOf(slot)] as number) += times;
  }

  /** How many errors there are of each kind. */
  get counts(): Uint32Array {
    return this.#counts.subarray(0, this.#kinds.length);
  }

  /** Rejected records by their numbers in the segment, ascending. */
  get records(): Uint32Array {
    return this.#records.words;
  }

  /** Writes the first `maxRows` rows. */
  write(formatter: RejectsRowFormatter, origin: RowOrigin, maxRows: number, rowBuffers: RejectsRowBuffers): void {
    const rows = this.#rows.words;
    formatter.format(rows.subarray(0, Math.min(rows.length, maxRows * rowWords)), origin, {
      reasonOf: (number) => this.#reasonOf(number),
      lengthOf: () => rowBuffers.length,
      onBytes: (bytes) => rowBuffers.append(bytes),
    });
  }

  #reasonOf(number: number): RowReason {
    if (number >= firstUnkept) return this.#describeAt((number - firstUnkept) * errorWords);
    const { count, kindOf } = this.#slots;
    return number < count ? this.#describe([kindOf(number)]) : (this.#reasons[number - count] as RowReason);
  }

  #makeRoom(): void {
    if (this.#kinds.length <= this.#counts.length) return;
    const counts = new Uint32Array(2 * this.#kinds.length);
    counts.set(this.#counts);
    this.#counts = counts;
    const reasons = new Int32Array(2 * this.#kinds.length).fill(-1);
    reasons.set(this.#reasonsOfOne);
    this.#reasonsOfOne = reasons;
  }

  #reasonOfOne(kind: number): number {
    const reason = this.#keep(this.#describe([kind]));
    this.#reasonsOfOne[kind] = reason;
    return reason;
  }

  /** Counts the other errors of a record that has several. */
  #combine(errors: Uint32Array, first: number, record: number): { readonly end: number; readonly reason: number } {
    let combination = this.#and(this.#start, errors[first + errorKind] as number);
    let at = first + errorWords;
    for (; at < errors.length && errors[at + errorRecord] === record; at += errorWords) {
      const kind = errors[at + errorKind] as number;
      (this.#counts[kind] as number)++;
      combination = this.#and(combination, kind);
    }
    if (combination.reason === notRequested) {
      const reason = this.#describe(kindsOf(combination));
      combination.reason = reason.text.length <= maxKeptReasonBytes ? this.#keep(reason) : unkept;
    }
    return { end: at, reason: combination.reason === unkept ? firstUnkept + first / errorWords : combination.reason };
  }

  /** There are few combinations of errors, and they repeat. */
  #and(combination: Combination, kind: number): Combination {
    return combination.longer?.get(kind) ?? this.#add(combination, kind);
  }

  #add(before: Combination, kind: number): Combination {
    const isKept = this.#combinations < maxCombinations;
    const longer: Combination = { before, kind, longer: undefined, reason: isKept ? notRequested : unkept };
    if (isKept) {
      before.longer ??= new Map();
      before.longer.set(kind, longer);
      this.#combinations += 1;
    }
    return longer;
  }

  #keep(reason: RowReason): number {
    return this.#slots.count + this.#reasons.push(reason) - 1;
  }

  #describeAt(first: number): RowReason {
    const errors = this.#errors();
    const kinds: number[] = [];
    const record = errors[first + errorRecord];
    for (let at = first; at < errors.length && errors[at + errorRecord] === record; at += errorWords)
      kinds.push(errors[at + errorKind] as number);
    return this.#describe(kinds);
  }

  /** "column rule; column rule", in quotes. */
  #describe(kinds: readonly number[]): RowReason {
    const { columnNames, quote } = this.#names;
    const known = kinds.map((number) => {
      const kind = this.#kinds[number];
      if (kind === undefined) throw new Error(`the kind of error ${number} does not exist`);
      return kind;
    });
    const parts = known.map(({ column, rule }) => (column < 0 ? rule : `${columnNames[column]} ${rule}`));
    return {
      text: Buffer.from(`${quote}${parts.join("; ").replaceAll(quote, quote + quote)}${quote}`),
      isMalformed: known.some(({ rule }) => malformedRuleNames.has(rule)),
    };
  }
}

/** Errors of a record, in their order. */
interface Combination {
  /** The combination without the last error; undefined for an empty one. */
  readonly before: Combination | undefined;
  readonly kind: number;
  /** By the kind of an additional error. */
  longer: Map<number, Combination> | undefined;
  /** Its number, once requested; never requested for a combination that is only a prefix of others. */
  reason: number;
}

const notRequested = -1;
/** Described again each time. */
const unkept = -2;

/** Hostile data could have as many combinations as records, each with as many errors as there are columns. */
const maxCombinations = 2000;
const maxKeptReasonBytes = 1024;

function kindsOf(combination: Combination): readonly number[] {
  const kinds: number[] = [];
  for (let last = combination; last.before !== undefined; last = last.before) kinds.push(last.kind);
  return kinds.reverse();
}

const malformedRuleNames: ReadonlySet<string> = new Set(malformedRules);

const noSlots: Slots = { count: 0, kindOf: () => -1 };
