import type { ObjectVersion } from "../model/objectStore.ts";

/** Throws a RangeError for bytes that the object does not have: whoever asks for them has reckoned wrongly. */
export function checkRange({ uri, size }: ObjectVersion, start: number, end: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end || end > size) {
    throw new RangeError(`${uri} has ${size} bytes, and those from ${start} to ${end} were asked for`);
  }
}
