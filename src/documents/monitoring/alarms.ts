import type { Config } from "../../derived/types.ts";
import type { Data } from "../making.ts";
import type { Monitored } from "./monitored.ts";

/**
 * An alarm for each way in which work is lost, late or refused. Each description says what to do, because it is all that
 * the person who is woken up gets to read.
 */
export function defaultAlarms(config: Config, parts: Monitored): Data {
  return {
    ...onRule(parts, "failed-jobs", {
      description:
        "A job failed for good. Its reason is in the notification and with describe-jobs; the exit code tells what to do.",
    }),
    ...onRule(parts, "rejected-files", {
      description:
        "A file was refused: more invalid records than allowed, or not the format it claims. Read report.html beside the output, correct the file, start again.",
    }),
    ...onRule(parts, "blocked-queue", {
      description:
        "A job stays RUNNABLE and blocks the queue: no capacity, or more memory or vCPUs than any instance has. Look at its statusReason and at the compute environments.",
    }),
    "failed-executions": anyOf({
      name: "${PREFIX}-batch-failed-executions",
      description:
        "A file did not go through. The execution's error and cause say why. Once the cause is gone, start it again with the same input and output.",
      namespace: "AWS/States",
      metric_name: "ExecutionsFailed",
      dimensions: stateMachine,
    }),
    "timed-out-executions": anyOf({
      name: "${PREFIX}-batch-timed-out-executions",
      description: "An execution took longer than it may. Look for chunks that wait for capacity; it can be redriven.",
      namespace: "AWS/States",
      metric_name: "ExecutionsTimedOut",
      dimensions: stateMachine,
    }),
    "refused-records": anyOf({
      name: "${PREFIX}-batch-refused-records",
      description:
        "The destination refused records for good, such as messages that are too large. The log of the job names each; all others were delivered.",
      namespace: parts.processor.namespace,
      metric_name: "Refused",
      dimensions: { Worker: "batch_processor" },
    }),
    "function-errors": anyOf({
      name: "${PREFIX}-batch-function-errors",
      description: "The function failed on a small chunk. The state machine tries again; its log group tells why.",
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: lambdaFunction,
    }),
    "function-throttles": anyOf({
      name: "${PREFIX}-batch-function-throttles",
      description:
        "AWS Lambda refused to start the function more often at once. Raise the account's or the function's concurrency, or lower max_concurrency.",
      namespace: "AWS/Lambda",
      metric_name: "Throttles",
      dimensions: lambdaFunction,
    }),
    "function-near-timeout": anyOf({
      name: "${PREFIX}-batch-function-near-timeout",
      description:
        "The function took nearly all of its time. Lower batch_processing_threshold, so that such chunks run on AWS Batch, or give it more memory.",
      namespace: "AWS/Lambda",
      metric_name: "Duration",
      dimensions: lambdaFunction,
      statistic: "Maximum",
      threshold: parts.function.timeoutSeconds * 1000 * nearTimeout,
    }),
    "undelivered-events": anyOf({
      name: "${PREFIX}-batch-undelivered-events",
      description:
        "EventBridge could not deliver an event and put it into the dead-letter queue of the rules. Its attributes name the error; check the policies of topic and log group.",
      ...depth(deadLetterQueue),
    }),
    ...(config.sqs_dead_letter_queue !== undefined && {
      "dead-letters": anyOf({
        name: "${PREFIX}-batch-dead-letters",
        description:
          "A reader of the SQS queue gave up on delivered records, and they are in its dead-letter queue. Mend the reader, then move them back.",
        ...depth(config.sqs_dead_letter_queue),
      }),
    }),
  };
}

/** The queue that the module makes for events that could not be delivered. */
export const deadLetterQueue = "${PREFIX}-batch-alarms-dead-letter";

const stateMachine = { StateMachineArn: "${STATE_MACHINE_ARN}" };
const lambdaFunction = { FunctionName: "${RECORD_PROCESSOR_FUNCTION_NAME}" };
/** Share of the time limit. */
const nearTimeout = 0.9;

function depth(queue: string) {
  return {
    namespace: "AWS/SQS",
    metric_name: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue },
    statistic: "Maximum",
  };
}

/** An alarm by the count of what an event rule has caught; none if the config has removed the rule. */
function onRule({ rules }: Monitored, key: string, { description }: { readonly description: string }) {
  const rule = rules[key];
  if (rule === undefined) return {};
  return {
    [key]: anyOf({
      name: `\${PREFIX}-batch-${key}`,
      description,
      namespace: "AWS/Events",
      metric_name: "TriggeredRules",
      dimensions: { RuleName: rule },
    }),
  };
}

/** Rings on the first one in five minutes. These metrics have no data at all while nothing goes wrong. */
function anyOf(alarm: Data) {
  return {
    statistic: "Sum",
    period: 300,
    evaluation_periods: 1,
    threshold: 0,
    comparison_operator: "GreaterThanThreshold",
    treat_missing_data: "notBreaching",
    ...alarm,
  };
}
