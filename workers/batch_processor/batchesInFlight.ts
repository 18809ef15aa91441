import type { Delivery, MessageBatch, RecordSink } from "../model/recordSink.ts";

/** Callbacks of a batch; `ended` is called when the sink is done with it, before anyone who waits is notified. */
export interface WatchedDelivery extends Delivery {
  ended(): void;
}

/** Sends batches, several at a time, and remembers the first failure. */
export class BatchesInFlight {
  readonly #sink: RecordSink;
  readonly #most: number;
  readonly #underWay = new Set<Promise<void>>();
  #notifyEnd: () => void = () => {};
  #failure: { readonly error: unknown } | undefined;

  constructor(sink: RecordSink, most: number) {
    this.#sink = sink;
    this.#most = most;
  }

  /** Another batch may be started. */
  get hasRoom(): boolean {
    return this.#underWay.size < this.#most;
  }

  /** Batches that were started and have not ended. */
  get size(): number {
    return this.#underWay.size;
  }

  /** Starts sending. Requires room: the caller waits for it with `oneEnds`. */
  begin(batch: MessageBatch, delivery: WatchedDelivery): void {
    const sending: Promise<void> = this.#send(batch, delivery)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#underWay.delete(sending);
        this.#notifyEnd();
      });
    this.#underWay.add(sending);
  }

  /**
   * Resolves when one of the batches in flight has ended, successfully or not. One caller at a time. (Not Promise.race:
   * a batch that takes long would collect a reaction for every one that overtakes it.)
   */
  oneEnds(): Promise<void> {
    return new Promise((settle) => {
      this.#notifyEnd = settle;
    });
  }

  /** Resolves when no batch is in flight. */
  async allEnd(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Throws what the first failed batch threw. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** A sink that throws before its first await fails its batch like one that throws later. */
  async #send(batch: MessageBatch, delivery: WatchedDelivery): Promise<void> {
    await this.#sink.send(batch, delivery);
    delivery.ended();
  }
}
