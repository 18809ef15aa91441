import { defineRule } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";

const policy = "arn:aws:batch:us-east-1:123456789012:scheduling-policy/shares";

export const fairShare = defineRule({
  id: "fair-share",
  severity: "warning",
  summary: "Fair-share scheduling is a deliberate choice that affects the queue, its jobs and every submission.",
  why:
    "A scheduling policy can be exchanged for another one, but never removed from a queue or added to it. " +
    "Every SubmitJob to such a queue has to specify a ShareIdentifier and a scheduling priority, or AWS Batch " +
    "rejects it. On a queue without a policy the scheduling priority of a job has no effect.",
  source: "https://github.com/nextflow-io/nextflow/issues/3505",
  examples: {
    good: [{ shows: "first in, first out", documents: { "job-queue.json": { priority: 10 } } }],
    bad: [
      { shows: "a queue with a policy", documents: { "job-queue.json": { scheduling_policy_arn: policy } } },
      {
        shows: "a priority that has no effect",
        documents: { "batch-processing-job.json": { scheduling_priority: 10 } },
      },
    ],
  },
  *check({ jobQueues, jobDefinitions }) {
    for (const document of jobQueues) {
      const found = document.value.scheduling_policy_arn;
      if (found === undefined) continue;
      yield {
        document,
        pointer: "/scheduling_policy_arn",
        found,
        expected: "no scheduling policy, unless this queue is to keep one permanently",
        hint: "every SubmitJob then needs a ShareIdentifier, and a priority unless the job has one",
      };
    }
    const fair = jobQueues.some(({ value }) => value.scheduling_policy_arn !== undefined);
    if (fair || jobQueues.length === 0) return;
    for (const document of jobDefinitions) {
      const found = document.value.scheduling_priority;
      const pointer = "/scheduling_priority";
      if (found === undefined || isSample(document, pointer)) continue;
      const expected = "no scheduling priority, because no queue has a scheduling policy";
      yield {
        document,
        pointer,
        found,
        expected,
        hint: "remove it; jobs of such a queue start in the order they were submitted",
      };
    }
  },
});
