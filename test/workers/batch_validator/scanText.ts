import { ChunkCutter } from "../../../workers/batch_validator/merge/chunkCutter.ts";
import { ErrorTally } from "../../../workers/batch_validator/merge/errorTally.ts";
import { RejectedBin } from "../../../workers/batch_validator/merge/rejectedBin.ts";
import { RejectsCsv } from "../../../workers/batch_validator/merge/rejectsCsv.ts";
import { Samples } from "../../../workers/batch_validator/merge/samples.ts";
import { scanData } from "../../../workers/batch_validator/scanData.ts";
import { compileSchema } from "../../../workers/checks/compileSchema.ts";
import type { SchemaChecks } from "../../../workers/checks/schemaChecks.ts";
import type { Dialect } from "../../../workers/model/dialect.ts";
import type { ObjectReader, ObjectWriter } from "../../../workers/model/objectStore.ts";
import { decodeRejectedIndexes } from "../../../workers/offsets/rejectedIndexes.ts";
import type { ValidatorJob } from "../../../workers/program/job.ts";
import { readHeader } from "../../../workers/records/header.ts";
import { rfc4180 } from "../records/rfc4180.ts";

export interface ScanOptions {
  readonly schema?: unknown;
  readonly dialect?: Dialect;
  readonly maxRecordBytes?: number;
  readonly segmentBytes?: number;
  readonly chunkSize?: number;
  readonly maxSamples?: number;
  readonly maxRejects?: number | undefined;
}

/** Everything that validating a text finds, in a form that can be compared. */
export async function scanText(text: string | Uint8Array, options: ScanOptions = {}) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const { schema = null, dialect = rfc4180, maxRecordBytes = 1000, chunkSize = 1000 } = options;
  const header = readHeader(bytes, true, { dialect, maxRecordBytes: 1000, startByte: 0, uri: "test" });
  if (header === undefined) throw new Error("the text has no header");
  const checks: SchemaChecks = compileSchema(schema, header.names, "schema");
  const columnCount = header.names.length;
  const cutter = new ChunkCutter({
    chunkSize,
    dialect,
    maxRecordBytes,
    columnCount,
    startByte: header.endByte,
    startLine: header.nextLine,
  });
  const rejectsText = memoryWriter();
  const rejectedBytes = memoryWriter();
  const tally = new ErrorTally();
  const samples = new Samples(options.maxSamples ?? 100, dialect.quote, (column) => checks.sensitive[column] === true);
  const rejectsCsv = new RejectsCsv({
    ...dialect,
    columnNames: header.names,
    maxRows: options.maxRejects,
    createWriter: () => rejectsText.writer,
  });
  const rejectedBin = new RejectedBin(chunkSize, () => rejectedBytes.writer);
  const reader = memoryReader(bytes);
  const data = { reader, source: reader.version, dialect, header, compression: "none" as const, encoding: "utf-8" };
  const parts = { checks, schema: { schema, uri: "schema" }, cutter, tally, samples, rejectsCsv, rejectedBin };
  await scanData(fakeJob(maxRecordBytes, options.maxSamples), data, parts, {
    segmentBytes: options.segmentBytes ?? 4096,
  });
  await rejectsCsv.close();
  await rejectedBin.close();
  const chunks = cutter.finish(bytes.length).map((chunk, index) => ({ ...chunk, ...rejectedBin.spanOf(index) }));
  const indexes = chunks.flatMap(({ startIndex, endIndex, rejectedStart, rejectedEnd }) => [
    ...decodeRejectedIndexes(rejectedBytes.bytes().subarray(rejectedStart, rejectedEnd), startIndex, endIndex),
  ]);
  return {
    records: cutter.records,
    lines: cutter.line - 1,
    chunks,
    rejected: indexes,
    byRule: tally.byRule(header.names),
    samples: samples.toReport(tally.kinds, header.names),
    rejects: Buffer.from(rejectsText.bytes()).toString(),
  };
}

function memoryReader(bytes: Uint8Array): ObjectReader {
  return {
    version: { uri: "memory://test", size: bytes.length, etag: '"1"' },
    async readInto(start, target) {
      if (start + target.length > bytes.length) throw new Error("read behind the end");
      target.set(bytes.subarray(start, start + target.length));
    },
    async *stream() {},
    async close() {},
  };
}

function memoryWriter() {
  const pieces: Uint8Array[] = [];
  const writer: ObjectWriter = {
    async write(bytes) {
      pieces.push(bytes.slice());
    },
    async close() {
      return { uri: "memory://out", size: 0, etag: '"2"' };
    },
    async abort() {},
  };
  return { writer, bytes: () => Buffer.concat(pieces) };
}

function fakeJob(maxRecordBytes: number, maxSamples = 100): ValidatorJob {
  const quiet = () => {};
  return {
    settings: { maxRecordBytes, uniqueMemoryMebibytes: 64, maxSamples },
    signal: new AbortController().signal,
    progress: { update: quiet, end: quiet },
    // Only what scanning uses is there.
  } as unknown as ValidatorJob;
}
