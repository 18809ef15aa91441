import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Dataset } from "./dataset.ts";
import { runTimed } from "./measure/runTimed.ts";
import { chunksIn, type MeasuredChunk, validatorCommand } from "./ours.ts";
import type { JsonLinesRequest } from "./peers/toJsonLines.ts";

/** A validated file and one of its chunks, which the processor delivers again and again. */
export interface ChunkFixture {
  readonly chunk: MeasuredChunk;
  /** What the validator left, as if nothing had been delivered yet: a chunk that is done is not delivered again. */
  freshFolder(): string;
}

export async function chunkFixture(
  data: Dataset,
  scratch: string,
  chunkSize: number,
  which: "first" | "middle",
): Promise<ChunkFixture> {
  const original = join(scratch, `${data.shape}-${chunkSize}`);
  mkdirSync(original, { recursive: true });
  await runTimed(validatorCommand(data.path, data.schemaPath, original, 2, chunkSize));
  const chunks = chunksIn(original);
  const chunk = chunks[which === "first" ? 0 : chunks.length >> 1];
  if (chunk === undefined) throw new Error(`${original} has no chunks`);
  const copy = `${original}-copy`;
  return {
    chunk,
    freshFolder: () => {
      rmSync(copy, { recursive: true, force: true });
      cpSync(original, copy, { recursive: true });
      return copy;
    },
  };
}

/** The same records for the peers. */
export function jsonLinesOf(data: Dataset, { startByte, endByte }: MeasuredChunk, target: string): JsonLinesRequest {
  const { properties } = JSON.parse(readFileSync(data.schemaPath, "utf8")) as {
    properties: Readonly<Record<string, { readonly type?: string }>>;
  };
  // An enum without a type is one of texts here.
  const columns = data.columns.map((name) => ({ name, isText: (properties[name]?.type ?? "string") === "string" }));
  return { path: data.path, startByte, endByte, columns, target };
}
