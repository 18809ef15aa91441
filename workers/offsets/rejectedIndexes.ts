import { WorkerFault } from "../model/fault.ts";

/**
 * The indexes of a chunk's rejected records, as in `rejected.bin`: unsigned LEB128 numbers, the first one the
 * distance from the chunk's startIndex, every other one the distance from the index before it. A file in which every
 * record is invalid costs one byte per record, one with few invalid records next to nothing.
 */
export class RejectedIndexesEncoder {
  #bytes = new Uint8Array(256);
  #length = 0;
  #last: number;
  #isFirst = true;

  constructor(startIndex: number) {
    this.#last = startIndex;
  }

  /** Accepts different indexes in ascending order. */
  add(index: number): void {
    const distance = index - this.#last;
    const least = this.#isFirst ? 0 : 1;
    if (!Number.isSafeInteger(distance) || distance < least) {
      throw new RangeError(`rejected index ${index} came after ${this.#last}; expected ascending indexes`);
    }
    this.#last = index;
    this.#isFirst = false;
    this.#write(distance);
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** The added indexes, as bytes that belong to the caller. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #write(distance: number): void {
    if (this.#length + maxBytes > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = distance;
    // No bit operators: they would truncate the number to 32 bits.
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }
}

/** Bytes of the largest safe integer: 53 bits, 7 in each. */
const maxBytes = 8;

export function encodeRejectedIndexes(indexes: Iterable<number>, startIndex: number): Uint8Array {
  const encoder = new RejectedIndexesEncoder(startIndex);
  for (const index of indexes) encoder.add(index);
  return encoder.bytes();
}

/** Throws a WorkerFault (input-missing) when the bytes are not valid for [startIndex, endIndex). */
export function* decodeRejectedIndexes(bytes: Uint8Array, startIndex: number, endIndex: number): Generator<number> {
  let index = startIndex;
  let position = 0;
  while (position < bytes.length) {
    const isFirst = position === 0;
    let distance = 0;
    let factor = 1;
    let byte = 0;
    do {
      if (position === bytes.length || factor > maxFactor) throw corrupt("a number that does not end");
      byte = bytes[position++] as number;
      distance += (byte % 0x80) * factor;
      factor *= 0x80;
    } while (byte >= 0x80);
    if (distance === 0 && !isFirst) throw corrupt(`index ${index} twice`);
    index += distance;
    if (index >= endIndex) throw corrupt(`index ${index}`);
    yield index;
  }

  function corrupt(found: string): WorkerFault {
    return new WorkerFault(
      "input-missing",
      `the list of rejected records has ${found}; expected ascending indexes from ${startIndex} to below ${endIndex}`,
      { hint: "Validate the file again: rejected.bin is damaged or belongs to another chunks.json." },
    );
  }
}

const maxFactor = 0x80 ** (maxBytes - 1);

/**
 * Whether indexes, queried in ascending order, are among the rejected ones. Decodes on the go, because a chunk of
 * millions of rejected records would need eight times the memory as numbers.
 */
export class RejectedIndexes {
  readonly #indexes: Iterator<number>;
  #next: number;

  constructor(bytes: Uint8Array, startIndex: number, endIndex: number) {
    this.#indexes = decodeRejectedIndexes(bytes, startIndex, endIndex);
    this.#next = this.#advance();
  }

  has(index: number): boolean {
    while (this.#next < index) this.#next = this.#advance();
    return this.#next === index;
  }

  #advance(): number {
    const { done, value } = this.#indexes.next();
    return done ? Number.POSITIVE_INFINITY : value;
  }
}

/** How many indexes the bytes contain: every number has one byte below 0x80, its last. */
export function countRejectedIndexes(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count += 1;
  return count;
}
