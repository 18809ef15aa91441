import type { Config, PolicyStatement } from "../../derived/types.ts";
import { workerOf } from "../../shared/contract.ts";
import type { Data, Documents, Making } from "../making.ts";
import { functionSettings, jobSettings } from "../workerSettings.ts";
import { instanceStatements } from "./instancePolicy.ts";
import { allow, arnsOf, policy } from "./policyStatement.ts";
import { stateMachineStatements } from "./stateMachinePolicy.ts";
import { functionStatements, workerStatements } from "./workerPolicies.ts";

type Before = Documents<"batch" | "lambda" | "step-function">;

export function iamRoles({ config, before, document }: Making<Before>): Documents<"iam-roles"> {
  return { "iam-roles": document("iam-roles", defaultRoles(config, before)) };
}

/** The roles, each with the permissions for what is done with it and nothing else. */
function defaultRoles(config: Config, before: Before): Data {
  const arn = arnsOf(config.aws_region);
  const lambda = before["lambda-function"];
  const [validator, processor] = [workerOf("validation"), workerOf("processing")];
  const inJobs = [
    { worker: validator, settings: jobSettings("validation", before["batch-validation-job"], config) },
    { worker: processor, settings: jobSettings("processing", before["batch-processing-job"], config) },
  ];
  const inFunction = [{ worker: processor, settings: functionSettings(lambda, config) }];
  return {
    "scm-batch-processor-batch-role": {
      description: "For AWS Batch, where service_role names this role; the service-linked role is the default",
      trust: trust("batch.amazonaws.com"),
      managed_policy_arns: [arn("iam::aws:policy/service-role/AWSBatchServiceRole")],
    },
    "scm-batch-processor-batch-instance-role": {
      description: "For the instances themselves: join the cluster, pull images, send logs",
      // EC2 sends no account when it assumes a role, and has a different name in China.
      trust: { services: [config.aws_region.startsWith("cn-") ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com"] },
      inline_policies: { instance: policy(instanceStatements(before, arn)) },
      instance_profile: true,
    },
    "scm-batch-processor-batch-job-role": {
      description: "For the containers of both jobs",
      trust: trust("ecs-tasks.amazonaws.com"),
      inline_policies: { workers: policy([...workerStatements(inJobs, arn), ...keyStatements(config)]) },
    },
    "scm-batch-processor-lambda-role": {
      description: "For the function that processes small chunks",
      // AWS documents no account that Lambda sends when it assumes a role.
      trust: { services: ["lambda.amazonaws.com"] },
      inline_policies: {
        worker: policy([...workerStatements(inFunction, arn), ...keyStatements(config)]),
        function: policy(functionStatements(lambda, arn)),
      },
    },
    "scm-batch-processor-state-machine-role": {
      description: "For the state machine: submit jobs, invoke the function, run the chunks",
      trust: trust("states.amazonaws.com"),
      inline_policies: {
        pipeline: policy([...stateMachineStatements(before, arn), ...keyStatements(config)]),
      },
    },
  };
}

/** S3 and SQS use the key on behalf of the reader or writer. */
function keyStatements({ kms_key_arn }: Config): readonly PolicyStatement[] {
  return kms_key_arn === undefined ? [] : [allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn])];
}

/** Only on behalf of this account: no job or state machine of another account can be given the role. */
function trust(service: string): Data {
  return { services: [service], conditions: { StringEquals: { "aws:SourceAccount": ["${AWS_ACCOUNT_ID}"] } } };
}
