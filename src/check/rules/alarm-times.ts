import type { Alarm } from "../../derived/types.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";

const alarm = (changes: Readonly<Record<string, unknown>>) => ({
  documents: {
    "alarms.json": {
      example: {
        name: "gss-dev-example",
        namespace: "AWS/SQS",
        metric_name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "gss-dev-orders" },
        statistic: "Maximum",
        period: 300,
        evaluation_periods: 1,
        threshold: 0,
        comparison_operator: "GreaterThanThreshold",
        treat_missing_data: "notBreaching",
        ...changes,
      },
    },
  },
});

export const alarmTimes = defineRule({
  id: "alarm-times",
  severity: "error",
  summary:
    "An alarm watches one metric, over periods that CloudWatch supports, and no further back than it keeps data.",
  why: "CloudWatch rejects such an alarm when Terraform creates it, after the alarms before it have been created.",
  source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
  examples: {
    good: [
      { shows: "five minutes", ...alarm({}) },
      { shows: "three of the last five", ...alarm({ evaluation_periods: 5, datapoints_to_alarm: 3 }) },
      { shows: "seven days, in periods of an hour", ...alarm({ period: 3600, evaluation_periods: 168 }) },
      {
        shows: "a share of two metrics",
        ...alarm({
          ...{ namespace: undefined, metric_name: undefined, dimensions: undefined },
          ...{ statistic: undefined, period: undefined },
          metric_query: [
            { id: "failed", metric: { namespace: "AWS/Batch", metric_name: "Failed", stat: "Sum", period: 300 } },
            { id: "share", expression: "100 * failed", return_data: true },
          ],
        }),
      },
    ],
    bad: [
      { shows: "a period that CloudWatch does not have", ...alarm({ period: 90 }) },
      { shows: "more than a day, in periods of five minutes", ...alarm({ evaluation_periods: 289 }) },
      { shows: "more datapoints than there are periods", ...alarm({ evaluation_periods: 2, datapoints_to_alarm: 3 }) },
      { shows: "no statistic", ...alarm({ statistic: undefined }) },
      { shows: "two statistics", ...alarm({ extended_statistic: "p99" }) },
      {
        shows: "a metric next to queries",
        ...alarm({ metric_query: [{ id: "share", expression: "1", return_data: true }] }),
      },
      {
        shows: "queries without a result",
        ...alarm({
          ...{ namespace: undefined, metric_name: undefined, dimensions: undefined },
          ...{ statistic: undefined, period: undefined },
          metric_query: [{ id: "share", expression: "1" }],
        }),
      },
    ],
  },
  *check({ alarms }) {
    for (const document of alarms) {
      for (const [key, found] of Object.entries(document.value)) {
        if (typeof found !== "object") continue;
        for (const finding of [...metricFindings(found), ...timeFindings(found)]) {
          yield { document, ...finding, pointer: `${pointerTo("", key)}${finding.pointer}` };
        }
      }
    }
  },
});

type Remark = Omit<Finding, "document">;

function* metricFindings(alarm: Alarm): Iterable<Remark> {
  const { metric_query, metric_name, namespace, statistic, extended_statistic, period } = alarm;
  if (metric_query !== undefined) {
    const own = (["metric_name", "namespace", "period", "statistic"] as const).find((key) => alarm[key] !== undefined);
    if (own !== undefined) {
      const hint = "remove it, or metric_query";
      yield { pointer: `/${own}`, found: alarm[own], expected: "no metric of its own next to metric_query", hint };
    }
    const results = metric_query.filter(({ return_data }) => return_data === true).length;
    if (results === 1) return;
    const expected = "exactly one query with return_data true, which is compared with the threshold";
    yield {
      pointer: "/metric_query",
      found: results,
      expected,
      hint: "set return_data on the query that is the result",
    };
    return;
  }
  const missing = Object.entries({ namespace, metric_name, period }).find(([, value]) => value === undefined)?.[0];
  if (missing !== undefined) {
    yield {
      pointer: `/${missing}`,
      expected: `${missing}, to specify what is watched`,
      hint: "add it, or metric_query",
    };
  }
  if ((statistic === undefined) !== (extended_statistic === undefined)) return;
  const both = statistic !== undefined;
  yield {
    pointer: both ? "/extended_statistic" : "/statistic",
    ...(both && { found: extended_statistic }),
    expected: "one of statistic and extended_statistic",
    hint: both ? "remove one of the two" : 'add "statistic": "Sum"',
  };
}

const secondsOfDay = 86_400;

function* timeFindings(alarm: Alarm): Iterable<Remark> {
  const { period, evaluation_periods, datapoints_to_alarm } = alarm;
  const periods = [
    ...(period === undefined ? [] : [{ pointer: "/period", period }]),
    ...(alarm.metric_query ?? []).flatMap(({ metric }, index) =>
      metric ? [{ pointer: `/metric_query/${index}/metric/period`, period: metric.period }] : [],
    ),
  ];
  for (const { pointer, period: found } of periods) {
    if ([10, 20, 30].includes(found) || found % 60 === 0) continue;
    const hint = `set it to ${Math.max(60, Math.round(found / 60) * 60)}`;
    yield { pointer, found, expected: "10, 20, 30 or a multiple of 60 seconds", hint };
  }
  const longest = Math.max(0, ...periods.map(({ period: seconds }) => seconds));
  const limit = longest >= 3600 ? 7 * secondsOfDay : secondsOfDay;
  if (longest * evaluation_periods > limit) {
    yield {
      pointer: "/evaluation_periods",
      found: evaluation_periods,
      expected: `at most ${Math.floor(limit / longest)} periods of ${longest} seconds`,
      hint: "use longer periods, and fewer of them",
    };
  }
  if (datapoints_to_alarm === undefined || datapoints_to_alarm <= evaluation_periods) return;
  yield {
    pointer: "/datapoints_to_alarm",
    found: datapoints_to_alarm,
    expected: `at most ${evaluation_periods}, the number of evaluated periods`,
    hint: "lower it, or raise evaluation_periods",
  };
}
