import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { MessageWriter } from "../messages/messageWriter.ts";
import { WorkerFault } from "../model/fault.ts";
import type { SinkLimits } from "../model/recordSink.ts";
import { beside, isSafeName } from "../offsets/names.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import { sinkOf } from "../sinks/index.ts";
import { type Attempt, orStopped } from "./attempt.ts";
import { ChunkCheckpoint, type ChunkState } from "./chunkCheckpoint.ts";
import { readChunkWork } from "./chunkWork.ts";
import { readRangeWork } from "./rangeWork.ts";
import { Run } from "./run.ts";
import { reported } from "./runReport.ts";
import { withSink } from "./withSink.ts";
import { bareEtag, type Work } from "./work.ts";

/** The outcome of the chunk, over all attempts. */
export interface ChunkResult {
  readonly chunkId: string;
  readonly outcome: "done";
  readonly delivered: number;
  readonly skipped: number;
  readonly refused: number;
  /** The chunk was complete before this attempt. */
  readonly wasDone: boolean;
}

/**
 * Sends every valid record of a chunk to the destination at least once, without loss. It continues where earlier
 * attempts stopped; only a range of a file that was not validated starts over each time.
 *
 * Resolves when all of them are delivered (outcome done, exit code 0). Throws a WorkerFault otherwise: try-again when
 * it was stopped, when the destination is unavailable, or when another attempt has taken over; data-refused when
 * everything was delivered except messages that the destination rejected for good.
 */
export async function deliver(settings: ProcessorSettings, attempt: Attempt): Promise<ChunkResult> {
  refuseUnsafe(settings.chunkId);
  try {
    const work = await readWork(settings, attempt);
    await refuseOwnInput(settings, work.reads);
    const checkpoint = checkpointOf(settings, work, attempt);
    const state = await checkpoint.read();
    const end = state.done ? doneBefore(state) : await deliverRest(settings, work, checkpoint, attempt);
    return resultOf(work, end, attempt);
  } catch (error) {
    if (error instanceof WorkerFault) throw error;
    throw orStopped(error, attempt.signal, {
      message: `${settings.chunkId} was stopped before anything was sent`,
      hint: "Nothing to do: the next attempt starts from the same record.",
    });
  }
}

/** The chunk's id becomes part of object names. */
function refuseUnsafe(chunkId: string): void {
  if (isSafeName(chunkId)) return;
  throw new WorkerFault("usage", `the chunk id is ${JSON.stringify(chunkId.slice(0, 200))}`, {
    hint: "Use a chunkId of chunks.json: up to 128 letters, digits, dashes, underscores and dots, not starting with a dot.",
  });
}

async function readWork(settings: ProcessorSettings, { store, log, signal }: Attempt): Promise<Work> {
  const { manifest, input } = settings;
  if (manifest !== undefined) return readChunkWork(store, { ...settings, manifest });
  if (input === undefined) {
    throw new WorkerFault("usage", "neither a manifest nor an input is specified", {
      hint: "Pass --manifest, or --input to find the range by reading from the start.",
    });
  }
  const work = await readRangeWork(store, input, settings, signal);
  log.warn("no-manifest", {
    reason: "the range is located by reading from the start of the file, and has no checkpoint",
  });
  return work;
}

/** Throws `usage` where records would be written into a file that the work reads, also under another name. */
async function refuseOwnInput({ destination }: ProcessorSettings, reads: readonly string[]): Promise<void> {
  const { writesTo } = sinkOf(destination);
  if (writesTo === undefined) return;
  const target = await identityOf(writesTo.uri);
  const identities = await Promise.all(reads.map(identityOf));
  if (!reads.includes(writesTo.uri) && !(target !== undefined && identities.includes(target))) return;
  throw new WorkerFault("usage", `${writesTo.flag} is ${writesTo.uri}, which this run reads`, {
    hint: "Choose another file.",
  });
}

/** What a file of this machine is, whatever links lead to it; undefined for an object and for a file that does not exist. */
async function identityOf(uri: string): Promise<string | undefined> {
  if (!uri.startsWith("file://")) return undefined;
  const file = await stat(fileURLToPath(uri)).catch(() => undefined);
  return file === undefined ? undefined : `${file.dev}:${file.ino}`;
}

