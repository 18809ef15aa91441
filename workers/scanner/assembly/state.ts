/** What the host sets before a scan, and the progress of the scan. */

export let delimiter: u32 = 0x2c;
export let quote: u32 = 0x22;
export let lineEnd: u32 = 0x0a;
export let keepsStrayQuotes: bool = false;
export let maxRecordBytes: u32 = 0;
export let columns: u32 = 0;
export let columnCount: u32 = 0;
export let uniqueColumns: u32 = 0;

export function setDialect(delimiterByte: u32, quoteByte: u32, lineEndByte: u32, keepsStray: bool, maxBytes: u32): void {
  delimiter = delimiterByte;
  quote = quoteByte;
  lineEnd = lineEndByte;
  keepsStrayQuotes = keepsStray;
  maxRecordBytes = maxBytes;
}

export function setColumns(address: u32, count: u32, unique: u32): void {
  columns = address;
  columnCount = count;
  uniqueColumns = unique;
}

/** Start of the scanned bytes, to which positions in notes are relative. */
export let bytes: u32 = 0;
export let suspects: u32 = 0;
export let suspectCapacity: u32 = 0;
export let marks: u32 = 0;
export let uniques: u32 = 0;
export let uniqueCapacity: u32 = 0;
/** Room for one record. */
export let scratch: u32 = 0;

export function setBytes(address: u32): void {
  bytes = address;
}

export function setOutputs(
  suspectsAddress: u32,
  suspectsCapacity: u32,
  marksAddress: u32,
  uniquesAddress: u32,
  uniquesCapacity: u32,
  scratchAddress: u32,
): void {
  suspects = suspectsAddress;
  suspectCapacity = suspectsCapacity;
  marks = marksAddress;
  uniques = uniquesAddress;
  uniqueCapacity = uniquesCapacity;
  scratch = scratchAddress;
}

/** Where the next record starts. */
export let position: u32 = 0;
/** Line ends between the start of the scan and `position`. */
export let lineCount: u32 = 0;
export let recordCount: u32 = 0;
export let suspectCount: u32 = 0;
export let uniqueCount: u32 = 0;

/** Starts a scan whose first record is at `start`. */
export function begin(start: u32): void {
  position = start;
  lineCount = 0;
  recordCount = 0;
  suspectCount = 0;
  uniqueCount = 0;
}

/** Called when the host has read the notes, so that there is room again. */
export function takeNotes(): void {
  suspectCount = 0;
  uniqueCount = 0;
}

export function setPosition(next: u32, lines: u32): void {
  position = next;
  lineCount = lines;
}

export function setSuspectCount(count: u32): void {
  suspectCount = count;
}

export function setUniqueCount(count: u32): void {
  uniqueCount = count;
}

/** Every 64th record leaves a mark, from which the host finds any record without reading everything again. */
export const recordsPerMark: u32 = 64;

export function countRecord(start: u32): void {
  if (recordCount % recordsPerMark == 0) store<u32>(marks + ((recordCount / recordsPerMark) << 2), start);
  recordCount++;
}

/** There may be no room for the notes of one more record. */
export function isFull(): bool {
  return suspectCount + columnCount + 2 > suspectCapacity || uniqueCount + uniqueColumns > uniqueCapacity;
}
