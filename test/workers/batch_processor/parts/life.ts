import { setImmediate as later } from "node:timers/promises";

/**
 * The life of one process, which may end between any two steps. A dead one's calls come to nothing and are never
 * answered: what it still meant to do does not happen.
 */
export class Life {
  readonly #diesAt: number;
  readonly #onStep: ((step: number) => unknown) | undefined;
  #steps = 0;
  #die: () => void = () => {};
  readonly death: Promise<"killed">;

  constructor({
    diesAt = Number.POSITIVE_INFINITY,
    onStep,
  }: { diesAt?: number; onStep?: (step: number) => unknown } = {}) {
    this.#diesAt = diesAt;
    this.#onStep = onStep;
    this.death = new Promise((resolve) => {
      this.#die = () => resolve("killed");
    });
  }

  get steps(): number {
    return this.#steps;
  }

  get isOver(): boolean {
    return this.#steps >= this.#diesAt;
  }

  /** Something that a process asks of the world. It comes back, or the process has died. */
  async step(): Promise<void> {
    if (!this.isOver) {
      this.#steps += 1;
      this.#onStep?.(this.#steps);
      await later();
    }
    if (this.isOver) {
      this.#die();
      await new Promise<never>(() => {});
    }
  }
}
