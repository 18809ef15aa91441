import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltImage, buildImages, imagePrograms } from "../../../docker/buildImages.ts";
import { dockerClient } from "../../../docker/dockerClient.ts";
import { bundleWorkers, workersVersion } from "../../../workers/build/bundleWorkers.ts";
import type { Chunk } from "../../../workers/model/manifest.ts";
import { expectSbom } from "../../workers/build/expectSbom.ts";
import { baseImage } from "../parts/baseImage.ts";
import { dockerEngine } from "../parts/docker.ts";
import { type Emulator, emulatorSource, startEmulator } from "../parts/emulator.ts";
import { isAbsent, present, reasonsToSkip } from "../parts/part.ts";
import type { Finished } from "../parts/run.ts";
import { startGate } from "./gate.ts";

const engine = await dockerEngine();
const parts = {
  "Docker engine": engine,
  "base image": isAbsent(engine) ? { absent: "there is no engine to keep it" } : await baseImage(engine),
  "AWS emulator": await emulatorSource(),
};
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);
if (absent.length > 0 && !isAbsent(engine)) await engine.stop();

const tag = "end-to-end-test";
const validator = `gen-batch-config/batch_validator:${tag}`;
const processor = `gen-batch-config/batch_processor:${tag}`;

/** What a careful operator allows a container: nothing. The network is this machine's, where the emulator is. */
const hardened = [
  "--rm",
  "--network=host",
  "--read-only",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
] as const;

