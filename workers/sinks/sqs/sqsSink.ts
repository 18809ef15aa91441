import { SQSClient } from "@aws-sdk/client-sqs";
import { delayMs } from "../../../src/shared/retry.ts";
import { WorkerFault } from "../../model/fault.ts";
import type { Log } from "../../model/log.ts";
import type { Delivery, DeliveryContext, MessageBatch, RecordSink, SinkLimits } from "../../model/recordSink.ts";
import { connectPatiently, patient, type RetryPolicy } from "../retryPolicy.ts";
import { AwsSqsQueue, sqsClientOptions } from "./awsSqsQueue.ts";
import { type CallPlan, fifoPlan, standardPlan } from "./callPlan.ts";
import { awayFor, faultOf, isTooLong } from "./errors.ts";
import { asFifoId, type SqsMessage, sqsMessages } from "./sqsMessages.ts";
import type { SqsAnswer, SqsFailure, SqsQueue } from "./sqsQueue.ts";

export interface SqsSinkOptions {
  readonly queue: SqsQueue;
  readonly context: DeliveryContext;
  readonly log: Log;
  readonly retry?: RetryPolicy;
  /** Maximum calls in flight for one batch. */
  readonly callsPerBatch?: number;
}

export const sqsSinkLimits: SinkLimits = { maxBatchesInFlight: 2, maxBatchMessages: 2_000, maxBatchBytes: 1024 * 1024 };

export interface SqsSettings {
  /** SQS_CORE_QUEUE: the URL of the queue. */
  readonly queueUrl: string;
  readonly region: string;
}

/** A client that several sinks for the queue can use, one after another. */
export function createSqsClient({ queueUrl, region }: SqsSettings): SQSClient {
  if (!URL.canParse(queueUrl) || !/^https?:$/.test(new URL(queueUrl).protocol)) {
    throw new WorkerFault("configuration", `SQS_CORE_QUEUE: ${JSON.stringify(queueUrl)} is not the URL of a queue`, {
      hint: "Use the URL, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, not the name or the ARN.",
    });
  }
  return new SQSClient(sqsClientOptions(queueUrl, region));
}

/** A sink for an SQS queue; `close` ends the connections of the client. */
export function createSqsSink(
  settings: SqsSettings,
  context: DeliveryContext,
  log: Log,
  client = createSqsClient(settings),
): SqsSink {
  return new SqsSink({ queue: new AwsSqsQueue(settings.queueUrl, client), context, log });
}

/**
 * Delivers messages to an SQS queue, at least once: after a lost response they are sent again, and the attribute
 * `record-id` (`etag:index`) lets consumers detect that; a FIFO queue itself does so for five minutes.
 *
 * A response covers each entry. Only those that failed for a temporary reason are sent again; those that are
 * the sender's fault are refused.
 */
export class SqsSink implements RecordSink {
  readonly #queue: SqsQueue;
  readonly #context: DeliveryContext;
  readonly #log: Log;
  readonly #retry: RetryPolicy;
  readonly #callsPerBatch: number;
  /** Maximum bytes of a message, and of the messages of a call. */
  #maxMessageBytes = maxQueueBytes;
  #maxCallBytes = bytesOfUnknownQueues;
  #retries = 0;
  #isStopped = false;
  /** Batches for a FIFO queue wait for one another. */
  #last: Promise<void> = Promise.resolve();

  constructor({ queue, context, log, retry = patient, callsPerBatch = 16 }: SqsSinkOptions) {
    this.#queue = queue;
    this.#context = context;
    this.#log = log;
    this.#retry = retry;
    this.#callsPerBatch = callsPerBatch;
  }

  /** Calls that were repeated so far, for all or some of their messages. */
  get retries(): number {
    return this.#retries;
  }

