import { oneLine } from "../../src/shared/text.ts";
import { WorkerFault } from "../model/fault.ts";
import type { ObjectVersion } from "../model/objectStore.ts";

/** The object was replaced: facts about the old version, such as offsets, must not be used for the new one. */
export function changedFault(uri: string, expected: string, present: string | undefined, cause?: unknown): WorkerFault {
  const now = present === undefined ? "it has changed" : `it is now ${present}`;
  return new WorkerFault(
    "input-missing",
    `${oneLine(uri)} is no longer the object that was validated: its ETag was ${expected}, ${now}`,
    {
      hint: "Restore the validated version, or validate the new one and use its manifest.",
      cause,
    },
  );
}

/** Throws a RangeError for bytes beyond the object: a mistake in the calling code. */
export function checkRange({ uri, size }: ObjectVersion, start: number, end: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end || end > size) {
    throw new RangeError(`${uri} has ${size} bytes, but bytes ${start} to ${end} were requested`);
  }
}
