/**
 * What to do when a service denies a worker access, by the id of the fault. On AWS the job role lacks a permission; in a
 * local run the credentials in the environment do. The worker logs the id next to its own hint, so that a local run finds
 * the other hint without parsing sentences.
 */
export const accessHints = {
  "no-credentials": {
    job: "Give the job definition a job role (jobRoleArn); elsewhere set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    local: "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the environment of this command.",
  },
  "queue-not-allowed": {
    job: "Allow the job role sqs:SendMessage on the queue of SQS_CORE_QUEUE, also in the policy of the queue itself.",
    local: "Use AWS credentials with sqs:SendMessage on the queue; see also the policy of the queue itself.",
  },
  "queue-key-not-allowed": {
    job: "Allow the job role kms:GenerateDataKey and kms:Decrypt on the key, and check that the key is enabled.",
    local:
      "Use AWS credentials with kms:GenerateDataKey and kms:Decrypt on the key, and check that the key is enabled.",
  },
  "topic-not-allowed": {
    job: "Allow the job role kafka-cluster:WriteData and kafka-cluster:DescribeTopic on the topic, or give its user the ACLs Write and Describe.",
    local:
      "Use AWS credentials with kafka-cluster:WriteData and kafka-cluster:DescribeTopic on the topic, or give the user the ACLs Write and Describe.",
  },
  "broker-not-allowed": {
    job: "With IAM, allow the job role kafka-cluster:Connect on the cluster; with SCRAM, check the user and the password.",
    local:
      "With IAM, use AWS credentials with kafka-cluster:Connect on the cluster; with SCRAM, check the user and the password.",
  },
} as const satisfies Readonly<Record<string, { readonly job: string; readonly local: string }>>;

export type AccessFaultId = keyof typeof accessHints;

export function isAccessFaultId(id: string | undefined): id is AccessFaultId {
  return id !== undefined && Object.hasOwn(accessHints, id);
}
