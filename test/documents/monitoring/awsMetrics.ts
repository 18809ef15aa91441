/** Metrics that AWS documents, with the dimensions that each is published with, by namespace. Only those in use. */
export const awsMetrics: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html: rules on the default bus have no other dimension
  "AWS/Events": { TriggeredRules: ["RuleName"] },
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  "AWS/States": Object.fromEntries(
    ["Started", "Succeeded", "Failed", "TimedOut", "Aborted"].map((end) => [`Executions${end}`, ["StateMachineArn"]]),
  ),
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": Object.fromEntries(
    ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"].map((name) => [name, ["FunctionName"]]),
  ),
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS": { ApproximateNumberOfMessagesVisible: ["QueueName"] },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html: clusters of EC2 instances
  "AWS/ECS": {
    CPUReservation: ["ClusterName"],
    MemoryReservation: ["ClusterName"],
    CPUUtilization: ["ClusterName"],
  },
};
