/** Names made of a subject and an outcome. */
function each(things: readonly string[], ends: readonly string[]): readonly string[] {
  return things.flatMap((thing) => ends.map((end) => thing + end));
}

/**
 * The metrics of the services that a module of this kind is watched by, as AWS documents them, by namespace. AWS Batch
 * writes none: it reports through events.
 */
export const awsMetrics: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  "AWS/States": [
    ...each(["Executions"], ["Started", "Succeeded", "Failed", "TimedOut", "Aborted", "Redriven"]),
    ...each(["RedrivenExecutions"], ["Succeeded", "Failed", "TimedOut", "Aborted"]),
    ...["ExecutionTime", "ExecutionThrottled", "OpenExecutionCount", "OpenExecutionLimit"],
    ...each(["Activity", "LambdaFunction", "ServiceIntegration"], ["RunTime", "ScheduleTime", "Time"]),
    ...each(
      ["Activities", "LambdaFunctions", "ServiceIntegrations"],
      ["Scheduled", "Started", "Succeeded", "Failed", "TimedOut"],
    ),
    ...["ActivitiesHeartbeatTimedOut", "ThrottledEvents", "ProvisionedBucketSize", "ProvisionedRefillRate"],
    ...["ConsumedCapacity", "OpenMapRunLimit", "ApproximateOpenMapRunCount", "ApproximateMapRunBacklogSize"],
  ],
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": [
    ...["Invocations", "Errors", "Throttles", "Duration", "PostRuntimeExtensionsDuration", "IteratorAge", "OffsetLag"],
    ...["DeadLetterErrors", "DestinationDeliveryFailures", "OversizedRecordCount", "RecursiveInvocationsDropped"],
    ...["ConcurrentExecutions", "UnreservedConcurrentExecutions", "ClaimedAccountConcurrency"],
    ...each(["ProvisionedConcurren"], ["tExecutions", "cyInvocations", "cySpilloverInvocations", "cyUtilization"]),
    ...each(["AsyncEvent"], ["sReceived", "Age", "sDropped"]),
    ...each(["Polled", "FilteredOut", "Invoked", "FailedInvoke", "Dropped", "Deleted"], ["EventCount"]),
    ...["OnFailureDestinationDeliveredEventCount", "ProvisionedPollers", "SignatureValidationErrors"],
  ],
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  "AWS/Events": [
    ...["Invocations", "FailedInvocations", "DeadLetterInvocations", "TriggeredRules", "MatchedEvents"],
    ...["ThrottledRules", "InvocationAttempts", "SuccessfulInvocationAttempts", "RetryInvocationAttempts"],
    ...["InvocationsCreated", "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq", "InvocationLatency", "Events"],
    ...each(["IngestiontoInvocation"], ["StartLatency", "CompleteLatency", "SuccessLatency"]),
    ...each(["IngestionToInvocation"], ["StartLatency", "CompleteLatency", "SuccessLatency"]),
    ...each(
      ["PutEvents", "PutPartnerEvents"],
      ["ApproximateCallCount", "ApproximateFailedCount", "ApproximateSuccessCount", "ApproximateThrottledCount"],
    ),
    ...each(["PutEvents", "PutPartnerEvents"], ["EntriesCount", "FailedEntriesCount", "Latency", "RequestSize"]),
  ],
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS": [
    ...each(["ApproximateNumberOfMessages"], ["Visible", "NotVisible", "Delayed"]),
    ...each(["NumberOfMessages"], ["Sent", "Received", "Deleted"]),
    ...["ApproximateAgeOfOldestMessage", "ApproximateNumberOfGroupsWithInflightMessages", "NumberOfEmptyReceives"],
    ...["NumberOfDeduplicatedSentMessages", "ApproximateNumberOfNoisyGroups", "SentMessageSize"],
  ],
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
  "AWS/ECS": [
    ...each(["CPU", "Memory"], ["Reservation", "Utilization"]),
    ...["GPUReservation", "EBSFilesystemUtilization", "ActiveConnectionCount", "NewConnectionCount", "ProcessedBytes"],
    ...["RequestCount", "GrpcRequestCount", "TargetResponseTime", "RequestCountPerTarget"],
    ...["HTTPCode_Target_2XX_Count", "HTTPCode_Target_3XX_Count", "HTTPCode_Target_4XX_Count"],
    ...["HTTPCode_Target_5XX_Count", "ClientTLSNegotiationErrorCount", "TargetTLSNegotiationErrorCount"],
  ],
  "AWS/Batch": [],
};

/** Namespaces of AWS, for a hint: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html */
export const awsNamespaces: readonly string[] = [
  ...Object.keys(awsMetrics),
  ...["ApiGateway", "ApplicationELB", "Athena", "AutoScaling", "Backup", "Billing", "CloudFront", "CloudTrail"].map(
    aws,
  ),
  ...["CodeBuild", "Cognito", "DMS", "DX", "DocDB", "DynamoDB", "EBS", "EC2", "EC2Spot", "ECR", "EFS", "ELB"].map(aws),
  ...["ES", "ElastiCache", "ElasticMapReduce", "Firehose", "FSx", "Glue", "IoT", "KMS", "Kafka"].map(aws),
  ...["KafkaConnect", "Kinesis", "KinesisAnalytics", "Logs", "MWAA", "NATGateway", "Neptune", "NetworkELB"].map(aws),
  ...["NetworkFirewall", "PrivateLinkEndpoints", "PrivateLinkServices", "RDS", "Redshift", "Route53", "S3", "SES"].map(
    aws,
  ),
  ...["SNS", "SSM-RunCommand", "SageMaker", "Scheduler", "SecretsManager", "Synthetics", "TransitGateway"].map(aws),
  ...["Transfer", "TrustedAdvisor", "Usage", "VPN", "WAF", "WAFV2", "WorkSpaces", "X-Ray"].map(aws),
  ...["ACMPrivateCA", "CertificateManager", "CloudHSM", "CloudSearch", "Config", "DAX", "DRS", "DataSync", "EKS"].map(
    aws,
  ),
  ...["ElasticBeanstalk", "GatewayELB", "GameLift", "GlobalAccelerator", "IVS", "Inspector", "Lex", "Lightsail"].map(
    aws,
  ),
  ...["MediaLive", "MediaPackage", "MemoryDB", "OpsWorks", "Outposts", "Polly", "Prometheus", "QLDB", "RUM"].map(aws),
  ...["Rekognition", "SWF", "StorageGateway", "Textract", "Translate", "VPC", "ServiceCatalog", "CodePipeline"].map(
    aws,
  ),
  ...["AmazonMQ", "Bedrock", "EventBridge/Pipes", "AppSync", "AppRunner", "Pipes", "MediaConvert", "Timestream"].map(
    aws,
  ),
];

function aws(service: string): string {
  return `AWS/${service}`;
}
