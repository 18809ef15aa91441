import { isObject } from "../../model/json.ts";
import { isChunkId } from "../folder/runFolder.ts";
import { exitCodeOf, outcomeOf } from "../jobs/exitCodeOf.ts";
import type { Job, Route } from "../jobs/planJobs.ts";
import type { AttemptResult } from "../jobs/runAttempts.ts";
import { numberIn, textIn, type WorkerEvent } from "../jobs/workerEvent.ts";

export interface Counts {
  readonly records: number;
  readonly valid: number;
  readonly rejected: number;
}

export interface JobFailure {
  readonly job: string;
  readonly exitCode: number;
  readonly outcome: string;
  readonly message: string | undefined;
  readonly hint: string | undefined;
}

interface ChunkState {
  readonly records: number;
  /** Records to send. */
  readonly valid: number;
  route: Route | undefined;
  isDone: boolean;
  /** True if it was done before this run. */
  wasDone: boolean;
  /** Records sent by this run so far, while the chunk is not done. */
  sent: number;
}

/** What a run has done, according to the logs and results of its workers. */
export class Tally {
  #counts: Counts | undefined;
  #verdict: string | undefined;
  readonly #chunks = new Map<string, ChunkState>();
  readonly #failures = new Map<string, JobFailure>();

  takeManifest(manifest: unknown): void {
    const counts = isObject(manifest) ? manifest.counts : undefined;
    if (isObject(counts)) this.#counts = countsOf({ event: "validated", ...counts });
  }

  takeChunks(items: readonly unknown[]): void {
    for (const item of items) {
      if (!isObject(item) || !isChunkId(item.chunkId)) continue;
      const records = Number(item.chunkSize);
      const valid = records - Number(item.rejected ?? 0);
      const state = { records, valid, route: undefined, isDone: false, wasDone: false, sent: 0 };
      this.#chunks.set(item.chunkId, state);
    }
  }

  takeEvent(job: Job, event: WorkerEvent): void {
    if (event.event === "validated") {
      this.#counts = countsOf(event);
      this.#verdict = textIn(event, "verdict");
    }
    const chunk = this.#chunks.get(job.id);
    if (chunk === undefined) return;
    chunk.route = job.route;
    if (event.event === "already-done") chunk.wasDone = true;
    if (event.event === "progress" || event.event === "finished" || event.event === "ended-early") {
      chunk.sent = numberIn(event, "delivered");
    }
  }

  takeEnd(job: Job, { exitCode, message, hint, hasTimedOut }: AttemptResult): void {
    const chunk = this.#chunks.get(job.id);
    if (chunk !== undefined) {
      chunk.route = job.route;
      chunk.isDone = exitCode === 0;
    }
    this.#failures.delete(job.id);
    if (exitCode === 0) return;
    const late = hasTimedOut ? "it took longer than the job definition allows" : undefined;
    this.#failures.set(job.id, { job: job.id, exitCode, outcome: outcomeOf(exitCode), message: late ?? message, hint });
  }

  get counts(): Counts | undefined {
    return this.#counts;
  }

  get isRefused(): boolean {
    return this.#verdict === "rejected";
  }

  get failures(): readonly JobFailure[] {
    return [...this.#failures.values()];
  }

  /** The exit code of the most serious failure. */
  get exitCode(): 0 | 1 | 2 | 3 {
    const codes = this.failures.map((failure) => exitCodeOf(failure.exitCode));
    return Math.max(0, ...codes) as 0 | 1 | 2 | 3;
  }

  get chunks(): { total: number; done: number; doneBefore: number; batch: number; lambda: number } {
    const all = [...this.#chunks.values()];
    const count = (holds: (chunk: ChunkState) => boolean) => all.filter(holds).length;
    return {
      total: all.length,
      done: count(({ isDone }) => isDone),
      doneBefore: count(({ wasDone }) => wasDone),
      batch: count(({ route }) => route === "batch"),
      lambda: count(({ route }) => route === "lambda"),
    };
  }

  /** Delivered records: all of the finished chunks, and those that this run has sent of the others. */
  get delivered(): number {
    return this.#sum(({ isDone, valid, sent }) => (isDone ? valid : sent));
  }

  /** Records delivered by this run. */
  get sentNow(): number {
    return this.#sum(({ isDone, wasDone, valid, sent }) => (wasDone ? 0 : isDone && sent === 0 ? valid : sent));
  }

  #sum(of: (chunk: ChunkState) => number): number {
    let sum = 0;
    for (const chunk of this.#chunks.values()) sum += of(chunk);
    return sum;
  }
}

function countsOf(event: WorkerEvent): Counts {
  return {
    records: numberIn(event, "records"),
    valid: numberIn(event, "valid"),
    rejected: numberIn(event, "rejected"),
  };
}
