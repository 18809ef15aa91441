import type { Config } from "../../derived/types.ts";
import type { Data } from "../making.ts";
import type { Monitored } from "./monitored.ts";

/**
 * An alarm for each way in which work is lost, late or rejected. Each description says what to do, because it is all that
 * the person on call gets to read.
 */
export function defaultAlarms(config: Config, parts: Monitored): Data {
  return {
    ...onRule(parts, "failed-jobs", {
      description:
        "A job failed for good. The reason is in the notification and in the output of describe-jobs; its exit code determines what to do.",
    }),
    ...onRule(parts, "rejected-files", {
      description:
        "A file was rejected: more invalid records than allowed, or not in the format it claims. Read report.html next to the output, correct the file, and start again.",
    }),
    ...onRule(parts, "blocked-queue", {
      description:
        "A job stays RUNNABLE and blocks the queue: no capacity, or it requests more memory or vCPUs than any instance has. Check its statusReason and the compute environments.",
    }),
    "failed-executions": anyOf({
      name: "${PREFIX}-batch-failed-executions",
      description:
        "A file was not processed. The execution's error and cause say why. Once the cause is fixed, start it again with the same input and output.",
      namespace: "AWS/States",
      metric_name: "ExecutionsFailed",
      dimensions: stateMachine,
    }),
    "timed-out-executions": anyOf({
      name: "${PREFIX}-batch-timed-out-executions",
      description:
        "An execution exceeded its timeout. Look for chunks that wait for capacity; the execution can be redriven.",
      namespace: "AWS/States",
      metric_name: "ExecutionsTimedOut",
      dimensions: stateMachine,
    }),
    "refused-records": anyOf({
      name: "${PREFIX}-batch-refused-records",
      description:
        "The destination rejected records for good, such as messages that are too large. The log of the job names each of them; all others were delivered.",
      namespace: parts.processor.namespace,
      metric_name: "Refused",
      dimensions: { Worker: "batch_processor" },
    }),
    "function-errors": anyOf({
      name: "${PREFIX}-batch-function-errors",
      description:
        "The function failed on a small chunk. The state machine retries it; the function's log group says why.",
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: lambdaFunction,
    }),
    "function-throttles": anyOf({
      name: "${PREFIX}-batch-function-throttles",
      description:
        "AWS Lambda throttled the function. Raise the concurrency limit of the account or the function, or lower max_concurrency.",
      namespace: "AWS/Lambda",
      metric_name: "Throttles",
      dimensions: lambdaFunction,
    }),
    "function-near-timeout": anyOf({
      name: "${PREFIX}-batch-function-near-timeout",
      description:
        "The function nearly reached its timeout. Lower batch_processing_threshold, so that such chunks run on AWS Batch, or give the function more memory.",
      namespace: "AWS/Lambda",
      metric_name: "Duration",
      dimensions: lambdaFunction,
      statistic: "Maximum",
      threshold: parts.function.timeoutSeconds * 1000 * nearTimeout,
    }),
    "undelivered-events": anyOf({
      name: "${PREFIX}-batch-undelivered-events",
      description:
        "EventBridge could not deliver an event and sent it to the dead-letter queue of the rules. Its attributes contain the error; check the policies of the topic and the log group.",
      ...depth(deadLetterQueue),
    }),
    ...(config.sqs_dead_letter_queue !== undefined && {
      "dead-letters": anyOf({
        name: "${PREFIX}-batch-dead-letters",
        description:
          "A consumer of the SQS queue failed to process delivered records, and they are in its dead-letter queue. Fix the consumer, then redrive them.",
        ...depth(config.sqs_dead_letter_queue),
      }),
    }),
  };
}

/** The queue that the module creates for events that could not be delivered. */
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

/** An alarm on the number of events that a rule matched; none if the config has removed the rule. */
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

/** Goes off on the first one in five minutes. These metrics have no data at all while nothing goes wrong. */
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
