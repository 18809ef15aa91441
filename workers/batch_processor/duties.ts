import { endOfSleep } from "../../src/shared/retry.ts";

/** A periodic task. */
export interface Duty {
  readonly everyMs: number;
  readonly work: () => Promise<void> | void;
}

/** Periodic tasks, done while the work runs or waits: checkpoints, the progress line. */
export class Duties {
  readonly #now: () => number;
  readonly #signal: AbortSignal;
  readonly #duties: { readonly duty: Duty; dueAt: number }[];

  constructor(duties: readonly Duty[], { now, signal }: { now: () => number; signal: AbortSignal }) {
    this.#now = now;
    this.#signal = signal;
    this.#duties = duties.map((duty) => ({ duty, dueAt: now() + duty.everyMs }));
  }

  /** Does what is due. Throws when the work is to stop. */
  async pass(): Promise<void> {
    this.#signal.throwIfAborted();
    for (const entry of this.#duties) {
      if (this.#now() < entry.dueAt) continue;
      await entry.duty.work();
      entry.dueAt = this.#now() + entry.duty.everyMs;
    }
  }

  /** Waits for a promise that never rejects, and does what is due meanwhile. Throws when the work is to stop. */
  async during(event: Promise<void>): Promise<void> {
    let hasCome = false;
    const coming = event.then(() => {
      hasCome = true;
    });
    while (!hasCome) {
      await this.#untilDue(coming);
      await this.pass();
    }
  }

  async #untilDue(coming: Promise<void>): Promise<void> {
    const dueIn = Math.min(...this.#duties.map(({ dueAt }) => dueAt)) - this.#now();
    const over = new AbortController();
    const stop = () => over.abort();
    this.#signal.addEventListener("abort", stop, { once: true });
    if (this.#signal.aborted) over.abort();
    try {
      await Promise.race([coming, endOfSleep(Math.max(dueIn, shortestSleepMs), over.signal)]);
    } finally {
      this.#signal.removeEventListener("abort", stop);
      over.abort();
    }
  }
}

/** Duties that are always due must not turn the waiting into a busy loop. */
const shortestSleepMs = 10;
