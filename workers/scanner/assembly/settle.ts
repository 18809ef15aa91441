import {
  Row,
  rowSize,
  Slot,
  slotFieldCount,
  slotMalformed,
  slotSize,
  slotsPerColumn,
  Suspect,
  suspectField,
  suspectFieldCount,
  suspectMissing,
  suspectSize,
} from "./layout";
import { columnCount, suspectCount, suspects } from "./state";

/** Rows created by the last call of `settle`. */
export let settledRows: u32 = 0;

/**
 * Creates rows for the suspects from index `from`, as long as each is the only one of its record and its error is known
 * to the host; counts them in the slots. Returns the index of the first other suspect. Rows are written to `rows`, the
 * numbers of their records to `records`.
 */
export function settle(from: u32, slots: u32, rows: u32, records: u32): u32 {
  const count = suspectCount;
  let index = from;
  let made: u32 = 0;
  while (index < count) {
    const at = suspects + index * suspectSize;
    const suspect = changetype<Suspect>(at);
    const record = suspect.record;
    if (index + 1 < count && load<u32>(at + suspectSize) == record) break;
    const number = slotOf(suspect);
    const slot = changetype<Slot>(slots + number * slotSize);
    if (slot.isKnown == 0) break;
    slot.count++;
    const row = changetype<Row>(rows + made * rowSize);
    row.record = record;
    row.line = suspect.line;
    row.start = suspect.recordStart;
    row.end = suspect.recordEnd;
    row.reason = number;
    store<u32>(records + (made << 2), record);
    made++;
    index++;
  }
  settledRows = made;
  return index;
}

/** Slots of uncertain verdicts are never known. */
// @ts-ignore: decorator
@inline
function slotOf(suspect: Suspect): u32 {
  const kind = suspect.kind & 0xff;
  if (kind == suspectField) return suspect.column * slotsPerColumn + (suspect.kind >> 8);
  if (kind == suspectMissing) return suspect.column * slotsPerColumn;
  return columnCount * slotsPerColumn + (kind == suspectFieldCount ? slotFieldCount : slotMalformed + suspect.start);
}
