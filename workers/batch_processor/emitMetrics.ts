import type { Metrics } from "../log/createMetrics.ts";
import type { ChunkMetrics } from "./parts.ts";

/** CloudWatch metrics of a run. */
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
