/** Thrown where work ends because the run was stopped. */
export class Stopped extends Error {
  constructor(signal: string) {
    super(`stopped by ${signal}`);
    this.name = "Stopped";
  }
}

/** Whether the run is stopping, and the listeners for that. */
export class Stop {
  readonly #listeners = new Set<(signal: "SIGTERM" | "SIGINT", isFirst: boolean) => void>();
  #signal: string | undefined;

  get isStopped(): boolean {
    return this.#signal !== undefined;
  }

  /** True after a second signal: stop at once. */
  receive(signal: "SIGTERM" | "SIGINT"): void {
    const isFirst = this.#signal === undefined;
    this.#signal ??= signal;
    for (const listener of this.#listeners) listener(signal, isFirst);
  }

  throwIfStopped(): void {
    if (this.#signal !== undefined) throw new Stopped(this.#signal);
  }

  /** Returns a function that removes the listener. */
  listen(listener: (signal: "SIGTERM" | "SIGINT", isFirst: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits; throws as soon as the run is stopped. */
  async wait(seconds: number): Promise<void> {
    this.throwIfStopped();
    await new Promise<void>((settle) => {
      const timer = setTimeout(done, seconds * 1000);
      const end = this.listen(done);
      function done() {
        clearTimeout(timer);
        end();
        settle();
      }
    });
    this.throwIfStopped();
  }
}
