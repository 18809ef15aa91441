import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { terragruntRunner } from "./live.ts";
import { type Emulator, emulatorSource, startEmulator } from "./parts/emulator.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { terraform } from "./parts/terraform.ts";
import { terragrunt } from "./parts/terragrunt.ts";
import { applyGenerated } from "./system/applyGenerated.ts";
import { dataBucket, prefix } from "./system/deployedSystem.ts";
import { Permissions } from "./system/permissions.ts";
import { recordFile } from "./system/recordFiles.ts";
import type { Credentials } from "./system/signedCall.ts";
import { Storage } from "./system/storage.ts";
import { type FaultProxy, startFaultProxy } from "./workers/faultProxy.ts";
import { type Ended, Workers } from "./workers/pipelineWorkers.ts";

// The workers with nothing but what the generated job role allows, which the emulator checks on every call.

const parts = { terraform: await terraform(), terragrunt: await terragrunt(), "AWS emulator": await emulatorSource() };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

const jobRole = `${prefix}-scm-batch-processor-batch-job-role`;
const account = "123456789012";
const notAllowed = 77;

describe.skipIf(absent.length > 0)("the generated job role", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-permissions-e2e-"));
  let emulator: Emulator;
  let permissions: Permissions;
  let storage: Storage;
  let elsewhere: Storage;
  let workers: Workers;
  let session: Credentials;
  /** Between a worker and S3. */
  let proxy: FaultProxy;
  let runs = 0;

  beforeAll(async () => {
    emulator = await startEmulator(present(parts["AWS emulator"]));
    await emulator.reset();
    proxy = await startFaultProxy(emulator.url);
    workers = await Workers.bundle(join(scratch, "dist"));
    const apply = terragruntRunner({
      terragrunt: present(parts.terragrunt),
      terraform: present(parts.terraform),
      emulator,
    });
    const config = `prefix: ${prefix}\nrecord_destination: sqs_core\n`;
    await applyGenerated({ terragrunt: apply, scratch, config, units: ["iam-roles", "sqs"] });
    permissions = new Permissions(emulator.url);
    session = await permissions.sessionOf(jobRole);
    const administrator = await permissions.enforce();
    storage = new Storage(emulator.url, dataBucket, administrator);
    elsewhere = new Storage(emulator.url, "somebody-elses-data", administrator);
    for (const bucket of [storage, elsewhere]) {
      await bucket.createBucket();
      await bucket.put("incoming/records.csv", recordFile(200).csv);
    }
    await permissions.createQueue("somebody-elses-queue");
  });

  afterAll(async () => {
    storage?.close();
    elsewhere?.close();
    await proxy?.stop();
    await emulator?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  function environment(endpoint = emulator.url): Record<string, string> {
    return {
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken ?? "",
      S3_BUCKET: dataBucket,
      RECORD_DESTINATION: "sqs_core",
      SQS_CORE_QUEUE: `${emulator.url}/${account}/${prefix}-core`,
    };
  }

  function validate(output: string, input = "incoming/records.csv", endpoint?: string): Promise<Ended> {
    return workers.run("batch_validator", ["--input", input, "--output", output], environment(endpoint));
  }

  /** A chunk is done once, so each run has a validated file of its own. */
  async function validated(): Promise<string> {
    const output = `checked-${runs++}/`;
    expect(await validate(output)).toMatchObject({ how: 0 });
    return output;
  }

  function process(output: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const chunk = ["--chunk-id", "chunk-000000", "--start-index", "0", "--end-index", "200"];
    return workers.run("batch_processor", [...chunk, "--manifest", `${output}manifest.json`], {
      ...environment(),
      ...more,
    });
  }

  test("lets both workers do all of their work", async () => {
    expect(await process(await validated())).toMatchObject({ how: 0 });
  });

  /** What fails without each action that it allows. */
  const needs: Readonly<Record<string, (output: string) => Promise<Ended>>> = {
    "s3:GetObject": (output) => validate(output),
    // Without it a checkpoint that is not there yet looks like one that must not be read.
    "s3:ListBucket": (output) => process(output),
    "s3:PutObject": (output) => validate(output),
    "sqs:SendMessage": (output) => process(output),
  };
  /** Nothing fails at once without these; what they are for is shown below. */
  const others = ["s3:AbortMultipartUpload", "sqs:GetQueueAttributes"];

  test("allows what is taken away below, and nothing else", async () => {
    expect(await permissions.actionsOf(jobRole)).toEqual([...Object.keys(needs), ...others].sort());
  });

  test.each(Object.entries(needs))("has to allow %s", async (action, work) => {
    const output = await validated();
    const ended = await permissions.without(jobRole, action, () => work(output));
    expect(ended.how, ended.printed).toBe(notAllowed);
    expect(await work(output)).toMatchObject({ how: 0 });
  });

  test("has to allow s3:AbortMultipartUpload, or parts of a file that failed stay behind", async () => {
    // A compressed file is written out again in parts, as it is too large for one.
    await storage.put("incoming/large.csv.gz", gzipSync(recordFile(1_000_000).csv, { level: 1 }));
    const failing = async (output: string) => {
      proxy.plan({
        when: ({ method, url }) => method === "PUT" && url.includes("partNumber=2"),
        times: Number.POSITIVE_INFINITY,
        answer: { status: 403, code: "AccessDenied" },
      });
      return validate(output, "incoming/large.csv.gz", proxy.url);
    };
    expect(await failing("cut/")).toMatchObject({ how: notAllowed });
    expect(await storage.unfinishedUploads()).toEqual([]);
    await permissions.without(jobRole, "s3:AbortMultipartUpload", () => failing("cut-again/"));
    expect(await storage.unfinishedUploads()).toEqual([expect.stringMatching(/^cut-again\//)]);
  });

  test("has to allow sqs:GetQueueAttributes, or the size of a message is guessed", async () => {
    const guess = ({ log }: Ended) => log.some(({ event }) => event === "sqs-size-unknown");
    const outputs = [await validated(), await validated()] as const;
    const without = await permissions.without(jobRole, "sqs:GetQueueAttributes", () => process(outputs[0]));
    expect(guess(without), without.printed).toBe(true);
    expect(guess(await process(outputs[1]))).toBe(false);
  });

  test("reads nothing from another bucket", async () => {
    expect(await validate("stolen/", `s3://${elsewhere.bucket}/incoming/records.csv`)).toMatchObject({
      how: notAllowed,
    });
  });

  test("writes nothing to another bucket", async () => {
    expect(await validate(`s3://${elsewhere.bucket}/checked/`)).toMatchObject({ how: notAllowed });
    expect(await elsewhere.list("")).toEqual(["incoming/records.csv"]);
  });

  // Topics of MSK are not a part of the emulator: what the role says of them is looked at where roles are generated.
  test("sends nothing to another queue", async () => {
    const other = { SQS_CORE_QUEUE: `${emulator.url}/${account}/somebody-elses-queue` };
    expect(await process(await validated(), other)).toMatchObject({ how: notAllowed });
  });
});
