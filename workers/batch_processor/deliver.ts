import { WorkerFault } from "../model/fault.ts";
import { beside } from "../offsets/beside.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import { bareEtag } from "./bareEtag.ts";
import { ChunkCheckpoint, checkpointFile, type Standing } from "./chunkCheckpoint.ts";
import { type ChunkWork, readChunkWork } from "./chunkWork.ts";
import { createWriter } from "./createWriter.ts";
import { destinationName } from "./destinationName.ts";
import type { ChunkResult, ProcessorParts } from "./parts.ts";
import { refuseOwnInput } from "./refuseOwnInput.ts";
import { ChunkRun } from "./run.ts";
import { RunReport } from "./runReport.ts";
import { withSink } from "./withSink.ts";

type ChunkSettings = ProcessorSettings & { readonly manifest: string };

/** Delivers a chunk of a validated file, from where earlier attempts have come to. */
export async function deliverChunk(settings: ChunkSettings, parts: ProcessorParts): Promise<ChunkResult> {
  const work = await readChunkWork(parts.store, settings);
  const { manifest } = work;
  refuseOwnInput(settings, [
    ...["manifest.json", "chunks.json", "rejected.bin"].map((name) => beside(settings.manifest, name)),
    manifest.data.uri,
    manifest.source.uri,
  ]);
  const checkpoint = checkpointOf(settings, work, parts);
  const standing = await checkpoint.read();
  if (standing.done) return tellDone(settings, work, standing, { parts, wasDone: true });
  const { standing: end, wasDone } = await deliverRest(settings, work, checkpoint, parts);
  return tellDone(settings, work, end, { parts, wasDone });
}

function checkpointOf(settings: ChunkSettings, { chunk, identity }: ChunkWork, parts: ProcessorParts): ChunkCheckpoint {
  const destination = destinationName(settings.destination);
  // What went to a terminal or a pipe is not kept there: who runs it again wants to see it again.
  const isKept = settings.destination.kind !== "stdout";
  const { store, attempt, log } = parts;
  const place = { store, attempt, manifest: settings.manifest };
  const file = isKept ? checkpointFile(place, chunk.chunkId, destination) : undefined;
  return new ChunkCheckpoint({ chunk, work: identity, destination, file, log });
}

async function deliverRest(
  settings: ChunkSettings,
  work: ChunkWork,
  checkpoint: ChunkCheckpoint,
  parts: ProcessorParts,
): Promise<{ readonly standing: Standing; readonly wasDone: boolean }> {
  const { chunk, manifest } = work;
  const { data: version } = manifest;
  const context = { etag: bareEtag(version.etag), source: manifest.source.uri, chunkId: chunk.chunkId };
  const data = await parts.store.open(version.uri, { etag: version.etag });
  try {
    return await withSink(settings, context, parts, async (opened) => {
      const writer = createWriter(
        { columns: manifest.columns, quote: manifest.dialect.quote },
        settings,
        opened.limits,
      );
      // Only now: whoever is not able to send has no reason to stop an older attempt that may be.
      const start = await checkpoint.takeOver();
      if (start.done) return { standing: start, wasDone: true };
      logStart(settings, start, parts);
      const undeliverablePrefix = beside(settings.manifest, `undeliverable/${chunk.chunkId}-${parts.attempt}-`);
      const run = new ChunkRun(settings, work, start, {
        ...parts,
        ...opened,
        data,
        writer,
        checkpoint,
        undeliverablePrefix,
      });
      const report = new RunReport(parts, () => ({ ...run.counts, retries: opened.retries?.() ?? 0 }));
      return { standing: await report.around(() => run.deliver()), wasDone: false };
    });
  } finally {
    await data.close();
  }
}

function logStart(settings: ChunkSettings, start: Standing, { log, attempt }: ProcessorParts): void {
  const { startIndex, endIndex, manifest } = settings;
  const isResumed = start.mark.index > startIndex || start.doneBeyond.length > 0;
  log.info(isResumed ? "resumed" : "delivering", {
    startIndex,
    endIndex,
    manifest,
    destination: destinationName(settings.destination),
    owner: attempt,
    nextIndex: start.mark.index,
    nextByte: start.mark.byte,
  });
}

/** The same answer from the attempt that finished the chunk and from every later one. */
function tellDone(
  { manifest }: ChunkSettings,
  { chunk }: ChunkWork,
  { delivered, refused }: Standing,
  { parts, wasDone }: { parts: ProcessorParts; wasDone: boolean },
): ChunkResult {
  if (wasDone) parts.log.info("already-done", { delivered, refused });
  if (refused > 0) {
    const where = beside(manifest, `undeliverable/${chunk.chunkId}-*.jsonl`);
    throw new WorkerFault(
      "data-refused",
      `the destination will never take ${refused} of the ${chunk.chunkSize} records of chunk ${chunk.chunkId}; all others are delivered`,
      { hint: `The records and the reasons are in ${where}. Correct them and send them as a file of their own.` },
    );
  }
  return { chunkId: chunk.chunkId, outcome: "done", delivered, skipped: chunk.rejected, refused, wasDone };
}
