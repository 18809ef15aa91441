import { setTimeout as sleep } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DeployedSystem, dataBucket, prefix } from "./system/deployedSystem.ts";
import { expectDelivered, expectWritten } from "./system/expectDelivered.ts";
import { type FileRun, FileRuns } from "./system/fileRuns.ts";
import { Permissions } from "./system/permissions.ts";
import { type RecordFile, recordFile } from "./system/recordFiles.ts";
import { type Delivered, RecordsTopic } from "./system/recordsTopic.ts";
import { systemParts } from "./system/systemParts.ts";
import { indexOfMessage, receiveAll } from "./workers/pipelineQueue.ts";
import { everyOne, tallyOf } from "./workers/pipelineTally.ts";

// The system as it is generated and applied: the state machine of the emulator starts the images in Docker and the
// function in a process, and every test counts records where they arrive.

const { parts, absent } = await systemParts();

/** Of more records than this a chunk is processed by AWS Batch. */
const threshold = 290_000;

describe.skipIf(parts === undefined)(`the deployed system ${absent.join("; ")}`, () => {
  let system: DeployedSystem;
  let topic: RecordsTopic;
  let files: FileRuns;

  beforeAll(async () => {
    if (parts === undefined) return;
    system = await DeployedSystem.start(parts);
    files = new FileRuns(system.emulator.url, system.storage);
    topic = await RecordsTopic.create(system.broker, parts.kcat.path, `${prefix}-records`);
    // A chunk is one record longer than what the function takes, so that the smallest file for both routes is enough.
    await system.deploy(config({ chunkSize: threshold + 1, threshold, destination: "kafka" }));
  });

  afterAll(async () => {
    files?.close();
    await system?.stop();
  });

  function config(options: { chunkSize: number; threshold: number; destination: "kafka" | "sqs_core" }): string {
    // The broker of the tests knows nothing of IAM, and is no cluster of MSK.
    return `prefix: ${prefix}
chunk_size: ${options.chunkSize}
batch_processing_threshold: ${options.threshold}
record_destination: ${options.destination}
companions:
  monitoring: false
placeholders:
  MSK_BROKERS:
    value: "${system.broker.brokers}"
batch_processing_job:
  container_properties:
    environment:
      - name: KAFKA_SECURITY
        value: none
`;
  }

  /** The execution tells what was counted, and where all of it is. */
  async function expectSummary(run: FileRun, file: RecordFile): Promise<void> {
    const why =
      run.status === "SUCCEEDED"
        ? ""
        : [run.cause, await files.jobs.failures(), system.emulator.complaints()].join("\n");
    expect(run, why).toMatchObject({ status: "SUCCEEDED" });
    const counts = { records: file.records, valid: file.good.length, rejected: file.bad.length };
    expect(run.summary).toMatchObject({ output: run.output, counts });
    const names = await system.storage.list(run.output);
    expect(names).toEqual(expect.arrayContaining(["chunks.json", "manifest.json", "report.html", "report.json"]));
    expect(names.includes("rejects.csv")).toBe(file.bad.length > 0);
    expect(names.some((name) => name.startsWith("results/"))).toBe(true);
    expect(await system.storage.json(`${run.output}manifest.json`)).toMatchObject({ counts });
    expect(await system.storage.json(`${run.output}report.json`)).toMatchObject({ verdict: "accepted", counts });
  }

  describe("with Kafka as the destination", () => {
    test("takes a small file through the states of the documentation, its only chunk to the function", async () => {
      const file = recordFile(5_000);
      const run = await files.run("small", file);
      await expectSummary(run, file);
      expect(run.states).toEqual(expect.arrayContaining(["Initialize", "Validate", "ProcessChunks", "Summarize"]));
      expectDelivered(await topic.take(), file, run);
      expect(await files.chunksOnBatch(run)).toEqual([]);
    });

    test("gives a chunk of as many records as the threshold to the function", async () => {
      const file = recordFile(threshold);
      const run = await files.run("at-the-threshold", file);
      await expectSummary(run, file);
      expectDelivered(await topic.take(), file, run);
      expect(await files.chunksOnBatch(run)).toEqual([]);
    });

    test("gives a chunk of one record more to AWS Batch", async () => {
      const file = recordFile(threshold + 1);
      const run = await files.run("over-the-threshold", file);
      await expectSummary(run, file);
      expectDelivered(await topic.take(), file, run);
      expect(await files.chunksOnBatch(run)).toEqual(["chunk-000000"]);
    });

    test("takes a mixed file over both routes, and leaves out the records that are wrong", async () => {
      const file = recordFile(2 * (threshold + 1) + 5_000, (id) => id % 10_007 === 3);
      const run = await files.run("mixed", file, { maxInvalid: "1%" });
      await expectSummary(run, file);
      const delivered = await topic.take();
      expectDelivered(delivered, file, run);
      expect(await files.chunksOnBatch(run)).toEqual(["chunk-000000", "chunk-000001"]);
      expect(new Set(delivered.map(({ chunkId }) => chunkId))).toEqual(
        new Set(["chunk-000000", "chunk-000001", "chunk-000002"]),
      );
      const rejects = await system.storage.text(`${run.output}rejects.csv`);
      expect(rejects.trimEnd().split("\n").length - 1).toBe(file.bad.length);
    });

    test("delivers nothing of a file with more wrong records than allowed, and says why and where", async () => {
      const file = recordFile(5_000, (id) => id % 100 === 7);
      const run = await files.run("refused", file, { maxInvalid: "49" });
      expect(run).toMatchObject({ status: "FAILED", error: "FileRejected" });
      expect(run.cause).toContain("50");
      expect(run.cause).toContain(`s3://${dataBucket}/${run.output}report.html`);
      expect(await topic.take()).toEqual([]);
      expect(await system.storage.json(`${run.output}report.json`)).toMatchObject({
        verdict: "rejected",
        counts: { records: 5_000, rejected: 50 },
      });
      expect(await system.storage.list(run.output)).toEqual(expect.arrayContaining(["rejects.csv", "report.html"]));
      // An exit code that says "the data" is not tried again.
      const [job] = await files.jobs.of(run.output, "validation");
      expect(job?.attempts?.map(({ container }) => container?.exitCode)).toEqual([65]);
    });

    test("takes the same file when that many are allowed", async () => {
      const file = recordFile(5_000, (id) => id % 100 === 7);
      const run = await files.run("accepted", file, { maxInvalid: "50" });
      await expectSummary(run, file);
      expectDelivered(await topic.take(), file, run);
    });

    test("says of a file that is not there that it is missing", async () => {
      const run = await files.runInput("absent", { input: "incoming/nobody-put-this.csv" });
      expect(run).toMatchObject({ status: "FAILED", error: "InputMissing" });
      expect(run.cause).toContain("incoming/nobody-put-this.csv");
    });

    test("starts a job again whose host is gone in the middle, and no record is missing", async () => {
      const { file, run, job, delivered } = await interrupted("SIGKILL");
      await expectSummary(run, file);
      expect(
        tallyOf(
          delivered.map(({ index }) => index),
          file.good,
        ),
      ).toMatchObject(everyOne);
      expectWritten(delivered, run);
      expect(job.attempts?.map(({ container, statusReason }) => [container?.exitCode, statusReason])).toEqual([
        [137, expect.stringContaining("Host EC2")],
        [0, expect.anything()],
      ]);
    });

    test("continues a job that was told to stop in the middle, and every record is sent once", async () => {
      const { file, run, job, delivered } = await interrupted("SIGTERM");
      await expectSummary(run, file);
      expectDelivered(delivered, file, run);
      expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([75, 0]);
    });

    /** Runs a file of one chunk for AWS Batch, and sends a signal to its container after the first records have arrived. */
    async function interrupted(signal: "SIGKILL" | "SIGTERM") {
      const file = recordFile(threshold + 1);
      // The chunk may be done before the signal is there, which proves nothing.
      for (let attempt = 1; attempt <= 5; attempt++) {
        const name = `${signal.toLowerCase()}-${attempt}`;
        const run = await files.run(name, file, { meanwhile: () => signalProcessor(name, signal) });
        const [job] = await files.jobs.of(run.output, "processing");
        const delivered = await topic.take();
        if (job?.attempts?.length === 2) return { file, run, job, delivered };
      }
      throw new Error(`${signal} never came in time`);
    }

    async function signalProcessor(name: string, signal: string): Promise<void> {
      const docker = parts?.engine.docker;
      if (docker === undefined) return;
      await topic.watching(async (count) => {
        const before = await count();
        const deadline = performance.now() + 120_000;
        let container = "";
        while (container === "" && performance.now() < deadline) {
          const { stdout } = await docker(["ps", "--no-trunc", "--format", "{{.ID}} {{.Image}} {{.Names}}"]);
          const line = stdout.split("\n").find((text) => text.includes("batch_processor") && text.includes(name));
          container = line?.split(" ")[0] ?? "";
        }
        while ((await count()) === before && performance.now() < deadline) await sleep(2);
        // With 1 when it has ended already.
        await docker(["kill", `--signal=${signal}`, container], { accept: [0, 1] });
      });
    }
  });

  describe("with SQS as the destination", () => {
    const chunkSize = 300;
    let queue: SQSClient;
    const queueUrl = () => `${system.emulator.url}/123456789012/${prefix}-core`;

    beforeAll(async () => {
      // The queue of the emulator takes some hundred messages in a second, and fewer when it checks permissions.
      await system.deploy(config({ chunkSize, threshold: 200, destination: "sqs_core" }));
      queue = sqsClient({ accessKeyId: "test", secretAccessKey: "test" });
    });

    afterAll(() => queue?.destroy());

    function sqsClient(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }): SQSClient {
      return new SQSClient({ region: "us-east-1", endpoint: system.emulator.url, credentials });
    }

    async function received(): Promise<Delivered[]> {
      const messages = await receiveAll(queue, queueUrl());
      return messages.map((message) => ({
        index: indexOfMessage(message),
        source: message.MessageAttributes?.source?.StringValue ?? "",
        chunkId: message.MessageAttributes?.["chunk-id"]?.StringValue ?? "",
        value: message.Body ?? "",
      }));
    }

    const mixed = recordFile(2 * chunkSize + 80, (id) => id % 170 === 7);

    test("takes a mixed file over both routes into the queue", async () => {
      const run = await files.run("queued", mixed, { maxInvalid: "1%" });
      await expectSummary(run, mixed);
      expectDelivered(await received(), mixed, run);
      expect(await files.chunksOnBatch(run)).toEqual(["chunk-000000", "chunk-000001"]);
    });

    describe("and permissions enforced", () => {
      let permissions: Permissions;
      let number = 0;

      beforeAll(async () => {
        permissions = new Permissions(system.emulator.url);
        const administrator = await permissions.enforce();
        files.useCredentials(administrator);
        queue.destroy();
        queue = sqsClient(administrator);
      });

      function roleName(role: string): string {
        return `${prefix}-scm-batch-processor-${role}-role`;
      }

      test("takes a mixed file over both routes with what the generated roles allow", async () => {
        const run = await files.run("permitted", mixed, { maxInvalid: "1%" });
        await expectSummary(run, mixed);
        expectDelivered(await received(), mixed, run);
        expect(await files.chunksOnBatch(run)).toEqual(["chunk-000000", "chunk-000001"]);
      });

      test("says why a file is refused with what the generated roles allow", async () => {
        const run = await files.run("refused-with-permissions", mixed, { maxInvalid: "0" });
        expect(run).toMatchObject({ status: "FAILED", error: "FileRejected" });
        expect(run.cause).toContain(`s3://${dataBucket}/${run.output}report.html`);
      });

      const needed = [
        { role: "state-machine", action: "batch:SubmitJob", file: mixed },
        { role: "state-machine", action: "batch:DescribeJobs", file: mixed },
        { role: "state-machine", action: "lambda:InvokeFunction", file: recordFile(10) },
        { role: "state-machine", action: "s3:GetObject", file: recordFile(10) },
        { role: "state-machine", action: "s3:PutObject", file: recordFile(10) },
        { role: "lambda", action: "s3:GetObject", file: recordFile(10) },
        { role: "lambda", action: "s3:ListBucket", file: recordFile(10) },
        { role: "lambda", action: "s3:PutObject", file: recordFile(10) },
        { role: "lambda", action: "sqs:SendMessage", file: recordFile(10) },
      ];

      /** What AWS asks for and the emulator does not, by the beginning of the action. */
      const neverAsked = [
        // It looks at jobs and chunks itself, instead of hearing of them and of starting executions; nobody stops one here.
        ...["batch:TerminateJob", "events:", "states:"],
        // It writes logs and results by itself, in one piece, and has neither traces nor network interfaces.
        ...["logs:", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "xray:", "ec2:"],
        // Without it the function goes on with a guess: see the job role, which has the same worker.
        "sqs:GetQueueAttributes",
      ];

      test.each(["state-machine", "lambda"])("take away below all that is asked for of the %s role", async (role) => {
        const actions = await permissions.actionsOf(roleName(role));
        const asked = actions.filter((action) => !neverAsked.some((beginning) => action.startsWith(beginning)));
        expect(asked).toEqual(
          needed
            .filter((need) => need.role === role)
            .map(({ action }) => action)
            .sort(),
        );
      });

      test.each(needed)("fails when the $role role may not $action", async ({ role, action, file }) => {
        const name = `without-${number++}`;
        const run = await permissions.without(roleName(role), action, () =>
          files.run(name, file, { maxInvalid: "1%" }),
        );
        expect(run, JSON.stringify(run.summary)).toMatchObject({ status: "FAILED" });
      });
    });
  });
});
