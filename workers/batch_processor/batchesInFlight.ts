import type { Delivery, MessageBatch, RecordSink } from "../model/recordSink.ts";

/** What is called back for a batch; `ended` when the sink says that it is through with it, before others hear of that. */
export interface WatchedDelivery extends Delivery {
  ended(): void;
}

/** Sends batches, several at a time, and remembers the first failure. */
export class BatchesInFlight {
  readonly #sink: RecordSink;
  readonly #most: number;
  readonly #underWay = new Set<Promise<void>>();
  #tellEnd: () => void = () => {};
  #failure: { readonly error: unknown } | undefined;

  constructor(sink: RecordSink, most: number) {
    this.#sink = sink;
    this.#most = most;
  }

  /** Another batch may be begun. */
  get hasRoom(): boolean {
    return this.#underWay.size < this.#most;
  }

  /** Batches that were begun and have not ended. */
  get size(): number {
    return this.#underWay.size;
  }

  /** Begins to send. Only with room: who asks waits for it with `oneEnds`. */
  begin(batch: MessageBatch, delivery: WatchedDelivery): void {
    const sending: Promise<void> = this.#send(batch, delivery)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#underWay.delete(sending);
        this.#tellEnd();
      });
    this.#underWay.add(sending);
  }

  /**
   * Resolves when one of the batches under way has ended, in whichever way. One waits at a time. (Not Promise.race: a batch
   * that takes long would collect a reaction for every one that overtakes it.)
   */
  oneEnds(): Promise<void> {
    return new Promise((settle) => {
      this.#tellEnd = settle;
    });
  }

  /** Resolves when none is under way. */
  async allEnd(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Throws what the first failing batch threw. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** A sink that throws before its first await fails its batch like one that throws later. */
  async #send(batch: MessageBatch, delivery: WatchedDelivery): Promise<void> {
    await this.#sink.send(batch, delivery);
    delivery.ended();
  }
}
