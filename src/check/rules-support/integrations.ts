/** The optimized integrations of Step Functions, by service: the calls, each with its possible suffixes. */
const optimized: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  apigateway: { invoke: ["", ".waitForTaskToken"] },
  athena: {
    startQueryExecution: ["", ".sync"],
    ...alone("stopQueryExecution", "getQueryExecution", "getQueryResults"),
  },
  batch: { submitJob: ["", ".sync", ".waitForTaskToken"] },
  bedrock: { invokeModel: ["", ".waitForTaskToken"], createModelCustomizationJob: ["", ".sync"] },
  codebuild: {
    ...waited("startBuild", "startBuildBatch", "retryBuildBatch"),
    ...alone("stopBuild", "stopBuildBatch", "deleteBuildBatch", "batchDeleteBuilds", "batchGetReports"),
  },
  databrew: waited("startJobRun"),
  dynamodb: alone("getItem", "putItem", "deleteItem", "updateItem"),
  ecs: { runTask: ["", ".sync", ".waitForTaskToken"] },
  eks: {
    call: [""],
    ...waited("createCluster", "deleteCluster", "createFargateProfile", "deleteFargateProfile"),
    ...waited("createNodegroup", "deleteNodegroup", "runJob"),
  },
  elasticmapreduce: {
    ...waited("createCluster", "terminateCluster", "addStep"),
    ...alone("cancelStep", "setClusterTerminationProtection"),
    ...alone("modifyInstanceFleetByName", "modifyInstanceGroupByName"),
  },
  "emr-containers": { createVirtualCluster: [""], ...waited("deleteVirtualCluster", "startJobRun") },
  "emr-serverless": {
    ...waited("createApplication", "startApplication", "stopApplication", "deleteApplication"),
    ...waited("startJobRun", "cancelJobRun"),
  },
  events: { putEvents: ["", ".waitForTaskToken"] },
  glue: waited("startJobRun"),
  http: alone("invoke"),
  lambda: { invoke: ["", ".waitForTaskToken"] },
  mediaconvert: waited("createJob"),
  sagemaker: {
    ...alone("createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"),
    ...waited("createHyperParameterTuningJob", "createLabelingJob", "createProcessingJob"),
    ...waited("createTrainingJob", "createTransformJob"),
  },
  sns: { publish: ["", ".waitForTaskToken"] },
  sqs: { sendMessage: ["", ".waitForTaskToken"] },
  states: { startExecution: ["", ".sync", ".sync:2", ".waitForTaskToken"] },
};

/** The calls that a Distributed Map can use for its items and for its results. */
export const readers: readonly string[] = ["s3:getObject", "s3:listObjectsV2"];
export const writers: readonly string[] = ["s3:putObject"];

/** Every name that a task can have behind `arn:aws:states:::`. */
export const integrations: readonly string[] = Object.entries(optimized).flatMap(([service, calls]) =>
  Object.entries(calls).flatMap(([call, suffixes]) => suffixes.map((suffix) => `${service}:${call}${suffix}`)),
);

/** Behind `arn:aws:states:::`; undefined for a function, an activity, or a text that is not an ARN. */
export function integrationIn(resource: string): string | undefined {
  return /^arn:aws[a-z-]*:states:::(.*)$/.exec(resource)?.[1];
}

/** `aws-sdk:SERVICE:CALL` calls any AWS API, and does not wait for what it starts. */
export function isSdkCall(integration: string): boolean {
  return /^aws-sdk:[a-z0-9]+:[a-z][A-Za-z0-9]*(?:\.waitForTaskToken)?$/.test(integration);
}

/**
 * The AWS call that was meant where one differs by a single letter. There are thousands of calls; these are the ones that
 * a state machine for jobs makes, with all others that are that close to them.
 */
export function meantSdkCall(integration: string): string | undefined {
  const [, service = "", call = ""] = /^aws-sdk:([a-z0-9]+):([A-Za-z0-9]+)/.exec(integration) ?? [];
  const calls = Object.hasOwn(sdkCalls, service) ? (sdkCalls[service] ?? []) : [];
  return calls.includes(call) ? undefined : calls.find((known) => isOneEdit(call, known));
}

const sdkCalls: Readonly<Record<string, readonly string[]>> = {
  batch: ["submitJob", "describeJobs", "terminateJob", "cancelJob", "describeJobQueues", "describeJobDefinitions"],
  dynamodb: ["getItem", "putItem", "updateItem", "deleteItem", "query", "scan", "batchGetItem", "batchWriteItem"],
  lambda: ["invoke"],
  s3: [
    ...["getObject", "putObject", "headObject", "copyObject", "deleteObject", "deleteObjects"],
    ...["listObjects", "listObjectsV2", "headBucket"],
  ],
  sfn: ["startExecution", "startSyncExecution", "describeExecution", "stopExecution", "listExecutions"],
  sns: ["publish", "publishBatch"],
  sqs: ["sendMessage", "sendMessageBatch", "receiveMessage", "deleteMessage"],
};

/** Whether a single letter was added, left out or changed. */
function isOneEdit(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  const longest = Math.min(one.length, other.length) - start;
  while (end < longest && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return Math.max(one.length, other.length) - start - end === 1;
}

/** Whether it is known what a state with this resource calls. */
export function isKnownResource(resource: string): boolean {
  const integration = integrationIn(resource);
  if (integration === undefined) return true;
  if (isSdkCall(integration)) return meantSdkCall(integration) === undefined;
  return [...integrations, ...readers, ...writers].includes(integration);
}

function alone(...calls: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(calls.map((call) => [call, [""]]));
}

function waited(...calls: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(calls.map((call) => [call, ["", ".sync"]]));
}
