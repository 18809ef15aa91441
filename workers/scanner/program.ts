import type { ByteAutomaton, ByteCheck, ColumnPlan } from "../model/columnPlan.ts";

/** Ops and flags as in assembly/layout.ts. */
const ops = {
  integer: 1,
  number: 2,
  boolean: 3,
  oneOf: 4,
  length: 5,
  date: 6,
  time: 7,
  "date-time": 8,
  email: 9,
  uuid: 10,
  uri: 11,
  ipv4: 12,
  pattern: 13,
} as const satisfies Record<ByteCheck["kind"], number>;

/** A pattern in which every position has its own set of bytes, such as [A-Z]{3}-[0-9]{4}. */
const opSequence = 14;

const flags = { required: 1, alwaysSuspect: 2, unique: 4, plain: 8, hasOneReason: 16 };

const checkSize = 64;
const slotSize = 16;
const lowestInteger = -(2n ** 63n);
const highestInteger = 2n ** 63n - 1n;

/**
 * The columns as the scanner reads them (assembly/layout.ts), to be placed at `address` in its memory: the first check
 * of each column with its flags, then the other checks and the tables that they point to.
 */
export function assembleColumns(columns: readonly ColumnPlan[], address: number): Uint8Array {
  const program = new Program(address);
  const first = program.reserve(columns.length * checkSize);
  for (const [index, plan] of columns.entries()) addColumn(program, first + index * checkSize, plan);
  return program.bytes();
}

/** A column without checks keeps the op 0, which accepts everything. */
function addColumn(
  program: Program,
  at: number,
  { checks, required, alwaysSuspect, unique, hasOneReason }: ColumnPlan,
): void {
  const isPlain = !alwaysSuspect && !unique && checks.length <= 1;
  const flagged =
    (required ? flags.required : 0) |
    (alwaysSuspect ? flags.alwaysSuspect : 0) |
    (unique ? flags.unique : 0) |
    (isPlain ? flags.plain : 0) |
    (isPlain && hasOneReason ? flags.hasOneReason : 0);
  program.setUint32(at + 4, flagged);
  let place = at;
  checks.forEach((check, index) => {
    if (index > 0) {
      const next = program.reserve(checkSize);
      program.setUint32(place + 8, next);
      place = next;
    }
    program.setUint32(place, ops[check.kind]);
    addParameters(program, place, check);
  });
}

/** Offsets of a check's parameters a, b and c. */
const offsetA = 16;
const offsetB = 24;
const offsetC = 32;

function addParameters(program: Program, at: number, check: ByteCheck): void {
  switch (check.kind) {
    case "integer":
      program.setInt64(at + offsetA, within(check.minimum ?? lowestInteger));
      program.setInt64(at + offsetB, within(check.maximum ?? highestInteger));
      program.setInt64(at + offsetC, within(check.multipleOf ?? 0n));
      return;
    case "number":
      program.setInt64(at + offsetA, BigInt(addLimits(program, check)));
      program.setInt64(at + offsetB, check.multipleOf?.unit ?? 0n);
      program.setInt64(at + offsetC, BigInt(check.multipleOf?.scale ?? 0));
      return;
    case "length":
      program.setInt64(at + offsetA, BigInt(Math.min(check.minimum, maximumLength)));
      program.setInt64(at + offsetB, BigInt(Math.min(check.maximum ?? maximumLength, maximumLength)));
      return;
    case "oneOf":
      addTexts(program, at, check.values);
      return;
    case "pattern":
      if (!addSequence(program, at, check.automaton)) addAutomaton(program, at, check.automaton);
      return;
    default:
  }
}

/** Below 2 ** 29, so that the scanner can multiply it by 8 in 32 bits; records are far shorter. */
const maximumLength = 2 ** 28;

/** The scanner counts up to 18 digits, so a limit beyond 64 bits has the same effect as the last one within. */
function within(value: bigint): bigint {
  if (value < lowestInteger) return lowestInteger;
  return value > highestInteger ? highestInteger : value;
}

/** Maximum digits of a number that is checked as bytes. */
const maxDigits = 15;

type NumberCheck = Extract<ByteCheck, { readonly kind: "number" }>;

/**
 * For 0 to 15 decimals the minimum and the maximum, in units of the last decimal. They are compared with the double
 * nearest to the text, as the exact check does; with so few digits it is the quotient of two integers that are exact.
 */
function addLimits(program: Program, check: NumberCheck): number {
  const table = program.reserve((maxDigits + 1) * 16);
  for (let decimals = 0; decimals <= maxDigits; decimals += 1) {
    const unit = 10 ** decimals;
    const isHighEnough = (count: number) =>
      (check.minimum === null || count / unit >= check.minimum) &&
      (check.exclusiveMinimum === null || count / unit > check.exclusiveMinimum);
    const isLowEnough = (count: number) =>
      (check.maximum === null || count / unit <= check.maximum) &&
      (check.exclusiveMaximum === null || count / unit < check.exclusiveMaximum);
    program.setInt64(table + decimals * 16, BigInt(firstThat(isHighEnough)));
    program.setInt64(table + decimals * 16 + 8, BigInt(firstThat((count) => !isLowEnough(count)) - 1));
  }
  return table;
}

/**
 * The first integer of up to 15 digits that fulfils a condition which all larger ones fulfil; else the one after them.
 */
