import workerExitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import type { Data } from "../making.ts";

/**
 * What AWS Batch reports about the queue: how jobs ended, and that one blocks it. AWS Batch has no metrics of its own, but
 * EventBridge counts what a rule catches, so the alarms and the dashboard count jobs by these rules.
 */
export function defaultEventRules(): Data {
  return {
    "failed-jobs": {
      name: "${PREFIX}-batch-failed-jobs",
      description: "Jobs of the queue that failed for good, after their last attempt.",
      event_pattern: ofQueue("Batch Job State Change", { status: ["FAILED"] }),
    },
    "rejected-files": {
      name: "${PREFIX}-batch-rejected-files",
      description: "Jobs whose worker rejected the data, by its exit code. They are among the failed jobs as well.",
      event_pattern: ofQueue("Batch Job State Change", {
        status: ["FAILED"],
        container: { exitCode: [dataRefused] },
      }),
      // The rule for failed jobs has already notified it.
      notify: false,
    },
    "succeeded-jobs": {
      name: "${PREFIX}-batch-succeeded-jobs",
      description: "Jobs of the queue that succeeded. AWS Batch itself keeps a finished job for only a week.",
      event_pattern: ofQueue("Batch Job State Change", { status: ["SUCCEEDED"] }),
      notify: false,
    },
    "blocked-queue": {
      name: "${PREFIX}-batch-blocked-queue",
      description: "A job at the head of the queue stays RUNNABLE, and the others wait behind it.",
      event_pattern: ofQueue("Batch Job Queue Blocked", {}),
    },
  };
}

const dataRefused = workerExitCodes.codes.find(({ name }) => name === "data-refused")?.code;

function ofQueue(kind: string, detail: Data) {
  return {
    source: ["aws.batch"],
    "detail-type": [kind],
    detail: { jobQueue: ["${BATCH_PROCESSING_QUEUE_ARN}"], ...detail },
  };
}
