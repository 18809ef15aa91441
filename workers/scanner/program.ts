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

const flags = { required: 1, alwaysSuspect: 2, unique: 4 };

const checkSize = 64;
const columnSize = 8;
const slotSize = 16;
const lowestInteger = -(2n ** 63n);
const highestInteger = 2n ** 63n - 1n;

/**
 * The columns as the scanner reads them (assembly/layout.ts), to be placed at `address` of its memory: a ColumnProgram
 * for each column, then their checks with the tables that these point to.
 */
export function assembleColumns(columns: readonly ColumnPlan[], address: number): Uint8Array {
  const program = new Program(address);
  const first = program.reserve(columns.length * columnSize);
  columns.forEach((plan, index) => {
    const column = first + index * columnSize;
    program.setUint32(column, addChecks(program, plan.checks));
    program.setUint32(
      column + 4,
      (plan.required ? flags.required : 0) |
        (plan.alwaysSuspect ? flags.alwaysSuspect : 0) |
        (plan.unique ? flags.unique : 0),
    );
  });
  return program.bytes();
}

/** Returns the address of the first; 0 for none. */
function addChecks(program: Program, checks: readonly ByteCheck[]): number {
  let next = 0;
  for (const check of [...checks].reverse()) {
    const at = program.reserve(checkSize);
    program.setUint32(at, ops[check.kind]);
    program.setUint32(at + 4, next);
    addParameters(program, at, check);
    next = at;
  }
  return next;
}

function addParameters(program: Program, at: number, check: ByteCheck): void {
  switch (check.kind) {
    case "integer":
      program.setInt64(at + 8, within(check.minimum ?? lowestInteger));
      program.setInt64(at + 16, within(check.maximum ?? highestInteger));
      program.setInt64(at + 24, within(check.multipleOf ?? 0n));
      return;
    case "number":
      program.setInt64(at + 8, check.multipleOf?.unit ?? 0n);
      program.setInt64(at + 16, BigInt(check.multipleOf?.scale ?? 0));
      program.setFloat64(at + 32, check.minimum ?? Number.NEGATIVE_INFINITY);
      program.setFloat64(at + 40, check.maximum ?? Number.POSITIVE_INFINITY);
      program.setFloat64(at + 48, check.exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
      program.setFloat64(at + 56, check.exclusiveMaximum ?? Number.POSITIVE_INFINITY);
      return;
    case "length":
      program.setInt64(at + 8, BigInt(Math.min(check.minimum, maximumLength)));
      program.setInt64(at + 16, BigInt(Math.min(check.maximum ?? maximumLength, maximumLength)));
      return;
    case "oneOf":
      addTexts(program, at, check.values);
      return;
    case "pattern":
      addAutomaton(program, at, check.automaton);
      return;
    default:
  }
}

/** Below 2 ** 29, so that the scanner can multiply it by 8 in 32 bits; a record is far shorter. */
const maximumLength = 2 ** 28;

/** The scanner counts up to 18 digits, so a limit beyond 64 bits says no more than the last one within. */
function within(value: bigint): bigint {
  if (value < lowestInteger) return lowestInteger;
  return value > highestInteger ? highestInteger : value;
}

/** A hash table of 16-byte slots: the first 8 bytes of the text, its length + 1, its address. */
function addTexts(program: Program, at: number, values: readonly Uint8Array[]): void {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(2, values.length * 2)));
  const table = program.reserve(slots * slotSize);
  program.setInt64(at + 8, BigInt(table));
  program.setInt64(at + 16, BigInt(slots - 1));
  for (const value of values) {
    const prefix = prefixOf(value);
    let slot = hash(prefix, value.length) & (slots - 1);
    while (program.getUint32(table + slot * slotSize + 8) !== 0) slot = (slot + 1) & (slots - 1);
    const text = program.append(value);
    program.setInt64(table + slot * slotSize, BigInt.asIntN(64, prefix));
    program.setUint32(table + slot * slotSize + 8, value.length + 1);
    program.setUint32(table + slot * slotSize + 12, text);
  }
}

function prefixOf(value: Uint8Array): bigint {
  let prefix = 0n;
  for (let index = Math.min(8, value.length) - 1; index >= 0; index -= 1) {
    prefix = (prefix << 8n) | BigInt(value[index] as number);
  }
  return prefix;
}

/** As assembly/texts.ts computes it. */
function hash(prefix: bigint, length: number): number {
  return Number(BigInt.asUintN(32, BigInt.asUintN(64, (prefix ^ BigInt(length)) * 0x9e3779b97f4a7c15n) >> 40n));
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
  program.setInt64(at + 8, BigInt(classTable));
  // The state that nothing leaves is 0; the offset of a row's last entry stands in the upper half.
  program.setInt64(at + 16, BigInt(rowOf(0)) | (BigInt(classCount * 4) << 32n));
  program.setInt64(at + 24, BigInt(rowOf(start)));
}

/** Bytes that will lie at an address, and grow. */
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
