import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../../../src/check/rules/index.ts";
import { resolveModel } from "../../../src/config/resolveModel.ts";
import { checkExample } from "../../../src/derive/checkExample.ts";
import type { IamRole, IamRoles, PolicyStatement } from "../../../src/derived/types.ts";
import { onEverything } from "../../../src/documents/iam-roles/policyStatement.ts";
import { workerStatements } from "../../../src/documents/iam-roles/workerPolicies.ts";
import { workerOf, workerResources } from "../../../src/shared/contract.ts";
import { valueAt } from "../../../src/shared/pointer.ts";
import { configSource } from "../configSource.ts";

const jobRole = "scm-batch-processor-batch-job-role";
const lambdaRole = "scm-batch-processor-lambda-role";
const instanceRole = "scm-batch-processor-batch-instance-role";
const stateMachineRole = "scm-batch-processor-state-machine-role";

function rolesOf(config: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, IamRole>> {
  return resolveModel(configSource(config)).documents["iam-roles"] as IamRoles as Record<string, IamRole>;
}

function statementsOf(role: string, config?: Readonly<Record<string, unknown>>): readonly PolicyStatement[] {
  return Object.values(rolesOf(config)[role]?.inline_policies ?? {}).flatMap(({ Statement }) => Statement);
}

function actionsOf(role: string, config?: Readonly<Record<string, unknown>>): readonly string[] {
  return statementsOf(role, config).flatMap(({ Effect, Action }) => (Effect === "Allow" ? (Action ?? []) : []));
}

function statement(role: string, sid: string, config?: Readonly<Record<string, unknown>>): PolicyStatement | undefined {
  return statementsOf(role, config).find(({ Sid }) => Sid === sid);
}

const called = (job: "validation" | "processing", destination: string) =>
  workerOf(job)
    .calls.filter(({ when }) => when?.RECORD_DESTINATION?.includes(destination) ?? true)
    .map(({ action }) => action);

describe("the roles of the workers", () => {
  test.each(["kafka", "sqs_core"])("allow what the contract says is called, and nothing else: %s", (destination) => {
    const config = { record_destination: destination };
    const both = new Set([...called("validation", destination), ...called("processing", destination)]);
    expect(actionsOf(jobRole, config).toSorted()).toEqual([...both].sort());
    const worker = rolesOf(config)[lambdaRole]?.inline_policies?.worker?.Statement ?? [];
    expect(worker.flatMap(({ Action = [] }) => Action).sort()).toEqual(called("processing", destination).sort());
  });

  test.each([
    ["kafka", "sqs:"],
    ["sqs_core", "kafka-cluster:"],
  ])("that send to %s have no action that starts with %s", (record_destination, other) => {
    for (const role of [jobRole, lambdaRole]) {
      const found = actionsOf(role, { record_destination }).filter((action) => action.startsWith(other));
      expect(found, role).toEqual([]);
    }
  });

  test("allow both destinations when Terragrunt decides on one", () => {
    const placeholders = { RECORD_DESTINATION: { expression: "dependency.settings.outputs.destination" } };
    for (const role of [jobRole, lambdaRole]) {
      expect(actionsOf(role, { placeholders })).toEqual(
        expect.arrayContaining(["kafka-cluster:WriteData", "sqs:SendMessage"]),
      );
    }
  });

  test("follow the destination of the job itself", () => {
    const environment = [{ name: "RECORD_DESTINATION", value: "sqs_core" }];
    const config = { batch_processing_job: { container_properties: { environment } } };
    for (const role of [jobRole, lambdaRole]) {
      expect(actionsOf(role, config)).toContain("sqs:SendMessage");
      expect(actionsOf(role, config)).not.toContain("kafka-cluster:WriteData");
    }
  });

  test("follow the destination of the function, where it has one of its own", () => {
    const config = { lambda_function: { environment: { RECORD_DESTINATION: "sqs_core" } } };
    expect(actionsOf(lambdaRole, config)).toContain("sqs:SendMessage");
    expect(actionsOf(jobRole, config)).not.toContain("sqs:SendMessage");
  });

  test.each(["scram", "none"])("allow nothing on MSK when the brokers do not use IAM: %s", (value) => {
    const environment = [{ name: "KAFKA_SECURITY", value }];
    const config = { batch_processing_job: { container_properties: { environment } } };
    expect(actionsOf(jobRole, config).filter((action) => action.startsWith("kafka-cluster:"))).toEqual([]);
  });

  test("treat a secret as unknown", () => {
    const container_properties = {
      environment: [{ name: "KAFKA_SECURITY", value: null }],
      secrets: [{ name: "KAFKA_SECURITY", value_from: "arn:aws:ssm:us-east-1:123456789012:parameter/security" }],
      execution_role_arn: "arn:aws:iam::123456789012:role/execution",
    };
    expect(actionsOf(jobRole, { batch_processing_job: { container_properties } })).toContain("kafka-cluster:Connect");
  });

  test("have one statement per resource, on its ARN in the contract", () => {
    const arns = new Map(workerResources.map(({ sid, arn }) => [sid, arn.replaceAll("${PREFIX}", "gss-dev")]));
    const statements = statementsOf(jobRole);
    expect(statements.map(({ Sid }) => Sid)).toEqual(["S3Bucket", "S3Objects", "KafkaCluster", "KafkaTopic"]);
    for (const { Sid, Resource } of statements) expect(Resource).toEqual([arns.get(String(Sid))]);
  });
});

describe("workerStatements", () => {
  const arn = (rest: string) => `arn:aws:${rest}`;
  const settings = { text: () => undefined, value: () => undefined };

  test("allows the action of a new call in the contract, and no other one", () => {
    const call = { action: "s3:DeleteObject", resource: "objects", why: "Removes what is old." };
    const worker = workerOf("validation");
    const actions = (calls: typeof worker.calls) =>
      workerStatements([{ worker: { ...worker, calls }, settings }], arn).flatMap(({ Action = [] }) => Action);
    const before = actions(worker.calls);
    expect(actions([...worker.calls, call]).filter((action) => !before.includes(action))).toEqual([call.action]);
    expect(before).toEqual(actions([...worker.calls, call]).filter((action) => action !== call.action));
  });

  test("refuses a call on a resource that the contract does not describe", () => {
    const calls = [{ action: "dynamodb:PutItem", resource: "table", why: "Keeps the place." }];
    const worker = { ...workerOf("validation"), calls };
    expect(() => workerStatements([{ worker, settings }], arn)).toThrow("no resource table for dynamodb:PutItem");
  });
});

test("a job with another bucket or topic may use that one, and only with its own actions", () => {
  const environment = [
    { name: "S3_BUCKET", value: "other-data" },
    { name: "KAFKA_TOPIC", value: "${PREFIX}-other" },
  ];
  const statements = statementsOf(jobRole, { batch_processing_job: { container_properties: { environment } } });
  expect(statements.map(({ Sid, Action, Resource }) => [Sid, Action, Resource])).toEqual([
    ["S3Bucket", ["s3:ListBucket"], ["arn:aws:s3:::${S3_BUCKET}"]],
    ["S3Bucket2", ["s3:ListBucket"], ["arn:aws:s3:::other-data"]],
    ["S3Objects", ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], ["arn:aws:s3:::${S3_BUCKET}/*"]],
    ["S3Objects2", ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::other-data/*"]],
    expect.arrayContaining(["KafkaCluster"]),
    [
      "KafkaTopic",
      ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
      ["arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT_ID}:topic/${MSK_CLUSTER_NAME}/${MSK_CLUSTER_UUID}/gss-dev-other"],
    ],
  ]);
});

test("a key of the user's may be used by the roles that read and write, and by no others", () => {
  const kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  for (const role of [jobRole, lambdaRole, stateMachineRole]) {
    expect(statement(role, "UseKey", { kms_key_arn })?.Resource).toEqual([kms_key_arn]);
    expect(statement(role, "UseKey")).toBeUndefined();
  }
  expect(statement(instanceRole, "UseKey", { kms_key_arn })).toBeUndefined();
});

describe("the role of the instances", () => {
  const withImages = (validation: string, processing: string) => ({
    batch_validation_job: { container_properties: { image: validation } },
    batch_processing_job: { container_properties: { image: processing } },
  });

  test("writes to the log groups of the jobs, wherever they are", () => {
    const config = { log_groups: { validation: { name: "/own/group" } } };
    expect(statement(instanceRole, "SendLogs", config)?.Resource).toEqual([
      "arn:aws:logs:${AWS_REGION}:${AWS_ACCOUNT_ID}:log-group:/own/group:*",
      "arn:aws:logs:${AWS_REGION}:${AWS_ACCOUNT_ID}:log-group:/aws/batch/gss-dev-batch-processing:*",
    ]);
  });

  test("writes to no group for a job whose log goes elsewhere, and in the region that the log driver names", () => {
    const logging = (log_configuration: object) => ({ container_properties: { log_configuration } });
    const config = {
      batch_validation_job: logging({ log_driver: "json-file", options: null }),
      batch_processing_job: logging({ options: { "awslogs-group": "/own/group", "awslogs-region": "eu-west-1" } }),
    };
    expect(statement(instanceRole, "SendLogs", config)?.Resource).toEqual([
      "arn:aws:logs:eu-west-1:${AWS_ACCOUNT_ID}:log-group:/own/group:*",
    ]);
  });

  test("pulls from the private repositories of the images, and needs nothing for public ones", () => {
    expect(actionsOf(instanceRole).filter((action) => action.startsWith("ecr:"))).toEqual([]);
    const config = withImages(
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/validator:1.2",
      "${AWS_ACCOUNT_ID}.dkr.ecr.${AWS_REGION}.amazonaws.com/team/processor@sha256:0123456789012345678901234567890123456789012345678901234567890123",
    );
    expect(statement(instanceRole, "PullImages", config)?.Resource).toEqual([
      "arn:aws:ecr:eu-west-1:123456789012:repository/team/validator",
      "arn:aws:ecr:${AWS_REGION}:${AWS_ACCOUNT_ID}:repository/team/processor",
    ]);
    expect(actionsOf(instanceRole, config)).toContain("ecr:GetAuthorizationToken");
  });

  test("may pull from the account's own registry when the registry or the image is a placeholder", () => {
    const placeholders = {
      REGISTRY: { kind: "string", expression: "dependency.registry.outputs.host" },
      IMAGE: { kind: "string", expression: "dependency.registry.outputs.image" },
    };
    const config = { ...withImages("${REGISTRY}/team/validator:1.2", "${IMAGE}"), placeholders };
    expect(statement(instanceRole, "PullImages", config)?.Resource).toEqual([
      "arn:aws:ecr:${AWS_REGION}:${AWS_ACCOUNT_ID}:repository/team/validator",
      "arn:aws:ecr:${AWS_REGION}:${AWS_ACCOUNT_ID}:repository/*",
    ]);
  });

  test("has an instance profile, and nothing of what the workers do", () => {
    expect(rolesOf()[instanceRole]?.instance_profile).toBe(true);
    expect(actionsOf(instanceRole).filter((action) => /^(s3|sqs|kafka-cluster):/.test(action))).toEqual([]);
  });
});

describe("the role of the function", () => {
  test("joins the VPC, traces and logs under its own name", () => {
    expect(statement(lambdaRole, "SendLogs", { lambda_function: { name: "own" } })?.Resource).toEqual([
      "arn:aws:logs:${AWS_REGION}:${AWS_ACCOUNT_ID}:log-group:/aws/lambda/own:*",
    ]);
    expect(actionsOf(lambdaRole)).toEqual(
      expect.arrayContaining(["ec2:CreateNetworkInterface", "xray:PutTraceSegments"]),
    );
  });

  test("reads its environment with the key that it is encrypted with", () => {
    const kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    expect(statement(lambdaRole, "ReadEnvironment")).toBeUndefined();
    expect(statement(lambdaRole, "ReadEnvironment", { lambda_function: { kms_key_arn } })).toMatchObject({
      Action: ["kms:Decrypt"],
      Resource: [kms_key_arn],
    });
  });

  test("may do neither when the function does neither", () => {
    const lambda_function = { vpc_config: null, tracing_mode: "PassThrough" };
    expect(actionsOf(lambdaRole, { lambda_function }).filter((action) => /^(ec2|xray):/.test(action))).toEqual([]);
  });

  test("keeps code in the function away from the interfaces", () => {
    const { Effect, Action, Condition } = statement(lambdaRole, "NotFromCode") ?? {};
    expect([Effect, Action]).toEqual(["Deny", statement(lambdaRole, "JoinVpc")?.Action]);
    expect(Condition).toEqual({
      ArnEquals: {
        "lambda:SourceFunctionArn": [
          "arn:aws:lambda:${AWS_REGION}:${AWS_ACCOUNT_ID}:function:gss-dev-batch-record-processor",
        ],
      },
    });
  });
});

describe("the role of the state machine", () => {
  test("names the queue, the job definitions, the function and the machine as the config does", () => {
    const config = {
      job_queue: { name: "own-queue" },
      batch_validation_job: { name: "own-validation" },
      lambda_function: { name: "own-function" },
      state_machine_settings: { name: "own-machine" },
    };
    const here = "${AWS_REGION}:${AWS_ACCOUNT_ID}";
    expect(statement(stateMachineRole, "SubmitJobs", config)?.Resource).toEqual([
      `arn:aws:batch:${here}:job-queue/own-queue`,
      `arn:aws:batch:${here}:job-definition/own-validation`,
      `arn:aws:batch:${here}:job-definition/own-validation:*`,
      `arn:aws:batch:${here}:job-definition/gss-dev-batch-processing-job`,
      `arn:aws:batch:${here}:job-definition/gss-dev-batch-processing-job:*`,
    ]);
    expect(statement(stateMachineRole, "InvokeFunction", config)?.Resource).toEqual([
      `arn:aws:lambda:${here}:function:own-function`,
    ]);
    expect(statement(stateMachineRole, "StartChunks", config)?.Resource).toEqual([
      `arn:aws:states:${here}:stateMachine:own-machine`,
    ]);
  });

  test("redrives the runs of its Map, which are below the machine's own", () => {
    const [runs] = statement(stateMachineRole, "RedriveChunks")?.Resource ?? [];
    expect(runs).toBe("arn:aws:states:${AWS_REGION}:${AWS_ACCOUNT_ID}:execution:gss-dev-batch-pipeline/*");
  });

  test("allows what each state of the definition calls, and nothing more of these services", () => {
    const definition = resolveModel(configSource()).documents["step-function-definition"];
    const resources = new Set(
      [...JSON.stringify(definition).matchAll(/arn:aws:states:::([A-Za-z0-9:.-]+)/g)].map(([, name]) => name),
    );
    const needed: Readonly<Record<string, readonly string[]>> = {
      "batch:submitJob.sync": [
        "batch:SubmitJob",
        "batch:DescribeJobs",
        "batch:TerminateJob",
        "events:DescribeRule",
        "events:PutRule",
        "events:PutTargets",
      ],
      "lambda:invoke": ["lambda:InvokeFunction"],
      "aws-sdk:s3:getObject": ["s3:GetObject"],
      "s3:getObject": ["s3:GetObject"],
      "s3:putObject": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    };
    expect([...resources].filter((name) => needed[String(name)] === undefined)).toEqual([]);
    const actions = new Set([...resources].flatMap((name) => needed[String(name)] ?? []));
    const allowed = new Set(actionsOf(stateMachineRole).filter((action) => !/^(states|logs|xray):/.test(action)));
    expect([...allowed].sort()).toEqual([...actions].sort());
  });

  test("covers every file that the definition reads below a run's prefix, and none of the data", () => {
    const definition = JSON.stringify(resolveModel(configSource()).documents["step-function-definition"]);
    const files = new Set(
      [...definition.matchAll(/States\.Format\('\{\}([a-z]+\.json)', \$\.settings\.output\)/g)].map(([, file]) => file),
    );
    expect(files.size).toBeGreaterThan(0);
    const readable = statement(stateMachineRole, "ReadValidation")?.Resource ?? [];
    expect([...files].map((file) => `arn:aws:s3:::\${S3_BUCKET}/*/${file}`).sort()).toEqual(readable.toSorted());
  });

  test("neither delivers logs nor traces when the machine does neither", () => {
    const state_machine_settings = { log_level: "OFF", tracing: false };
    expect(
      actionsOf(stateMachineRole, { state_machine_settings }).filter((action) => /^(logs|xray):/.test(action)),
    ).toEqual([]);
  });
});

describe("every role", () => {
  const all = Object.keys(rolesOf());

  test("has a name that fits with the longest prefix", () => {
    for (const key of all) expect(`${"p".repeat(24)}-${key}`.length, key).toBeLessThanOrEqual(64);
  });

  test("gets * only for actions that have a reason for it", () => {
    const reasons = Object.keys(onEverything);
    const found = all.flatMap((role) =>
      statementsOf(role, { record_destination: "kafka" }).filter(
        ({ Effect, Resource = [] }) => Effect === "Allow" && Resource.includes("*"),
      ),
    );
    expect(found.flatMap(({ Action = [] }) => Action).filter((action) => !reasons.includes(action))).toEqual([]);
  });

  test("names its service, account and region in every other ARN, and its actions in full", () => {
    for (const role of all) {
      for (const { Action = [], Resource = [] } of statementsOf(role)) {
        expect(Action.filter((action) => action.includes("*"))).toEqual([]);
        for (const arn of Resource.filter((resource) => resource !== "*")) {
          expect(arn).toMatch(
            /^arn:aws:(s3:::\$\{S3_BUCKET\}|[a-z0-9-]+:\$\{AWS_REGION\}:\$\{AWS_ACCOUNT_ID\}:[a-zA-Z])|^\$\{SQS_CORE_QUEUE_ARN\}$/,
          );
        }
      }
    }
  });

  test("has statements with ids of their own", () => {
    for (const role of all) {
      for (const [name, { Statement }] of Object.entries(rolesOf()[role]?.inline_policies ?? {})) {
        const ids = Statement.map(({ Sid }) => Sid);
        expect([role, name, new Set(ids).size]).toEqual([role, name, ids.length]);
      }
    }
  });

  test("is taken on for this account alone where the service says for whom", () => {
    const guarded = all.filter((key) => valueAt(rolesOf()[key], "/trust/conditions/StringEquals/aws:SourceAccount"));
    expect(guarded).toEqual(["scm-batch-processor-batch-role", jobRole, stateMachineRole]);
  });

  test("stays within the size that IAM allows the policies of a role", () => {
    for (const role of all) {
      const policies = Object.values(rolesOf()[role]?.inline_policies ?? {});
      // Placeholders are about as long as what comes in their place.
      expect(JSON.stringify(policies).length, role).toBeLessThan(10_240 / 2);
    }
  });
});

test.each([
  ["cn-north-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
])("the ARNs of %s are of the partition %s", (aws_region, partition) => {
  const text = JSON.stringify(rolesOf({ aws_region }));
  const partitions = new Set([...text.matchAll(/"arn:([a-z-]+):/g)].map(([, name]) => name));
  expect([...partitions]).toEqual([partition]);
});

test("without Kafka the roles wait for no MSK cluster, and without SQS for no queue", () => {
  const waitsFor = (record_destination: string) =>
    resolveModel(configSource({ record_destination })).units["iam-roles"]?.dependencies.map(({ name }) => name);
  expect(waitsFor("kafka")).toEqual(["msk"]);
  expect(waitsFor("sqs_core")).toEqual(["sqs"]);
});

test("the rules have nothing to say about the default roles", async () => {
  const found = await checkExample({ shows: "the default output" });
  const about = rules.filter(({ id }) => id.startsWith("iam-")).map(({ id }) => id);
  expect(about.length).toBeGreaterThan(4);
  expect(found.filter(({ rule, file }) => about.includes(rule) || file.includes("iam-roles"))).toEqual([]);
});

test("the module sets policies by resources of their own, not by the arguments that the provider deprecated", () => {
  const module = readFileSync("templates/terraform-aws-batch/iam-roles/main.tf.hbs", "utf8");
  expect(module.match(/^ *(inline_policy|managed_policy_arns)\b.*/gm)).toBeNull();
});
