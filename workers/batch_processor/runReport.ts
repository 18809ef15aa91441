import type { ChunkMetrics, ProcessorParts } from "./parts.ts";

type Counts = Omit<ChunkMetrics, "seconds">;

/** Tells at the end of a run, however it ends, what it has done: one line in the log, and the metrics. */
export class RunReport {
  readonly #parts: Pick<ProcessorParts, "log" | "now" | "onMetrics">;
  readonly #counts: () => Counts;

  constructor(parts: Pick<ProcessorParts, "log" | "now" | "onMetrics">, counts: () => Counts) {
    this.#parts = parts;
    this.#counts = counts;
  }

  async around<Result>(work: () => Promise<Result>): Promise<Result> {
    const { log, now } = this.#parts;
    const begin = now();
    let event = "ended-early";
    try {
      const result = await work();
      event = "finished";
      return result;
    } finally {
      const metrics: ChunkMetrics = { ...this.#counts(), seconds: (now() - begin) / 1000 };
      log.info(event, { ...metrics, seconds: Math.round(metrics.seconds * 1000) / 1000 });
      this.#parts.onMetrics?.(metrics);
    }
  }
}

/** Between two lines about the progress in the log. */
export const progressMs = 30_000;
