import { grouped, oneLine } from "../../shared/text.ts";
import { outcomeOf } from "../jobs/exitCodeOf.ts";
import type { Job } from "../jobs/planJobs.ts";
import type { AttemptResult } from "../jobs/runAttempts.ts";
import type { Again } from "../states/retries.ts";
import type { Tally } from "./tally.ts";

/** Shows the progress of a run: in one line that is redrawn on a terminal, in a few lines elsewhere. */
export class RunWatcher {
  readonly #write: (text: string) => void;
  readonly #line: ProgressLine;
  readonly #isTerminal: boolean;
  #deliveringSince = 0;
  #lines = 0;

  constructor(write: (text: string) => void, columns: () => number | undefined) {
    this.#write = write;
    this.#line = new ProgressLine(write, columns);
    this.#isTerminal = columns() !== undefined;
  }

  validating(input: string): void {
    this.#write(`validating ${input}\n`);
  }

  validated({ counts }: Tally, wasBefore: boolean): void {
    if (counts === undefined) return;
    const { records, valid, rejected } = counts;
    const found = `${grouped(records)} records, ${grouped(valid)} valid, ${grouped(rejected)} rejected`;
    this.#write(wasBefore ? `validated before: ${found}\n` : `validated: ${found}\n`);
  }

  delivering(tally: Tally): void {
    this.#deliveringSince = performance.now();
    if (!this.#isTerminal) this.#write(`delivering ${chunksText(tally.chunks.total)}\n`);
    this.#line.draw(this.#text(tally), true);
  }

  progressed(tally: Tally): void {
    this.#line.draw(this.#text(tally), false);
  }

  chunkDone({ id }: Job, tally: Tally): void {
    const { done, total } = tally.chunks;
    if (!this.#isTerminal && total <= maxLines) this.#write(`${id} done (${done} of ${total})\n`);
    this.#line.draw(this.#text(tally), true);
  }

  /** Printed on a terminal too: without the reason, a run that retries looks stuck. */
  failed({ id }: Job, result: AttemptResult, again: Pick<Again, "number" | "max"> | undefined): void {
    const next = again === undefined ? "" : `; retry ${again.number} of ${again.max}`;
    this.#say(`${id} failed: ${oneLine(result.message ?? outcomeOf(result.exitCode))}${next}`);
  }

  /** Records that have changed since they were written. */
  lost(chunkId: string, reason: string): void {
    this.#say(`${chunkId} is delivered again: ${reason}`);
  }

  /** After the first signal. */
  stopping(running: readonly Job[]): void {
    const called = running.filter(({ start }) => start.kind === "function").map(({ id }) => id);
    const calls = called.length === 1 ? "the function call of" : "the function calls of";
    const what = called.length === 0 ? "running jobs to save their position" : `${calls} ${listed(called)}`;
    const them = called.length === 1 ? "it" : "them";
    this.#say(running.length === 0 ? "stopping" : `stopping; waiting for ${what}; Ctrl-C again ends ${them} at once`);
  }

  #say(text: string): void {
    if (this.#lines > maxLines) return;
    this.#lines += 1;
    this.#line.clear();
    this.#write(`${text}\n`);
  }

  ended(): void {
    this.#line.clear();
  }

  #text(tally: Tally): string {
    const { done, total } = tally.chunks;
    const sent = tally.sentNow;
    const seconds = (performance.now() - this.#deliveringSince) / 1000;
    const rate = seconds > 0 ? `  ${grouped(Math.round(sent / seconds))} records/s` : "";
    return `delivering  ${done} of ${chunksText(total)}  ${grouped(tally.delivered)} records${rate}`;
  }
}

/** A line that is redrawn on a terminal. */
class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isThere = false;

  constructor(write: (text: string) => void, columns: () => number | undefined) {
    this.#write = write;
    this.#columns = columns;
  }

  /** Can be called often: the line is drawn at most ten times a second, unless it is `important`. */
  draw(text: string, important: boolean): void {
    const columns = this.#columns();
    const now = performance.now();
    if (columns === undefined || (!important && now - this.#drawnAt < 100)) return;
    this.#drawnAt = now;
    // A line that wraps could not be redrawn.
    this.#write(`\r\u001b[K${text.slice(0, Math.max(1, columns - 1))}`);
    this.#isThere = true;
  }

  clear(): void {
    if (this.#isThere) this.#write("\r\u001b[K");
    this.#isThere = false;
  }
}

function listed(ids: readonly string[]): string {
  const [last = "", ...others] = [...ids].reverse();
  return others.length === 0 ? last : `${others.reverse().join(", ")} and ${last}`;
}

/** More lines than this would flood a log. */
const maxLines = 100;

function chunksText(count: number): string {
  return count === 1 ? "1 chunk" : `${grouped(count)} chunks`;
}
