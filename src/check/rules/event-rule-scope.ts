import type { EventRule } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isObject } from "../../model/json.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { isSample } from "../rules-support/samples.ts";

const rule = (event_pattern: Readonly<Record<string, unknown>>) => ({
  documents: { "event-rules.json": { example: { name: "gss-dev-example", event_pattern } } },
});
const failed = { source: ["aws.batch"], "detail-type": ["Batch Job State Change"] };

export const eventRuleScope = defineRule({
  id: "event-rule-scope",
  severity: "warning",
  summary: "An event rule matches some events, and only those of this module.",
  why:
    "The events of every job in the account and region arrive on the same event bus: a rule that does not " +
    "name the queue reports and counts failures of other queues. EventBridge rejects a pattern with an empty " +
    "list.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html",
  examples: {
    good: [
      {
        shows: "failed jobs of the queue",
        ...rule({ ...failed, detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"], status: ["FAILED"] } }),
      },
      {
        shows: "runs of the state machine",
        ...rule({
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: { stateMachineArn: ["${STATE_MACHINE_ARN}"], status: ["FAILED"] },
        }),
      },
    ],
    bad: [
      { shows: "every job of the account", ...rule({ ...failed, detail: { status: ["FAILED"] } }) },
      {
        shows: "another queue",
        ...rule({
          ...failed,
          detail: { jobQueue: ["arn:aws:batch:us-east-1:123456789012:job-queue/gss-prod-batch-queue"] },
        }),
      },
      {
        shows: "a status that no job has",
        ...rule({ ...failed, detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"], status: ["Failed"] } }),
      },
      {
        shows: "a kind of event that AWS Batch does not send",
        ...rule({
          ...failed,
          "detail-type": ["Batch Job State Changed"],
          detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"] },
        }),
      },
      {
        shows: "a source that does not exist",
        ...rule({ ...failed, source: ["aws.bach"], detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"] } }),
      },
      {
        shows: "an empty list",
        ...rule({ ...failed, detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"], status: [] } }),
      },
    ],
  },
  *check(subject) {
    for (const document of subject.eventRules) {
      for (const [key, found] of Object.entries(document.value)) {
        if (typeof found !== "object") continue;
        const pointer = `${pointerTo("", key)}/event_pattern`;
        yield* emptyLists(document, found.event_pattern, pointer);
        yield* neverFindings({ document, pointer, rule: found });
        yield* scopeFindings({ document, pointer, rule: found }, subject);
      }
    }
  },
});

function* emptyLists(document: TemplateDocument, value: unknown, pointer: string): Iterable<Finding> {
  if (Array.isArray(value) && value.length === 0) {
    const hint = "name a value, or leave the key out";
    yield { document, pointer, found: value, expected: "at least one value", hint, severity: "error" };
  }
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) yield* emptyLists(document, item, pointerTo(pointer, key));
}

interface PlacedRule {
  readonly document: TemplateDocument;
  /** Pointer to the pattern. */
  readonly pointer: string;
  readonly rule: EventRule;
}

/** Values that no event has: EventBridge compares them exactly, case included, and does not report them. */
function* neverFindings({ document, pointer, rule }: PlacedRule): Iterable<Finding> {
  const { source, "detail-type": kinds, detail = {} } = rule.event_pattern;
  yield* unknownValues(document, `${pointer}/source`, source, (found) => {
    const close = nearest(found, sources);
    // Other programs send events as well, under their own source names.
    return /^aws/i.test(found) && close !== undefined ? sources : [found];
  });
  const written = source.map((name) => (Object.hasOwn(eventsOf, name) ? eventsOf[name] : undefined));
  if (written.length === 0 || written.includes(undefined)) return; // what other sources send is not known
  const events = written.filter((service) => service !== undefined);
  yield* unknownValues(document, `${pointer}/detail-type`, kinds, () => [
    ...events.flatMap((service) => service.kinds),
    ...ofEveryService,
  ]);
  yield* unknownValues(document, `${pointer}/detail/status`, detail.status ?? [], () =>
    events.flatMap((service) => service.statuses),
  );
}

function* unknownValues(
  document: TemplateDocument,
  pointer: string,
  values: readonly string[],
  knownFor: (found: string) => readonly string[],
): Iterable<Finding> {
  for (const [index, found] of values.entries()) {
    const at = `${pointer}/${index}`;
    const known = knownFor(found);
    if (known.includes(found) || isSample(document, at)) continue;
    const close = nearest(found, known);
    yield {
      document,
      pointer: at,
      found,
      expected: "a value that occurs in events; with this one the rule never matches",
      hint: close ? `did you mean ${close}?` : `known values: ${known.join(", ")}`,
      // AWS may have added one since.
      severity: close ? "error" : "warning",
    };
  }
}

/** What a source sends: https://docs.aws.amazon.com/eventbridge/latest/ref/events.html */
const eventsOf: Readonly<Record<string, { readonly kinds: readonly string[]; readonly statuses: readonly string[] }>> =
  {
    "aws.batch": {
      kinds: [
        ...["Batch Job State Change", "Batch Job Queue Blocked"],
        ...["Batch Service Job State Change", "Batch Service Job Queue Blocked"],
      ],
      statuses: ["SUBMITTED", "PENDING", "RUNNABLE", "SCHEDULED", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"],
    },
    "aws.states": {
      kinds: ["Step Functions Execution Status Change"],
      statuses: ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"],
    },
  };
/** Calls that CloudTrail records arrive on the bus with the source of the service. */
const ofEveryService = ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"];
/** Sources that a pattern with the keys of jobs and executions can refer to. */
const sources = Object.keys(eventsOf);

function* scopeFindings({ document, pointer, rule }: PlacedRule, subject: Subject): Iterable<Finding> {
  const { source, resources, detail = {} } = rule.event_pattern;
  const scope = scopes.find((candidate) => source.includes(candidate.source));
  if (scope === undefined) return;
  const { keys, expected } = scope;
  if (resources === undefined && keys.every((key) => detail[key] === undefined)) {
    const hint = `add "${keys[0]}" to detail, with its ARN`;
    yield { document, pointer: `${pointer}/detail`, found: detail, expected, hint };
    return;
  }
  const queues = subject.jobQueues.map(({ value }) => value.name);
  if (queues.length === 0) return;
  for (const [index, found] of (detail.jobQueue ?? []).entries()) {
    const at = `${pointer}/detail/jobQueue/${index}`;
    if (isSample(document, at) || queues.includes(found.split("job-queue/").at(-1) ?? found)) continue;
    yield { document, pointer: at, found, expected: `the queue of this module, ${queues.join(", ")}`, hint: toQueue };
  }
}

const toQueue = "write ${BATCH_PROCESSING_QUEUE_ARN}";

const scopes = [
  {
    source: "aws.batch",
    keys: ["jobQueue", "jobDefinition"],
    expected: "a queue or job definition: the jobs of the whole account are on the same bus",
  },
  {
    source: "aws.states",
    keys: ["stateMachineArn"],
    expected: "a state machine: the executions of the whole account are on the same bus",
  },
] as const;
