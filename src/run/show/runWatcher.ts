import { grouped, oneLine } from "../../shared/text.ts";
import { outcomeOf } from "../jobs/exitCodeOf.ts";
import type { Job } from "../jobs/planJobs.ts";
import type { AttemptResult } from "../jobs/runAttempts.ts";
import type { Again } from "../states/retries.ts";
import type { Tally } from "./tally.ts";

/** Tells somebody who watches how far a run is: in one line that is drawn over on a terminal, in a few lines elsewhere. */
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
    if (!this.#isTerminal && total <= mostLines) this.#write(`${id} done (${done} of ${total})\n`);
    this.#line.draw(this.#text(tally), true);
  }

  /** On a terminal too: without the reason, a run that tries again looks as if it stood still. */
  failed({ id }: Job, result: AttemptResult, again: Pick<Again, "number" | "most"> | undefined): void {
    const next = again === undefined ? "" : `; trying again, ${again.number} of ${again.most}`;
    this.#say(`${id} failed: ${oneLine(result.message ?? outcomeOf(result.exitCode))}${next}`);
  }

  /** Records that are no longer as they were written. */
  lost(chunkId: string, reason: string): void {
    this.#say(`${chunkId} is delivered anew: ${reason}`);
  }

  /** After the first signal. */
  stopping(running: readonly Job[]): void {
    const called = running.filter(({ start }) => start.kind === "function").map(({ id }) => id);
    const calls = called.length === 1 ? "the function call of" : "the function calls of";
    const what = called.length === 0 ? "what runs, which saves its place" : `${calls} ${listed(called)}`;
    const them = called.length > 1 ? "them" : "it";
    this.#say(running.length === 0 ? "stopping" : `stopping; waiting for ${what}; Ctrl-C again ends ${them} at once`);
  }

  #say(text: string): void {
    if (this.#lines > mostLines) return;
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

/** A line that is drawn over itself on a terminal. */
class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isThere = false;

  constructor(write: (text: string) => void, columns: () => number | undefined) {
    this.#write = write;
    this.#columns = columns;
  }

  /** As often as one likes: it is drawn ten times a second at most, unless it is `important`. */
  draw(text: string, important: boolean): void {
    const columns = this.#columns();
    const now = performance.now();
    if (columns === undefined || (!important && now - this.#drawnAt < 100)) return;
    this.#drawnAt = now;
    // A line that wraps could not be drawn over.
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

/** More than this would fill a log. */
const mostLines = 100;

function chunksText(count: number): string {
  return count === 1 ? "1 chunk" : `${grouped(count)} chunks`;
}
