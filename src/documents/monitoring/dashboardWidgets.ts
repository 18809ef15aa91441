/** A widget before it has a position. */
export interface Widget {
  readonly type: "metric" | "text" | "log" | "alarm";
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const columns = 24;

/** Widgets side by side, row beneath row, on CloudWatch's grid. */
export function inRows(rows: readonly (readonly Widget[])[]): readonly Readonly<Record<string, unknown>>[] {
  let y = 0;
  return rows.flatMap((row) => {
    let x = 0;
    const placed = row.map(({ type, width, height, properties }) => {
      const widget = { type, x, y, width, height, properties };
      x += width;
      return widget;
    });
    if (x > columns) throw new Error(`a row of the dashboard is ${x} columns wide; there are ${columns}`);
    y += Math.max(0, ...row.map(({ height }) => height));
    return placed;
  });
}

/** A metric as CloudWatch writes it: namespace, name, dimensions in pairs, options. */
export type MetricRow = readonly (string | Readonly<Record<string, unknown>>)[];

export interface Graph {
  readonly title: string;
  readonly metrics: readonly MetricRow[];
  readonly stat?: string;
  readonly period?: number;
  readonly view?: "timeSeries" | "singleValue";
  /** What the values are, at the axis. */
  readonly label?: string;
  readonly max?: number;
  readonly marks?: readonly { readonly label: string; readonly value: number }[];
  readonly width?: number;
}

export function graph({ title, metrics, stat = "Sum", period = 300, view = "timeSeries", ...look }: Graph): Widget {
  const { label, max, marks, width = 8 } = look;
  return {
    type: "metric",
    width,
    height: 6,
    properties: {
      title,
      metrics,
      view,
      region: "${AWS_REGION}",
      stat,
      period,
      ...(view === "timeSeries" && {
        yAxis: {
          left: { ...(label !== undefined && { label, showUnits: false }), min: 0, ...(max !== undefined && { max }) },
        },
      }),
      ...(marks && { annotations: { horizontal: marks } }),
    },
  };
}

/** A metric that only an expression of the same graph uses. */
export function hidden(id: string, metric: MetricRow, options: Readonly<Record<string, unknown>> = {}): MetricRow {
  return [...metric, { id, visible: false, ...options }];
}

export function expression(label: string, text: string): MetricRow {
  return [{ expression: text, label }];
}
