import { randomUUID } from "node:crypto";
import { errorNameOf } from "../../src/shared/outcomes.ts";
import { attemptName } from "../batch_processor/attempt.ts";
import { deliver } from "../batch_processor/deliver.ts";
import { emitMetrics } from "../batch_processor/runReport.ts";
import { createLog } from "../log/createLog.ts";
import { createMetrics, noMetrics } from "../log/createMetrics.ts";
import { WorkerFault } from "../model/fault.ts";
import type { Log } from "../model/log.ts";
import type { ObjectStore } from "../model/objectStore.ts";
import type { DeliveryContext, OpenedSink } from "../model/recordSink.ts";
import { type Ending, endingOf } from "../program/endingOf.ts";
import type { Environment } from "../settings/checkSettings.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import type { Connections } from "../sinks/sinkKind.ts";
import { eventSettings } from "./eventSettings.ts";

export interface HandlerParts {
  readonly environment: Environment;
  readonly openStore: (settings: ProcessorSettings) => ObjectStore;
  readonly openSink: (
    settings: ProcessorSettings,
    context: DeliveryContext,
    log: Log,
    connections: Connections,
  ) => Promise<OpenedSink>;
  /** Writes whole lines of the log. */
  readonly write: (line: string) => void;
}

/** The part of the AWS Lambda context that is used. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** The result for the state machine. */
export interface HandlerResult {
  readonly chunkId: string;
  readonly outcome: "done";
  readonly delivered: number;
  readonly skipped: number;
  readonly refused: number;
}

/**
 * The processor as a function: the same flow, for chunks that fit into its time limit. Unfinished work continues with
 * the next call, for which it throws an error named TryAgain; every other outcome is also an error with its name,
 * so that a state machine can distinguish them (ErrorEquals).
 */
export function createHandler(parts: HandlerParts): (event: unknown, context: LambdaContext) => Promise<HandlerResult> {
  const connections = new KeptConnections();
  return async (event, context) => {
    const time = timeOf(context.getRemainingTimeInMillis());
    let log: Log | undefined;
    try {
      const settings = eventSettings(event, parts.environment);
      const about = { worker: "batch_processor", requestId: context.awsRequestId, chunkId: settings.chunkId };
      log = createLog({ level: settings.logLevel, about, stream: { write: parts.write } });
      return await deliverInTime(settings, log, { parts, context, connections, time });
    } catch (thrown) {
      // Something may be broken that the next call would run into.
      await connections.drop();
      const ending = endingOf(thrown, time.signal);
      log?.error(ending.outcome === "try-again" ? "stopped" : "failed", { ...ending });
      throw errorFor(ending);
    } finally {
      time.end();
    }
  };
}

interface Call {
  readonly parts: HandlerParts;
  readonly context: LambdaContext;
  readonly connections: KeptConnections;
  readonly time: Time;
}

async function deliverInTime(settings: ProcessorSettings, log: Log, call: Call): Promise<HandlerResult> {
  const { parts, context, connections, time } = call;
  warnOfOtherRoute(settings, log);
  const metrics =
    settings.metrics === "none"
      ? noMetrics
      : createMetrics({
          namespace: settings.metricsNamespace,
          dimensions: { Worker: "batch_processor" },
          write: parts.write,
        });
  const { chunkId, outcome, delivered, skipped, refused } = await deliver(settings, {
    store: connections.get(
      "store",
      () => parts.openStore(settings),
      (store) => store.destroy(),
    ),
    openSink: (wanted, about, sinkLog) => parts.openSink(wanted, about, sinkLog, connections),
    log,
    now: () => performance.now(),
    attempt: attemptName({ job: context.awsRequestId, attempt: 1, random: randomUUID().slice(0, 8) }),
    signal: time.signal,
    onMetrics: (numbers) => emitMetrics(metrics, numbers),
    drainMs: time.drainMs,
  });
  return { chunkId, outcome, delivered, skipped, refused };
}

/** The Choice of the state machine and the environment of the function disagree: the function may run out of time. */
function warnOfOtherRoute({ startIndex, endIndex, batchProcessingThreshold: threshold }: ProcessorSettings, log: Log) {
  const records = endIndex - startIndex;
  if (records > threshold) log.warn("chunk-over-threshold", { records, threshold });
}

interface Time {
  /** Aborted when the remaining time is needed to end cleanly. */
  readonly signal: AbortSignal;
  readonly drainMs: number;
  end(): void;
}

/** Most of the last ten seconds (or half of a shorter time) is for messages in flight, the rest for saving. */
function timeOf(remainingMs: number): Time {
  const reserveMs = Math.min(maxReserveMs, remainingMs / 2);
  const controller = new AbortController();
  const fault = new WorkerFault("try-again", "the function is about to time out", {
    hint: "The next call continues from the checkpoint.",
  });
  const timer = setTimeout(() => controller.abort(fault), remainingMs - reserveMs);
  return { signal: controller.signal, drainMs: reserveMs * 0.6, end: () => clearTimeout(timer) };
}

const maxReserveMs = 10_000;

/**
 * The error of a call, by whose name a state machine distinguishes outcomes: TryAgain, DataRefused, InputMissing,
 * NotAllowed, Configuration, Usage, Bug.
 */
function errorFor({ outcome, message, hint }: Ending): Error {
  const error = new Error(hint === undefined ? message : `${message} (${hint})`);
  error.name = errorNameOf(outcome);
  return error;
}

/**
 * Connections that are kept between the calls of a function: MSK accepts a hundred new ones per second, and a function
 * that connects again for every chunk would soon use them all.
 */
class KeptConnections implements Connections {
  readonly #kept = new Map<string, { readonly connection: unknown; readonly close: () => unknown }>();

  get<Connection>(name: string, make: () => Connection, close: (connection: Connection) => unknown): Connection {
    const kept = this.#kept.get(name);
    // A name identifies one kind of connection.
    if (kept !== undefined) return kept.connection as Connection;
    const connection = make();
    this.#kept.set(name, { connection, close: () => close(connection) });
    return connection;
  }

  /** Closes all of them; the next call opens new ones. One that fails to close is dropped as well. */
  async drop(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.allSettled(all.map(async ({ close }) => close()));
  }
}
