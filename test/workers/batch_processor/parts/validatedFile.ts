import { crc32 } from "node:zlib";
import type { Chunk, Column, Manifest } from "../../../../workers/model/manifest.ts";
import { encodeRejectedIndexes } from "../../../../workers/offsets/rejectedIndexes.ts";

/** A record of a file: its text with the line end, whether the validator rejects it, or that it is none (a blank line). */
export interface Line {
  readonly text: string;
  readonly kind: "good" | "rejected" | "blank";
}

export interface ValidatedFile {
  readonly data: Buffer;
  readonly rejected: Uint8Array;
  readonly chunks: readonly Chunk[];
  readonly manifest: (data: Manifest["data"]) => Manifest;
  /** Index of every record that is to be delivered. */
  readonly good: readonly number[];
}

/** What the validator would say of a file of these lines. */
export function validatedFile(
  lines: readonly Line[],
  { columns, chunkSize }: { readonly columns: readonly Column[]; readonly chunkSize: number },
): ValidatedFile {
  const header = `${columns.map(({ name }) => name).join(",")}\n`;
  const data = Buffer.from(header + lines.map(({ text }) => text).join(""));
  const chunks: Chunk[] = [];
  const lists: Uint8Array[] = [];
  const good: number[] = [];
  let at = { index: 0, byte: Buffer.byteLength(header), line: 2 };
  let rejectedStart = 0;
  let start = at;
  let rejectedHere: number[] = [];
  const endChunk = () => {
    const list = encodeRejectedIndexes(rejectedHere, start.index);
    chunks.push({
      chunkId: `chunk-${String(chunks.length).padStart(6, "0")}`,
      startIndex: start.index,
      endIndex: at.index,
      chunkSize: at.index - start.index,
      startByte: start.byte,
      endByte: at.byte,
      startLine: start.line,
      crc32: crc32(data.subarray(start.byte, at.byte)).toString(16).padStart(8, "0"),
      rejected: rejectedHere.length,
      rejectedStart,
      rejectedEnd: rejectedStart + list.length,
    });
    lists.push(list);
    rejectedStart += list.length;
    rejectedHere = [];
    start = at;
  };
  for (const { text, kind } of lines) {
    if (kind !== "blank" && at.index - start.index === chunkSize) endChunk();
    if (kind === "rejected") rejectedHere.push(at.index);
    if (kind === "good") good.push(at.index);
    at = {
      index: at.index + (kind === "blank" ? 0 : 1),
      byte: at.byte + Buffer.byteLength(text),
      line: at.line + text.split("\n").length - 1,
    };
  }
  if (at.byte > start.byte || chunks.length === 0) endChunk();
  const manifest = (version: Manifest["data"]): Manifest => ({
    format: "gen-batch-config/manifest/1",
    source: version,
    data: version,
    compression: "none",
    encoding: "utf-8",
    maxRecordBytes: 1 << 20,
    dialect: { delimiter: ",", quote: '"', lineEnd: "lf" },
    columns,
    schema: null,
    counts: {
      records: at.index,
      valid: good.length,
      rejected: at.index - good.length,
      lines: at.line - 1,
      bytes: data.length,
    },
    chunkSize,
    chunks: chunks.length,
  });
  return { data, rejected: Buffer.concat(lists), chunks, manifest, good };
}
