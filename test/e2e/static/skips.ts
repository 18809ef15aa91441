/** What checkov asks for and the generated modules do not do, by check, and why. A test holds that each is still asked for. */
type Skips = Readonly<Record<string, string>>;

const logs: Skips = {
  CKV_AWS_338:
    "The design document keeps logs for 30 days. They hold no record of what happened to the data: reports in S3 do. " +
    "log_groups.*.retention_in_days, lambda_function.log_retention_in_days and state_machine_settings.log_retention_in_days change it.",
  CKV_AWS_158:
    "CloudWatch Logs encrypts with a key of its own. A customer's key has to exist first, and its policy has to let Logs " +
    "use it. log_groups.*.kms_key_id, lambda_function.log_kms_key_id and state_machine_settings.log_kms_key_id name one.",
};

/** Whatever the config says. */
const always: Skips = {
  CKV2_AWS_5: "The groups are attached by other modules, to the instances and to the function.",
  CKV_AWS_116:
    "A dead-letter queue of a function is for calls that nobody waits for. The state machine waits, tries again, and " +
    "writes the failures beside the manifest.",
  CKV_AWS_272: "Code signing takes a signing profile and a job that signs, which are the user's own to have.",
  // The log of events holds what EventBridge told, which CloudTrail and AWS Batch know as well.
  ...logs,
};

const byDefault: Skips = {
  ...always,
  CKV_AWS_26:
    "The key that AWS manages lets neither CloudWatch nor EventBridge use it, so alarms would not arrive. " +
    "alarm_topic_kms_key names one of the user's that does.",
  CKV_AWS_285:
    "With the data of executions the log would hold the environment of jobs, which AWS Batch tells of each. " +
    "state_machine_settings.log_execution_data adds it.",
};

export const checkovSkips = { logs, always, byDefault };
