import type { Metrics } from "../log/createMetrics.ts";
import type { Log } from "../model/log.ts";

/** What an attempt did. */
export interface ChunkMetrics {
  /** Records read, including skipped ones. */
  readonly records: number;
  /** Messages acknowledged by the destination. */
  readonly delivered: number;
  /** Records that the validator rejected, or (without a manifest) that cannot become messages. */
  readonly skipped: number;
  /** Messages that the destination rejected for good. */
  readonly refused: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly retries: number;
}

interface ReportParts {
  readonly log: Log;
  readonly now: () => number;
  readonly onMetrics?: (metrics: ChunkMetrics) => void;
}

/** Does the work and, however it ends, reports what was done: one log line, and the metrics. */
export async function reported<Result>(
  { log, now, onMetrics }: ReportParts,
  counts: () => Omit<ChunkMetrics, "seconds">,
  work: () => Promise<Result>,
): Promise<Result> {
  const start = now();
  let event = "ended-early";
  try {
    const result = await work();
    event = "finished";
    return result;
  } finally {
    const metrics: ChunkMetrics = { ...counts(), seconds: (now() - start) / 1000 };
    log.info(event, { ...metrics, seconds: Math.round(metrics.seconds * 1000) / 1000 });
    onMetrics?.(metrics);
  }
}

/** CloudWatch metrics of an attempt. */
export function emitMetrics(metrics: Metrics, numbers: ChunkMetrics): void {
  const { records, delivered, skipped, refused, bytes, seconds, retries } = numbers;
  const count = (value: number) => ({ value, unit: "Count" }) as const;
  metrics.emit({
    Records: count(records),
    Delivered: count(delivered),
    Skipped: count(skipped),
    Refused: count(refused),
    Retries: count(retries),
    Bytes: { value: bytes, unit: "Bytes" },
    Duration: { value: Math.round(seconds * 1000), unit: "Milliseconds" },
    ...(seconds > 0 && { RecordsPerSecond: { value: records / seconds, unit: "Count/Second" as const } }),
  });
}
