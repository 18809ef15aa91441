import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { freePorts } from "./freePort.ts";
import { type JavaProgram, mavenProgram } from "./maven.ts";
import type { Part } from "./part.ts";
import { end, hasEnded, run, spawnService } from "./run.ts";

const version = "3.9.1";

/** A broker that runs already, or what it takes to start one. */
export type KafkaSource = { readonly brokers: string } | JavaProgram;

export interface KafkaBroker {
  /** As for KAFKA_BROKERS. */
  readonly brokers: string;
  createTopic(name: string, partitions: number, configuration?: Readonly<Record<string, string>>): Promise<void>;
  /** Where one has to log in, by SCRAM-SHA-512 or with an unsigned OAUTHBEARER token; only for a broker that `startKafka` started. */
  readonly guarded: GuardedListener | undefined;
  /** Only for a broker that `startKafka` started: lets it be away for a while. Its log and its address stay. */
  readonly control: BrokerControl | undefined;
  /** Ends it if `startKafka` started it, and deletes its log. */
  stop(): Promise<void>;
}

export interface GuardedListener {
  readonly brokers: string;
  /** A user without any ACL, so that he may log in and nothing else. */
  readonly user: string;
  readonly password: string;
  /** A user of OAUTHBEARER who may do everything. */
  readonly administrator: string;
  /** How long a session lasts before the client has to log in again. */
  readonly sessionMilliseconds: number;
}

export interface BrokerControl {
  /** Ends the broker as if the machine had gone, or in order. */
  interrupt(how: "SIGKILL" | "SIGTERM"): Promise<void>;
  resume(): Promise<void>;
}

/** The brokers that KAFKA_URL names (host:port,host:port), else Apache Kafka from Maven Central. */
export async function kafkaSource(): Promise<Part<KafkaSource>> {
  const brokers = process.env.KAFKA_URL;
  if (brokers !== undefined && brokers !== "") return { brokers };
  const group = "org.apache.kafka";
  return mavenProgram("kafka", [
    { group, name: "kafka_2.13", version },
    // ProducerPerformance, which the benchmark measures against.
    { group, name: "kafka-tools", version },
  ]);
}

/** One broker in KRaft mode, which is its own controller. */
export async function startKafka(source: KafkaSource): Promise<KafkaBroker> {
  if ("brokers" in source) {
    const { brokers } = source;
    const createTopic = topicCreator(brokers);
    return { brokers, createTopic, guarded: undefined, control: undefined, stop: async () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), "kafka-"));
  const [port, guardedPort, controllerPort] = await freePorts(3);
  const brokers = `127.0.0.1:${port}`;
  const guarded = { ...guardedUsers, brokers: `127.0.0.1:${guardedPort}` };
  const properties = join(folder, "server.properties");
  writeFileSync(properties, serverProperties(brokers, guarded, `127.0.0.1:${controllerPort}`, join(folder, "log")));
  const java = (args: readonly string[]) => ["-cp", source.classpath, ...args];
  const clusterId = randomBytes(16).toString("base64url");
  const scram = `SCRAM-SHA-512=[name=${guarded.user},password=${guarded.password}]`;
  const format = [
    "kafka.tools.StorageTool",
    "format",
    `--cluster-id=${clusterId}`,
    "-c",
    properties,
    "--add-scram",
    scram,
  ];

  let child: ChildProcess | undefined;
  const resume = async () => {
    child = spawnService(source.java, ["-Xmx768m", ...java(["kafka.Kafka", properties])], { stdio: "ignore" });
    await untilItAnswers(brokers, child, clusterId);
  };
  const interrupt = async (signal: NodeJS.Signals) => {
    const running = child;
    if (running === undefined || hasEnded(running)) return;
    await new Promise<void>((settle) => {
      running.once("exit", () => settle());
      if (signal === "SIGKILL") running.kill(signal);
      else end(running, 30);
    });
  };
  const stop = async () => {
    await interrupt("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await run(source.java, java(format));
    await resume();
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers, createTopic: topicCreator(brokers), guarded, control: { interrupt, resume }, stop };
}

const guardedUsers = { user: "guest", password: "guest-password", administrator: "root", sessionMilliseconds: 13_000 };

function serverProperties(brokers: string, guarded: GuardedListener, controller: string, log: string): string {
  const login = "listener.name.sasl_plaintext";
  const modules = "org.apache.kafka.common.security";
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${controller}
listeners=PLAINTEXT://${brokers},SASL_PLAINTEXT://${guarded.brokers},CONTROLLER://${controller}
advertised.listeners=PLAINTEXT://${brokers},SASL_PLAINTEXT://${guarded.brokers}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512,OAUTHBEARER
${login}.scram-sha-512.sasl.jaas.config=${modules}.scram.ScramLoginModule required;
${login}.oauthbearer.sasl.jaas.config=${modules}.oauthbearer.OAuthBearerLoginModule required;
${login}.connections.max.reauth.ms=${guarded.sessionMilliseconds}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:${guarded.administrator}
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
log.dirs=${log}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`;
}

const startLimitSeconds = 180;

/** Until the broker of this very cluster can take topics; another one may have been quicker to listen on its port. */
async function untilItAnswers(brokers: string, child: ChildProcess, clusterId: string): Promise<void> {
  const admin = administrator(brokers);
  const started = performance.now();
  for (;;) {
    try {
      await admin.connect();
      const cluster = await admin.describeCluster();
      await admin.disconnect();
      if (cluster.clusterId !== clusterId) throw new Error(`another cluster answers: ${cluster.clusterId}`);
      if (cluster.brokers.length === 0) throw new Error("it has not joined its cluster yet");
      return;
    } catch (error) {
      if (hasEnded(child)) throw new Error(`the Kafka broker ended with ${child.exitCode ?? child.signalCode}`);
      if (performance.now() - started < startLimitSeconds * 1000) await sleep(300);
      else throw new Error(`the Kafka broker did not answer within ${startLimitSeconds} s`, { cause: error });
    }
  }
}

function topicCreator(brokers: string): KafkaBroker["createTopic"] {
  return async (topic, numPartitions, configuration = {}) => {
    const configEntries = Object.entries(configuration).map(([name, value]) => ({ name, value }));
    const admin = administrator(brokers);
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: true });
    await admin.disconnect();
  };
}

function administrator(brokers: string) {
  return new Kafka({ brokers: brokers.split(","), logLevel: logLevel.NOTHING, retry: { retries: 2 } }).admin();
}