  async connect(): Promise<void> {
    await connectPatiently(() => this.#learnSizes(), {
      policy: this.#retry,
      log: this.#log,
      event: "sqs-connect-again",
      faultOf,
      awayFor: (seconds, error) => awayFor(seconds, messageOf(error)),
      messageOf,
    });
  }

  async #learnSizes(): Promise<void> {
    const size = await this.#queue.maximumMessageSize();
    if (size === undefined) this.#log.warn("sqs-size-unknown", { assumedBytes: this.#maxCallBytes });
    else {
      this.#maxMessageBytes = Math.min(size, maxQueueBytes);
      this.#maxCallBytes = this.#maxMessageBytes;
    }
  }

  send(batch: MessageBatch, delivery: Delivery): Promise<void> {
    if (!this.#queue.isFifo) return this.#sendAll(batch, delivery);
    const sending = this.#last.then(() => this.#sendAll(batch, delivery));
    // After a failure nothing may follow: every later batch ends with the same fault.
    this.#last = sending;
    sending.catch(() => {});
    return sending;
  }

  /** Starts no more calls: after giving up, records would be sent unnoticed, and again by the next attempt. */
  stop(): void {
    this.#isStopped = true;
  }

  async close(): Promise<void> {
    this.stop();
    this.#queue.close();
  }

  async #sendAll(batch: MessageBatch, delivery: Delivery): Promise<void> {
    const { isFifo } = this.#queue;
    const sendable: SqsMessage[] = [];
    for (const message of sqsMessages(batch, this.#context, isFifo)) {
      if (message.size <= this.#maxMessageBytes) sendable.push(message);
      else delivery.refuse(message.position, tooLarge(message.size, this.#maxMessageBytes));
    }
    const plan = isFifo ? fifoPlan(sendable, asFifoId(this.#context.chunkId)) : standardPlan(sendable);
    await this.#work(plan, delivery);
  }

  /**
   * Keeps calls in flight until the plan is empty. After a failure no call is started, and those in flight are awaited.
   */
  async #work(plan: CallPlan, delivery: Delivery): Promise<void> {
    const calls = new Set<Promise<void>>();
    const failures: unknown[] = [];
    for (;;) {
      while (failures.length === 0 && calls.size < this.#callsPerBatch) {
        const messages = plan.next(this.#maxCallBytes);
        if (messages.length === 0) break;
        const call: Promise<void> = this.#call(messages, delivery).then(
          () => {
            plan.ended(messages);
            calls.delete(call);
          },
          (error: unknown) => {
            failures.push(error);
            calls.delete(call);
          },
        );
        calls.add(call);
      }
      if (calls.size === 0) break;
      await Promise.race(calls);
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Sends these until each of them is settled. */
  async #call(messages: readonly SqsMessage[], delivery: Delivery): Promise<void> {
    const { now, sleep, giveUpAfterMs } = this.#retry;
    let waiting = messages;
    let lastProgress = now();
    for (let attempt = 0; ; attempt++) {
      let reason: string;
      if (this.#isStopped) throw stoppedFault();
      try {
        const answer = await this.#queue.sendBatch(waiting.map(({ entry }) => entry));
        const before = waiting.length;
        waiting = reportSettled(answer, waiting, delivery);
        if (waiting.length === 0) return;
        if (waiting.length < before) {
          lastProgress = now();
          attempt = 0;
        }
        reason = reasonOf(answer, waiting);
      } catch (error) {
        if (isTooLong(error)) return this.#callHalves(waiting, delivery);
        const fault = faultOf(error);
        if (fault !== undefined) throw fault;
        reason = messageOf(error);
      }
      if (now() - lastProgress >= giveUpAfterMs) throw awayFor(giveUpAfterMs / 1000, reason);
      const pause = delayMs(attempt + 1, this.#retry);
      this.#retries++;
      this.#log.warn("sqs-again", { attempt, messages: waiting.length, reason, pauseMilliseconds: Math.round(pause) });
      await sleep(pause);
    }
  }

  /** The queue accepts less than assumed. */
  async #callHalves(messages: readonly SqsMessage[], delivery: Delivery): Promise<void> {
    const [first] = messages;
    if (first === undefined) return;
    if (messages.length === 1) {
      delivery.refuse(first.position, tooLarge(first.size, undefined));
      return;
    }
    const sum = messages.reduce((bytes, { size }) => bytes + size, 0);
    this.#maxCallBytes = Math.min(this.#maxCallBytes, Math.max(minCallBytes, sum >> 1));
    const middle = messages.length >> 1;
    await this.#call(messages.slice(0, middle), delivery);
    await this.#call(messages.slice(middle), delivery);
  }
}

function stoppedFault(): WorkerFault {
  return new WorkerFault("try-again", "sending to SQS was stopped");
}

/**
 * Reports every message that the response settles, and returns the others. Messages that it does not mention are sent
 * again.
 */
function reportSettled(answer: SqsAnswer, messages: readonly SqsMessage[], delivery: Delivery): SqsMessage[] {
  return messages.filter(({ position, entry }) => {
    if (answer.stored.has(entry.id)) {
      delivery.acknowledge(position, position + 1);
      return false;
    }
    const failure = answer.failed.get(entry.id);
    if (failure === undefined || !failure.isFinal) return true;
    delivery.refuse(position, `SQS rejects it (${failure.code}: ${failure.message})`);
    return false;
  });
}

function reasonOf({ failed }: SqsAnswer, messages: readonly SqsMessage[]): string {
  const failure: SqsFailure | undefined = messages
    .map(({ entry }) => failed.get(entry.id))
    .find((found) => found !== undefined);
  return failure === undefined ? "the response omitted messages" : `${failure.code}: ${failure.message}`;
}

function tooLarge(size: number, limit: number | undefined): string {
  const maximum = limit === undefined ? "" : `, ${limit} bytes`;
  return `with its attributes it is ${size} bytes, more than the queue accepts (MaximumMessageSize${maximum})`;
}

/** Maximum bytes of a message and of a call that any queue has accepted since 2025. */
const maxQueueBytes = 1_048_576;
/** Older queues accept this many bytes per call, and a call that is too long fails as a whole. */
const bytesOfUnknownQueues = 262_144;
const minCallBytes = 1_024;

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