function checkpointOf({ destination }: ProcessorSettings, work: Work, attempt: Attempt): ChunkCheckpoint {
  const { name, keepsCheckpoint } = sinkOf(destination);
  return new ChunkCheckpoint({ ...attempt, work, destination: name, isKept: keepsCheckpoint });
}

/** How the work ended. */
interface End {
  readonly state: ChunkState;
  /** The chunk was complete before this attempt. */
  readonly wasDone: boolean;
  /** Records that this attempt skipped. */
  readonly skipped: number;
}

const doneBefore = (state: ChunkState): End => ({ state, wasDone: true, skipped: 0 });

async function deliverRest(
  settings: ProcessorSettings,
  work: Work,
  checkpoint: ChunkCheckpoint,
  attempt: Attempt,
): Promise<End> {
  const context = { etag: bareEtag(work.data.etag), source: work.sourceUri, chunkId: work.chunkId };
  const data = await attempt.store.open(work.data.uri, { etag: work.data.etag });
  try {
    return await withSink(settings, context, attempt, async (opened) => {
      const writer = createWriter(work, settings, opened.limits);
      // Only now: an attempt that cannot send must not stop an older one that may be able to.
      const start = await checkpoint.takeOver();
      if (start.done) return doneBefore(start);
      logStart(settings, start, attempt);
      const { checkpointSeconds } = settings;
      const run = new Run(work, start, { ...attempt, ...opened, data, writer, checkpoint, checkpointSeconds });
      const counts = () => ({ ...run.counts, retries: opened.retries?.() ?? 0 });
      const state = await reported(attempt, counts, () => run.deliver());
      return { state, wasDone: false, skipped: run.counts.skipped };
    });
  } finally {
    await data.close();
  }
}

/** Throws a WorkerFault (configuration) when the file lacks a column of the key. */
function createWriter({ columns, dialect }: Work, { recordKey }: ProcessorSettings, limits: SinkLimits): MessageWriter {
  const names = columns.map(({ name }) => name);
  const unknown = recordKey.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new WorkerFault(
      "configuration",
      `RECORD_KEY names ${unknown.map((name) => JSON.stringify(name)).join(", ")}, which the file does not have`,
      { hint: `The file has ${listed(names)}.` },
    );
  }
  return new MessageWriter({ columns, quote: dialect.quote, keyColumns: recordKey, limits });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 100)));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

function logStart(settings: ProcessorSettings, { mark, doneBeyond }: ChunkState, { log, attempt }: Attempt): void {
  const { startIndex, endIndex, manifest, input, destination } = settings;
  const isResumed = mark.index > startIndex || doneBeyond.length > 0;
  log.info(isResumed ? "resumed" : "delivering", {
    startIndex,
    endIndex,
    ...(manifest === undefined ? { input } : { manifest }),
    destination: sinkOf(destination).name,
    owner: attempt,
    nextIndex: mark.index,
    nextByte: mark.byte,
  });
}

/** The result is the same for the attempt that finished the chunk and for every later one. */
function resultOf(work: Work, { state, wasDone, skipped }: End, { log }: Attempt): ChunkResult {
  const { chunkId, startIndex, endIndex, validated } = work;
  const { delivered, refused } = state;
  if (wasDone) log.info("already-done", { delivered, refused });
  if (refused > 0) {
    throw new WorkerFault(
      "data-refused",
      `the destination rejected ${refused} of the ${endIndex - startIndex} records of chunk ${chunkId} for good; all others are delivered`,
      { hint: hintOfRefused(work) },
    );
  }
  return { chunkId, outcome: "done", delivered, skipped: validated?.rejected ?? skipped, refused, wasDone };
}

function hintOfRefused({ chunkId, validated }: Work): string {
  if (validated === undefined) {
    return 'The log names them in its "refused" lines. With a manifest they are written down as well.';
  }
  const files = beside(validated.manifestUri, `undeliverable/${chunkId}-*.jsonl`);
  return `The records and the reasons are in ${files}. Correct them and send them as a separate file.`;
}
