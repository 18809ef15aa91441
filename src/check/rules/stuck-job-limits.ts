import { defineRule } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import { isSample } from "../rules-support/samples.ts";

const capacity = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY";
const tooLarge = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE";
const noInstance = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT";
const supported = [capacity, tooLarge, noInstance, "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED"];
const manual = ["MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS", "ACTION_REQUIRED", "UNDETERMINED"];

function limits(...reasons: readonly string[]) {
  return reasons.map((reason) => ({ reason, state: "RUNNABLE", max_time_seconds: 600, action: "CANCEL" }));
}

export const stuckJobLimits = defineRule({
  id: "stuck-job-limits",
  severity: "error",
  summary: "A queue cancels jobs that can never start, for the reasons that AWS Batch acts on.",
  why:
    "A job that cannot start stays at the head of the queue and blocks all jobs behind it, for days if no one " +
    "notices. AWS Batch cancels it after a time of your choice, but only for four reasons, and it accepts any " +
    "text as a reason: a misspelt one, or one that it does not act on, has no effect at all.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html",
  examples: {
    good: [
      {
        shows: "the three reasons that every queue meets",
        documents: { "job-queue.json": { job_state_time_limit_actions: limits(capacity, tooLarge, noInstance) } },
      },
    ],
    bad: [
      {
        shows: "a misspelt reason",
        documents: {
          "job-queue.json": {
            job_state_time_limit_actions: limits(...supported, "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENTS"),
          },
        },
      },
      {
        shows: "a reason that AWS Batch reports but does not act on",
        documents: { "job-queue.json": { job_state_time_limit_actions: limits(...supported, "UNDETERMINED") } },
      },
      {
        shows: "the same reason twice",
        documents: { "job-queue.json": { job_state_time_limit_actions: limits(...supported, capacity) } },
      },
      {
        shows: "a queue that can be blocked indefinitely",
        documents: { "job-queue.json": { job_state_time_limit_actions: null } },
      },
    ],
  },
  *check({ jobQueues }) {
    const list = "/job_state_time_limit_actions";
    for (const document of jobQueues) {
      if (isSample(document, list)) continue;
      const actions = document.value.job_state_time_limit_actions ?? [];
      const reasons = actions.map(({ reason }) => reason);
      for (const [index, found] of reasons.entries()) {
        const pointer = `${list}/${index}/reason`;
        const mistake = isSample(document, pointer) ? undefined : mistakeIn(found, reasons.slice(0, index));
        if (mistake) yield { document, pointer, found, ...mistake };
      }
      const missing = [capacity, tooLarge, noInstance].filter((reason) => !reasons.includes(reason));
      if (missing.length === 0) continue;
      yield {
        document,
        pointer: list,
        ...(actions.length > 0 && { found: reasons }),
        expected: `${actions.length > 0 ? "another entry" : "an entry"} for ${missing.join(", ")}`,
        hint: "add an entry for each, with state RUNNABLE, action CANCEL and max_time_seconds, such as 600",
        severity: "warning",
      };
    }
  },
});

function mistakeIn(reason: string, before: readonly string[]): { expected: string; hint: string } | undefined {
  const expected = `one of ${supported.join(", ")}`;
  if (manual.includes(reason))
    return { expected, hint: "AWS Batch does not act on this one: remove it, and use an alarm for blocked queues" };
  if (!supported.includes(reason)) {
    const close = nearest(reason, supported);
    return { expected, hint: close ? `did you mean ${close}?` : "AWS accepts any text, but this one has no effect" };
  }
  return before.includes(reason) ? { expected: "each reason once", hint: "keep one of the two entries" } : undefined;
}
