import { expect } from "vitest";
import { everyOneOnce, tallyOf } from "../workers/pipelineTally.ts";
import type { FileRun } from "./fileRuns.ts";
import { messageOf, type RecordFile } from "./recordFiles.ts";
import type { Delivered } from "./recordsTopic.ts";

/** Every good record of the file is there once, as it should be written, and nothing else is. */
export function expectDelivered(delivered: readonly Delivered[], file: RecordFile, run: FileRun): void {
  expect(
    tallyOf(
      delivered.map(({ index }) => index),
      file.good,
    ),
  ).toEqual(everyOneOnce);
  expectWritten(delivered, run);
}

/** What is there is written as it should be, and comes from this file. */
export function expectWritten(delivered: readonly Delivered[], run: FileRun): void {
  const wrong = delivered.filter(({ index, value, source }) => value !== messageOf(index) || source !== run.source);
  expect(wrong.slice(0, 3)).toEqual([]);
}
