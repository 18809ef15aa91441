import { suspectWords } from "../../scanner/scanner.ts";

/**
 * An error of a record in 8 numbers, laid out like the scanner's suspects: a suspect becomes an error in place.
 * Positions count from the start of the scanned bytes.
 */
export const errorWords = suspectWords;
export const errorRecord = 0;
/** Number of its kind. */
export const errorKind = 1;
/** Position of the field in the record, from 0; `noField` for the record as a whole. */
export const errorField = 2;
/** What is wrong: the field with its quotes, or the record. */
export const errorStart = 3;
export const errorEnd = 4;
/** Line ends before the record in this scan. */
export const errorLine = 5;
/** The record without its line end. */
export const errorRecordStart = 6;
export const errorRecordEnd = 7;

export const noField = 0xffffffff;
