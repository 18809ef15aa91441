/** Metrics of a run, for CloudWatch. */
export interface Metrics {
  /**
   * Writes the numbers, each under its name; `properties` are written beside them, for log queries, without becoming
   * metrics.
   */
  emit(numbers: Readonly<Record<string, Metric>>, properties?: Readonly<Record<string, string | number>>): void;
}

export interface Metric {
  readonly value: number;
  readonly unit: "Count" | "Bytes" | "Milliseconds" | "Count/Second" | "Bytes/Second" | "Percent";
}

export interface MetricsOptions {
  readonly namespace: string;
  /** Few and with few values: CloudWatch keeps, and bills, every combination as a separate metric. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Writes whole lines. */
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Writes metrics to the log in CloudWatch's embedded metric format: CloudWatch Logs extracts metrics from such lines,
 * so that a worker needs neither a client nor a permission for them.
 */
export function createMetrics({ namespace, dimensions, write, now = Date.now }: MetricsOptions): Metrics {
  return {
    emit: (numbers, properties = {}) => {
      // CloudWatch drops a whole line for one invalid number, or for more than 100 numbers.
      const usable = Object.entries(numbers)
        .filter(([, { value }]) => Number.isFinite(value))
        .slice(0, 100);
      if (usable.length === 0) return;
      const directive = {
        Namespace: namespace,
        Dimensions: [Object.keys(dimensions)],
        Metrics: usable.map(([name, { unit }]) => ({ Name: name, Unit: unit })),
      };
      const line = {
        ...properties,
        ...dimensions,
        ...Object.fromEntries(usable.map(([name, { value }]) => [name, value])),
        _aws: { Timestamp: now(), CloudWatchMetrics: [directive] },
      };
      write(`${JSON.stringify(line)}\n`);
    },
  };
}

export const noMetrics: Metrics = { emit: () => {} };