function firstThat(fulfils: (count: number) => boolean): number {
  let low = -(10 ** maxDigits);
  let high = 10 ** maxDigits;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fulfils(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A hash table of 16-byte slots: the first 8 bytes of the text, its length + 1, its address. */
function addTexts(program: Program, at: number, values: readonly Uint8Array[]): void {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(2, values.length * 4)));
  const hashes = values.map((value) => hashable(value));
  const factor = factors.find((candidate) => areApart(hashes, candidate, slots)) ?? (factors[0] as bigint);
  const table = program.reserve(slots * slotSize);
  program.setInt64(at + offsetA, BigInt(table));
  program.setInt64(at + offsetB, BigInt(slots - 1));
  program.setInt64(at + offsetC, BigInt.asIntN(64, factor));
  values.forEach((value, index) => {
    let slot = slotOf(hashes[index] as bigint, factor, slots);
    while (program.getUint32(table + slot * slotSize + 8) !== 0) slot = (slot + 1) & (slots - 1);
    const text = program.append(value);
    program.setInt64(table + slot * slotSize, BigInt.asIntN(64, prefixOf(value)));
    program.setUint32(table + slot * slotSize + 8, value.length + 1);
    program.setUint32(table + slot * slotSize + 12, text);
  });
}

/** Odd numbers with evenly spread bits: multiples of the golden ratio in 64 bits. */
const factors = Array.from({ length: 256 }, (_, index) =>
  BigInt.asUintN(64, 0x9e3779b97f4a7c15n * BigInt(2 * index + 1)),
);

/** Whether every text has its own slot. For more than a few dozen texts, such a factor is unlikely to exist. */
function areApart(hashes: readonly bigint[], factor: bigint, slots: number): boolean {
  if (hashes.length > 64) return false;
  return new Set(hashes.map((hash) => slotOf(hash, factor, slots))).size === hashes.length;
}

/** Computed as in assembly/texts.ts. */
function hashable(value: Uint8Array): bigint {
  return prefixOf(value) ^ BigInt.asUintN(64, BigInt(value.length) << 56n);
}

function slotOf(hash: bigint, factor: bigint, slots: number): number {
  return Number((BigInt.asUintN(64, hash * factor) >> 40n) & BigInt(slots - 1));
}

function prefixOf(value: Uint8Array): bigint {
  let prefix = 0n;
  for (let index = Math.min(8, value.length) - 1; index >= 0; index -= 1) {
    prefix = (prefix << 8n) | BigInt(value[index] as number);
  }
  return prefix;
}

/** Maximum length of a sequence: each of its positions needs 256 bytes. */
const maxPlaces = 64;

/** If each state leads to at most one other state, the sets of bytes can be looked up independently of each other. */
function addSequence(program: Program, at: number, automaton: ByteAutomaton): boolean {
  const places: Uint8Array[] = [];
  let state = automaton.start;
  while (places.length < maxPlaces && automaton.accepts[state] === 0) {
    const step = onlyStep(automaton, state);
    if (step === undefined) return false;
    places.push(step.bytes);
    state = step.next;
  }
  if (automaton.accepts[state] === 0 || places.length === 0 || leadsAnywhere(automaton, state)) return false;
  program.setUint32(at, opSequence);
  program.setInt64(at + offsetA, BigInt(program.append(Buffer.concat(places))));
  program.setInt64(at + offsetB, BigInt(places.length));
  return true;
}

/** The one state that a state leads to, and a 1 for each of the 256 bytes that lead there. */
function onlyStep({ classes, classCount, next }: ByteAutomaton, state: number) {
  const targets = new Set(next.subarray(state * classCount, (state + 1) * classCount));
  targets.delete(0);
  const [target] = targets;
  if (targets.size !== 1 || target === undefined) return undefined;
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) =>
    Number(next[state * classCount + (classes[byte] as number)] === target),
  );
  return { next: target, bytes };
}

function leadsAnywhere({ classCount, next }: ByteAutomaton, state: number): boolean {
  return next.subarray(state * classCount, (state + 1) * classCount).some((target) => target !== 0);
}

/** A row per state: the address of the next row for every class, then whether the state accepts. */
function addAutomaton(program: Program, at: number, automaton: ByteAutomaton): void {
  const { states, classCount, classes, next, accepts, start } = automaton;
  const rowSize = (classCount + 1) * 4;
  const classTable = program.append(classes);
  const rows = program.reserve(states * rowSize);
  const rowOf = (state: number) => rows + state * rowSize;
  for (let state = 0; state < states; state += 1) {
    for (let index = 0; index < classCount; index += 1) {
      program.setUint32(rowOf(state) + index * 4, rowOf(next[state * classCount + index] as number));
    }
    program.setUint32(rowOf(state) + classCount * 4, accepts[state] as number);
  }
  program.setInt64(at + offsetA, BigInt(classTable));
  // The dead state is 0; the upper half contains the offset of a row's last entry.
  program.setInt64(at + offsetB, BigInt(rowOf(0)) | (BigInt(classCount * 4) << 32n));
  program.setInt64(at + offsetC, BigInt(rowOf(start)));
}

/** Growing bytes that will be placed at an address. */
class Program {
  readonly #address: number;
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  constructor(address: number) {
    this.#address = address;
  }

  /** Zeroed bytes at an address that is a multiple of 8. */
  reserve(size: number): number {
    const at = this.#length;
    this.#length += Math.ceil(size / 8) * 8;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return this.#address + at;
  }

  append(bytes: Uint8Array): number {
    const at = this.reserve(bytes.length);
    this.#bytes.set(bytes, at - this.#address);
    return at;
  }

  getUint32(at: number): number {
    return this.#view.getUint32(at - this.#address, true);
  }

  setUint32(at: number, value: number): void {
    this.#view.setUint32(at - this.#address, value, true);
  }

  setInt64(at: number, value: bigint): void {
    this.#view.setBigInt64(at - this.#address, value, true);
  }

  setFloat64(at: number, value: number): void {
    this.#view.setFloat64(at - this.#address, value, true);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
