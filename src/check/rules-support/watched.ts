import type { Alarm } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import type { Subject } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";

/** A metric that an alarm or a widget of the dashboard watches. */
export interface WatchedMetric {
  readonly document: TemplateDocument;
  readonly namespace: { readonly pointer: string; readonly text: string };
  /** Its name; undefined where it is not a literal. */
  readonly metric: { readonly pointer: string; readonly text: string } | undefined;
  readonly dimensions: readonly { readonly pointer: string; readonly name: string; readonly text: string }[];
}

export function watchedMetrics({ alarms, dashboards }: Subject): readonly WatchedMetric[] {
  return [
    ...alarms.flatMap((document) =>
      Object.entries(document.value).flatMap(([key, alarm]) =>
        typeof alarm === "object" ? alarmMetrics(document, pointerTo("", key), alarm) : [],
      ),
    ),
    ...dashboards.flatMap((document) =>
      document.value.widgets.flatMap((widget, index) => {
        const { metrics } = widget.properties as { readonly metrics?: unknown };
        return Array.isArray(metrics) ? rowMetrics(document, `/widgets/${index}/properties/metrics`, metrics) : [];
      }),
    ),
  ];
}

function alarmMetrics(document: TemplateDocument, pointer: string, alarm: Alarm): WatchedMetric[] {
  const queries = (alarm.metric_query ?? []).flatMap(({ metric }, index) =>
    metric ? [metricAt(document, `${pointer}/metric_query/${index}/metric`, metric)] : [],
  );
  return alarm.namespace === undefined
    ? queries
    : [metricAt(document, pointer, { ...alarm, namespace: alarm.namespace }), ...queries];
}

interface Metric {
  readonly namespace: string;
  readonly metric_name?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

function metricAt(
  document: TemplateDocument,
  pointer: string,
  { namespace, metric_name, dimensions = {} }: Metric,
): WatchedMetric {
  return {
    document,
    namespace: { pointer: `${pointer}/namespace`, text: namespace },
    metric: metric_name === undefined ? undefined : { pointer: `${pointer}/metric_name`, text: metric_name },
    dimensions: Object.entries(dimensions).map(([name, text]) => ({
      pointer: pointerTo(`${pointer}/dimensions`, name),
      name,
      text,
    })),
  };
}

/** Rows of a widget: namespace, name of the metric, then names and values of dimensions; "." repeats the row above. */
function rowMetrics(document: TemplateDocument, pointer: string, rows: readonly unknown[]): WatchedMetric[] {
  const found: WatchedMetric[] = [];
  let above: readonly unknown[] = [];
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row) || isObject(row[0])) continue;
    const cells = row.map((cell: unknown, column) => (cell === "." ? above[column] : cell));
    above = cells;
    const [namespace, metric, ...pairs] = cells.filter((cell) => typeof cell === "string");
    if (namespace === undefined) continue;
    found.push({
      document,
      namespace: { pointer: `${pointer}/${index}/0`, text: namespace },
      metric: metric === undefined ? undefined : { pointer: `${pointer}/${index}/1`, text: metric },
      dimensions: pairs.flatMap((name, at) => {
        const text = pairs[at + 1];
        return at % 2 === 0 && text !== undefined ? [{ pointer: `${pointer}/${index}/${at + 3}`, name, text }] : [];
      }),
    });
  }
  return found;
}
