import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { freePort } from "./freePort.ts";
import { type JavaProgram, mavenProgram } from "./maven.ts";
import type { Part } from "./part.ts";
import { end, hasEnded, spawnService } from "./run.ts";

/** A server of queues that runs already, or what it takes to start one. */
export type ElasticmqSource = { readonly url: string } | JavaProgram;

export interface Elasticmq {
  readonly client: SQSClient;
  /** Another client for this server, to be ended by the caller. Any credentials will do. */
  createClient(): SQSClient;
  /** Gives the URL of the queue. A name ending in .fifo makes a FIFO queue. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /** Ends it if `startElasticmq` started it. */
  stop(): Promise<void>;
}

/** The server that ELASTICMQ_URL names, else ElasticMQ from Maven Central. */
export async function elasticmqSource(): Promise<Part<ElasticmqSource>> {
  const url = process.env.ELASTICMQ_URL;
  if (url !== undefined && url !== "") return { url };
  return mavenProgram("elasticmq", [{ group: "org.elasticmq", name: "elasticmq-server_2.13", version: "1.7.1" }]);
}

export async function startElasticmq(source: ElasticmqSource): Promise<Elasticmq> {
  if ("url" in source) return { ...queuesAt(source.url), stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), "elasticmq-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configuration = join(folder, "elasticmq.conf");
  writeFileSync(configuration, configurationFor(port));
  const args = ["-Xmx512m", `-Dconfig.file=${configuration}`, "-cp", source.classpath, "org.elasticmq.server.Main"];
  const child = spawnService(source.java, args, { stdio: "ignore" });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...queuesAt(url), stop };
}

function configurationFor(port: number): string {
  return `include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-hostname = "127.0.0.1", bind-port = ${port}, sqs-limits = strict }
rest-stats { enabled = false }
`;
}

function queuesAt(endpoint: string): Omit<Elasticmq, "stop"> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const createClient = () => new SQSClient({ endpoint, region: "eu-west-1", credentials });
  const client = createClient();
  const createQueue = async (name: string, attributes: Readonly<Record<string, string>> = {}) => {
    const fifo = name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: name, Attributes: { ...fifo, ...attributes } }),
    );
    if (QueueUrl === undefined) throw new Error(`the queue ${name} has no URL`);
    return QueueUrl;
  };
  return { client, createClient, createQueue };
}

const startLimitSeconds = 180;

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  const started = performance.now();
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (hasEnded(child)) throw new Error(`ElasticMQ ended with ${child.exitCode ?? child.signalCode}`);
      if (performance.now() - started < startLimitSeconds * 1000) await sleep(200);
      else throw new Error(`ElasticMQ did not answer within ${startLimitSeconds} s`, { cause: error });
    }
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((settle) => {
    child.once("exit", () => settle());
    end(child);
  });
}
