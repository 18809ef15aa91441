import { join } from "node:path";
import {
  BatchClient,
  type ComputeResource,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from "@aws-sdk/client-batch";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, emulatorSource, startEmulator } from "./parts/emulator.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { Storage } from "./system/storage.ts";
import { type Ask, json, query, unsignedCall } from "./system/unsignedCall.ts";

// What the other end-to-end tests do to the emulator, many times at once: none of it may fail, and none may be lost. The
// first test finds it as it starts, the others find it empty.

const parts = { "AWS emulator": await emulatorSource() };
const absent = reasonsToSkip(parts);

const many = Array.from({ length: 16 }, (_, index) => index);
const service = "states.amazonaws.com";

describe.skipIf(absent.length > 0)(`the AWS emulator, called many times at once ${absent.join("; ")}`, () => {
  let emulator: Emulator;
  let batch: BatchClient;
  let sqs: SQSClient;

  beforeAll(async () => {
    emulator = await startEmulator(present(parts["AWS emulator"]), {
      PYTHONPATH: join(import.meta.dirname, "parts", "python", "interleaved"),
      // There is no engine: this is not about how a job ends, but about all of them ending.
      DOCKER_HOST: "unix:///nonexistent/docker.sock",
    });
    const options = {
      endpoint: emulator.url,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      // A second attempt would hide the error of the first.
      maxAttempts: 1,
    };
    batch = new BatchClient(options);
    sqs = new SQSClient(options);
  });

  beforeEach(() => emulator.reset());

  afterAll(async () => {
    batch?.destroy();
    sqs?.destroy();
    await emulator?.stop();
  });

  const call = (name: string, ask: Ask) => unsignedCall(emulator.url, name, ask);
  const named = (kind: string) => many.map((index) => `${kind}-${String(index).padStart(2, "0")}`);

  function createEnvironment(computeEnvironmentName: string, subnet: string, group: string) {
    const resources: ComputeResource = { type: "FARGATE", maxvCpus: 4, subnets: [subnet], securityGroupIds: [group] };
    return batch.send(
      new CreateComputeEnvironmentCommand({ computeEnvironmentName, type: "MANAGED", computeResources: resources }),
    );
  }

  async function network(): Promise<{ readonly subnets: readonly string[]; readonly group: string }> {
    const subnets = await call("ec2", query("DescribeSubnets", "2016-11-15"));
    const groups = await call("ec2", query("DescribeSecurityGroups", "2016-11-15"));
    return { subnets: subnets.match(/subnet-[0-9a-f]+/g) ?? [], group: /sg-[0-9a-f]+/.exec(groups)?.[0] ?? "" };
  }

  async function createQueue(): Promise<string> {
    const { subnets, group } = await network();
    await createEnvironment("environment", subnets[0] ?? "", group);
    return "environment";
  }

  function createRole(name: string, trusted: string): Promise<string> {
    const principal = { Service: trusted };
    const policy = { Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] };
    const parameters = { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(policy) };
    return call("iam", query("CreateRole", "2010-05-08", parameters));
  }

  const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

  test("creates compute environments, with one service-linked role for all of them", async () => {
    const { subnets, group } = await network();
    await Promise.all(named("environment").map((name) => createEnvironment(name, subnets[0] ?? "", group)));
    const { computeEnvironments = [] } = await batch.send(new DescribeComputeEnvironmentsCommand({}));
    expect(computeEnvironments.map(({ computeEnvironmentName }) => computeEnvironmentName).sort()).toEqual(
      named("environment"),
    );
    expect(new Set(computeEnvironments.map(({ serviceRole }) => serviceRole)).size).toBe(1);
    const roles = await call("iam", query("ListRoles", "2010-05-08"));
    expect(roles.match(/<RoleName>AWSServiceRoleForBatch</g)).toHaveLength(1);
  });

  test("creates one compute environment of a name", async () => {
    const { subnets, group } = await network();
    const created = await Promise.allSettled(many.map(() => createEnvironment("same", subnets[0] ?? "", group)));
    const refused = created.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(refused).toEqual(many.slice(1).map(() => expect.stringContaining("A compute environment already exists")));
    const { computeEnvironments = [] } = await batch.send(new DescribeComputeEnvironmentsCommand({}));
    expect(computeEnvironments).toHaveLength(1);
  });

  test("keeps every part of a compute environment that is updated, while others are created and described", async () => {
    const { subnets, group } = await network();
    const environments = named("environment");
    await Promise.all(environments.map((name) => createEnvironment(name, subnets[0] ?? "", group)));
    const changes = [
      { computeResources: { maxvCpus: 8 } },
      { computeResources: { subnets: subnets.slice(0, 2) } },
      { updatePolicy: { terminateJobsOnUpdate: true, jobExecutionTimeoutMinutes: 30 } },
    ];
    await Promise.all([
      ...environments.flatMap((computeEnvironment) =>
        changes.map((change) => batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, ...change }))),
      ),
      ...named("later").map((name) => createEnvironment(name, subnets[0] ?? "", group)),
      ...many.map(() => batch.send(new DescribeComputeEnvironmentsCommand({}))),
    ]);
    const { computeEnvironments = [] } = await batch.send(
      new DescribeComputeEnvironmentsCommand({ computeEnvironments: environments }),
    );
    expect(computeEnvironments).toHaveLength(environments.length);
    for (const { computeResources, updatePolicy } of computeEnvironments) {
      expect(computeResources).toMatchObject({ maxvCpus: 8, subnets: subnets.slice(0, 2) });
      expect(updatePolicy).toEqual({ terminateJobsOnUpdate: true, jobExecutionTimeoutMinutes: 30 });
    }
  });

  test("keeps the time limits of job queues that are created, updated and described", async () => {
    const computeEnvironmentOrder = [{ order: 1, computeEnvironment: await createQueue() }];
    const limit = (maxTimeSeconds: number) => [
      { reason: "stuck", state: "RUNNABLE", maxTimeSeconds, action: "CANCEL" } as const,
    ];
    const created = named("queue");
    await Promise.all(
      created.map(async (jobQueueName) => {
        const settings = { jobQueueName, state: "ENABLED", priority: 1, computeEnvironmentOrder } as const;
        await batch.send(new CreateJobQueueCommand({ ...settings, jobStateTimeLimitActions: limit(600) }));
        await batch.send(new UpdateJobQueueCommand({ jobQueue: jobQueueName, jobStateTimeLimitActions: limit(900) }));
        await batch.send(new DescribeJobQueuesCommand({}));
      }),
    );
    const { jobQueues = [] } = await batch.send(new DescribeJobQueuesCommand({}));
    expect(jobQueues.map(({ jobQueueName }) => jobQueueName).sort()).toEqual(created);
    for (const { jobStateTimeLimitActions } of jobQueues) expect(jobStateTimeLimitActions).toEqual(limit(900));
  });

  test("numbers the revisions of a job definition, and ends every job that is submitted", async () => {
    const computeEnvironmentOrder = [{ order: 1, computeEnvironment: await createQueue() }];
    const queue = { jobQueueName: "queue", state: "ENABLED", priority: 1, computeEnvironmentOrder } as const;
    await batch.send(new CreateJobQueueCommand(queue));
    const registered = await Promise.all(
      many.map(() =>
        batch.send(
          new RegisterJobDefinitionCommand({
            jobDefinitionName: "definition",
            type: "container",
            containerProperties: { image: "none", vcpus: 1, memory: 128, jobRoleArn: roleArn("job") },
          }),
        ),
      ),
    );
    expect(registered.map(({ revision = 0 }) => revision).sort((one, other) => one - other)).toEqual(
      many.map((index) => index + 1),
    );
    const submitted = await Promise.all(
      named("job").map((jobName) =>
        batch.send(new SubmitJobCommand({ jobName, jobQueue: "queue", jobDefinition: "definition" })),
      ),
    );
    const jobs = submitted.map(({ jobId = "" }) => jobId);
    await expect
      .poll(() => statusesOf(jobs), { timeout: 60_000, interval: 1 })
      .toEqual(Object.fromEntries(jobs.map((job) => [job, "FAILED"])));
  });

  /** Asked for by several at once, which is when the emulator moves a job on. */
  async function statusesOf(jobs: string[]): Promise<Readonly<Record<string, string | undefined>>> {
    const [first] = await Promise.all([1, 2, 3, 4].map(() => batch.send(new DescribeJobsCommand({ jobs }))));
    return Object.fromEntries((first?.jobs ?? []).map(({ jobId, status }) => [jobId, status]));
  }

  test("creates launch templates", async () => {
    await Promise.all(
      named("template").map((name) =>
        call(
          "ec2",
          query("CreateLaunchTemplate", "2016-11-15", {
            LaunchTemplateName: name,
            "LaunchTemplateData.ImageId": "ami-0123456789abcdef0",
            "TagSpecification.1.ResourceType": "launch-template",
            "TagSpecification.1.Tag.1.Key": "Name",
            "TagSpecification.1.Tag.1.Value": name,
          }),
        ),
      ),
    );
    const templates = await call("ec2", query("DescribeLaunchTemplates", "2016-11-15", { MaxResults: "100" }));
    expect(templates.match(/<launchTemplateId>/g)).toHaveLength(many.length);
  });

  test("calls functions, which call it as well, while it creates roles", async () => {
    await createRole("function", "lambda.amazonaws.com");
    const code = `export async function handler(event) {
      const response = await fetch(process.env.AWS_ENDPOINT_URL + "/bucket/key", {
        headers: { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request" },
      });
      return { index: event.index, status: response.status };
    }`;
    const zip = zipSync({ "index.mjs": strToU8(code) });
    await call("lambda", {
      path: "/2015-03-31/functions",
      method: "POST",
      body: {
        FunctionName: "function",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: roleArn("function"),
        Timeout: 60,
        Code: { ZipFile: Buffer.from(zip).toString("base64") },
      },
    });
    const [answers] = await Promise.all([
      Promise.all(
        many.map((index) =>
          call("lambda", {
            path: "/2015-03-31/functions/function/invocations",
            method: "POST",
            body: { index },
          }),
        ),
      ),
      ...named("role").map((name) => createRole(name, service)),
    ]);
    expect(answers.map((answer) => JSON.parse(answer))).toEqual(many.map((index) => ({ index, status: 404 })));
  });

  describe("with a state machine", () => {
    const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:machine";
    const definition = JSON.stringify({
      StartAt: "Read",
      States: {
        Read: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:s3:getObject",
          Parameters: { Bucket: "bucket", "Key.$": "$.key" },
          ResultSelector: { "text.$": "$.Body" },
          End: true,
        },
      },
    });

    beforeEach(async () => {
      await createRole("machine", service);
      const storage = new Storage(emulator.url, "bucket");
      await storage.createBucket();
      await storage.put("there", "what it says");
      storage.close();
    });

    test("validates it and runs it, and describes each ended execution with its output or its error", async () => {
      const validated = await Promise.all(
        many.map(() => call("states", json("AWSStepFunctions.ValidateStateMachineDefinition", { definition }))),
      );
      expect(validated.map((answer) => JSON.parse(answer).result)).toEqual(many.map(() => "OK"));
      await call(
        "states",
        json("AWSStepFunctions.CreateStateMachine", { name: "machine", definition, roleArn: roleArn("machine") }),
      );
      const ended = await Promise.all(named("execution").map((name, index) => run(name, index % 2 === 0)));
      for (const [index, execution] of ended.entries()) {
        const expected =
          index % 2 === 0
            ? { status: "SUCCEEDED", output: { text: "what it says" } }
            : { status: "FAILED", error: "S3.NoSuchKeyException", cause: expect.stringContaining("does not exist") };
        expect(execution).toMatchObject(expected);
      }
    });

    async function run(name: string, isThere: boolean): Promise<object> {
      const input = JSON.stringify({ key: isThere ? "there" : "absent" });
      const start = json("AWSStepFunctions.StartExecution", { stateMachineArn: machine, name, input });
      const { executionArn } = JSON.parse(await call("states", start)) as { executionArn: string };
      const describeIt = json("AWSStepFunctions.DescribeExecution", { executionArn });
      for (;;) {
        const execution = JSON.parse(await call("states", describeIt)) as { status: string; output?: string };
        if (execution.status === "RUNNING") continue;
        return { ...execution, output: JSON.parse(execution.output ?? "null") };
      }
    }
  });

  test("hands each message to one receiver, and lets others send while receivers wait", async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "queue" }));
    const stops = many.map(() => new AbortController());
    const received: string[] = [];
    const receiving = stops.map(async ({ signal }) => {
      for (;;) {
        const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2, WaitTimeSeconds: 20 });
        const { Messages = [] } = await sqs.send(receive, { abortSignal: signal });
        received.push(...Messages.map(({ Body = "" }) => Body));
        if (Messages.length === 0) return "waited in vain";
      }
    });
    const sending = many.map((index) => {
      const Entries = Array.from({ length: 10 }, (_, entry) => ({ Id: `${entry}`, MessageBody: `${index}-${entry}` }));
      return sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    });
    expect(await Promise.race([...receiving, Promise.all(sending).then(() => "all sent")])).toBe("all sent");
    await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(10 * many.length);
    for (const stop of stops) stop.abort();
    await Promise.allSettled(receiving);
    expect(received.sort()).toEqual(
      many.flatMap((index) => Array.from({ length: 10 }, (_, entry) => `${index}-${entry}`)).sort(),
    );
  });
});