describe.skipIf(absent.length > 0)("the images of the workers", () => {
  const { docker, env } = present(engine);
  let scratch: string;
  let images: BuiltImage[];

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-images-e2e-"));
    const workers = await bundleWorkers({ only: imagePrograms, targetFolder: join(scratch, "dist") });
    images = await buildImages(dockerClient(env), workers, {
      baseImage: present(parts["base image"]).name,
      tag,
      revision: "0123abc",
    });
  });

  afterAll(async () => {
    // With 1 when they were never built.
    await docker(["image", "rm", "--force", validator, processor], { accept: [0, 1] });
    await present(engine).stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  test("are named after their programs and weigh well under 100 MB on top of their base", () => {
    expect(images.map(({ name }) => name)).toEqual([validator, processor]);
    for (const { sizeOnBase, size } of images) {
      expect(sizeOnBase).toBeGreaterThan(500_000);
      expect(sizeOnBase).toBeLessThan(100_000_000);
      expect(size).toBeGreaterThan(sizeOnBase);
    }
  });

  test("say what they are, in labels and in how they start", async () => {
    for (const [index, name] of imagePrograms.entries()) {
      const { stdout } = await docker(["image", "inspect", "--format", "{{json .Config}}", images[index]?.name ?? ""]);
      const config = JSON.parse(stdout);
      expect(config).toMatchObject({
        User: "10001:10001",
        Entrypoint: [`/opt/batch-processing/${name}`],
        StopSignal: "SIGTERM",
        Labels: {
          "org.opencontainers.image.title": name,
          "org.opencontainers.image.version": workersVersion,
          "org.opencontainers.image.revision": "0123abc",
          "org.opencontainers.image.licenses": "Apache-2.0",
        },
      });
      expect(config.Cmd ?? []).toEqual([]);
      expect(config.Healthcheck ?? null).toBeNull();
    }
  });

  describe.each(imagePrograms)("that of %s", (name) => {
    const image = `gen-batch-config/${name}:${tag}`;
    const inside = (script: string) => docker(["run", ...hardened, "--entrypoint=node", image, "-p", script]);

    test("runs as nobody in particular, on a root file system that it cannot write to", async () => {
      const { stdout } = await inside("process.getuid() + ':' + process.getgid()");
      expect(stdout.trim()).toBe("10001:10001");
      // Also where the file system is not mounted read-only, its own files are not the program's to change.
      const write = `try { fs.appendFileSync('/opt/batch-processing/${name}', ''); 'written' } catch (error) { error.code }`;
      const writable = await docker(["run", "--rm", "--network=none", "--entrypoint=node", image, "-p", write]);
      expect(writable.stdout.trim()).toBe("EACCES");
    });

    test("has no package manager in it", async () => {
      for (const program of ["npm", "npx", "yarn", "corepack", "apt-get", "apt", "dpkg", "apk"]) {
        const { exitCode } = await docker(["run", ...hardened, `--entrypoint=${program}`, image], {
          accept: [0, 1, 127],
        });
        expect({ program, exitCode }).toEqual({ program, exitCode: 127 });
      }
      const { stdout } = await inside("fs.existsSync('/usr/local/lib/node_modules')");
      expect(stdout.trim()).toBe("false");
    });

    test("explains itself, whether it is given arguments or the command of a job definition", async () => {
      const short = await docker(["run", ...hardened, image, "--help"]);
      expect(short.stdout).toContain(name);
      expect(short.stdout).toContain("--log-level");
      const asInJob = await docker(["run", ...hardened, image, `/opt/batch-processing/${name}`, "--help"]);
      expect(asInJob.stdout).toBe(short.stdout);
    });

    test("ends with 64 when it is used wrongly", async () => {
      for (const args of [[], ["--no-such-flag"], [`/opt/batch-processing/${name}`, "stray"]]) {
        const { stdout, stderr } = await docker(["run", ...hardened, image, ...args], { accept: [64] });
        expect(stdout + stderr).toContain("missing");
      }
    });

    test("starts without a shell", async () => {
      // A file that cannot be executed in the place of the shell: who needs one fails.
      const noShell = ["--mount=type=bind,source=/dev/null,target=/bin/sh,readonly"];
      const shell = await docker(["run", ...hardened, ...noShell, "--entrypoint=/bin/sh", image, "-c", ":"], {
        accept: [0, 126, 127],
      });
      expect(shell.exitCode).not.toBe(0);
      await docker(["run", ...hardened, ...noShell, image, "--help"]);
    });

    test("carries its licences, and a bill of materials with the Node.js that it runs", async () => {
      const { stdout: version } = await inside("process.versions.node");
      const folder = "/opt/batch-processing";
      const { stdout } = await inside(`fs.readFileSync('${folder}/sbom.cdx.json', 'utf8')`);
      const components = expectSbom(stdout);
      expect(components.find(({ name }) => name === "node")).toMatchObject({ version: version.trim() });
      expect(components.map(({ name }) => name)).toContain("client-s3");
      const { stdout: licences } = await inside(`fs.readFileSync('${folder}/THIRD-PARTY-LICENSES', 'utf8')`);
      expect(licences).toContain("Permission is hereby granted");
    });
  });

  describe("between S3 and SQS", () => {
    const bucket = "gss-dev-batch-data";
    const records = 300;
    // So long that the batches which may be under way at once, and are still sent after a signal, are a small part of all.
    const filling = "x".repeat(50_000);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    let emulator: Emulator;
    let s3: S3Client;
    let sqs: SQSClient;
    let chunk: Chunk;

    beforeAll(async () => {
      emulator = await startEmulator(present(parts["AWS emulator"]));
      const client = { region: "us-east-1", endpoint: emulator.url, credentials };
      s3 = new S3Client({ ...client, forcePathStyle: true });
      sqs = new SQSClient(client);
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      const rows = Array.from({ length: records }, (_, index) => `${index},"name, ""${index}""",${filling}\n`);
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: "incoming/orders.csv", Body: `id,name,filling\n${rows.join("")}` }),
      );
    });

    afterAll(async () => {
      s3?.destroy();
      sqs?.destroy();
      await emulator?.stop();
    });

    test("the validator reads a file and leaves a manifest, chunks and a report", async () => {
      await runJob(validator, ["batch_validator", "--input", "incoming/orders.csv", "--output", "checked/orders/"], {});
      const manifest = JSON.parse(await objectText("checked/orders/manifest.json"));
      expect(manifest).toMatchObject({ counts: { records, valid: records, rejected: 0 }, chunks: 1 });
      const chunks = JSON.parse(await objectText("checked/orders/chunks.json")) as Chunk[];
      expect(chunks).toMatchObject([{ startIndex: 0, endIndex: records }]);
      chunk = chunks[0] as Chunk;
      expect(JSON.parse(await objectText("checked/orders/report.json"))).toMatchObject({ verdict: "accepted" });
      expect(await objectText("checked/orders/report.html")).toMatch(/^<!doctype html>/i);
    });

    test("the processor prints records, and nothing but records, to its standard output", async () => {
      const range = ["--chunk-id", "try", "--start-index", "5", "--end-index", "8"];
      const command = ["batch_processor", ...range, "--input", "incoming/orders.csv"];
      const { stdout } = await runJob(processor, command, { RECORD_DESTINATION: "stdout" });
      expect(stdout.trimEnd().split("\n").map(idOf)).toEqual([5, 6, 7]);
    });

    test("the processor that is told to stop ends with 75, and the attempts after it send what is left and nothing twice", async () => {
      const queueUrl = await makeQueue("stopped");
      const gate = await startGate({ to: emulator.url, holds: (target) => target.includes("SendMessage"), after: 6 });
      const container = `gen-batch-config-stopped-${process.pid}`;
      const settings = {
        RECORD_DESTINATION: "sqs_core",
        SQS_CORE_QUEUE: queueUrl.replace(emulator.url, gate.url),
        AWS_ENDPOINT_URL_SQS: gate.url,
        PROGRESS: "never",
      };
      try {
        const first = runJob(processor, processorCommand(), settings, {
          accept: [75],
          options: [`--name=${container}`],
        });
        await Promise.race([gate.reached(), first]);
        await docker(["kill", "--signal=TERM", container]);
        // The signal is on its way; what was sent before it is answered now.
        gate.open();
        const stopped = await first;
        expect(stopped.stdout + stopped.stderr).toContain("SIGTERM");
        const before = await receiveAll(queueUrl);
        expect(before.length).toBeGreaterThan(0);
        expect(before.length).toBeLessThan(records / 2);
        await runJob(processor, processorCommand(), settings);
        const ids = [...before, ...(await receiveAll(queueUrl))].map(({ Body }) => idOf(Body ?? ""));
        expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: records }, (_, index) => index));
        // The chunk is finished now: one attempt more has nothing to do.
        await runJob(processor, processorCommand(), settings);
        expect(await receiveAll(queueUrl)).toEqual([]);
      } finally {
        await gate.close();
      }
    });

    test("a file that is not there ends the validator with 66", async () => {
      const command = ["batch_validator", "--input", "incoming/none.csv", "--output", "checked/none/"];
      const { stdout, stderr } = await runJob(validator, command, {}, { accept: [66] });
      expect(stdout + stderr).toContain(`s3://${bucket}/incoming/none.csv`);
    });

    /** Runs a container as AWS Batch does: the whole command, the program's path first. */
    function runJob(
      image: string,
      [program, ...args]: readonly string[],
      settings: Readonly<Record<string, string>>,
      {
        accept = [0],
        options = [],
      }: { readonly accept?: readonly number[]; readonly options?: readonly string[] } = {},
    ): Promise<Finished> {
      const environment = {
        AWS_REGION: "us-east-1",
        S3_BUCKET: bucket,
        AWS_ENDPOINT_URL: emulator.url,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        ...settings,
      };
      const variables = Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`);
      const command = [`/opt/batch-processing/${program}`, ...args];
      return docker(["run", ...hardened, ...options, ...variables, image, ...command], { accept });
    }

    function processorCommand(): string[] {
      const range = ["--start-index", String(chunk.startIndex), "--end-index", String(chunk.endIndex)];
      const manifest = ["--manifest", "checked/orders/manifest.json"];
      return ["batch_processor", "--chunk-id", chunk.chunkId, ...range, ...manifest];
    }

    async function objectText(key: string): Promise<string> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? "";
    }

    async function makeQueue(name: string): Promise<string> {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      return QueueUrl;
    }

    async function receiveAll(queueUrl: string): Promise<Message[]> {
      const all: Message[] = [];
      for (;;) {
        const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
        const { Messages = [] } = await sqs.send(receive);
        if (Messages.length === 0) return all;
        all.push(...Messages);
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    }
  });
});

function idOf(message: string): number {
  return Number((JSON.parse(message) as { id: string }).id);
}
