import { grouped } from "./grouped.ts";
import type { AttemptResult } from "./jobs/runAttempts.ts";
import type { Job } from "./planJobs.ts";
import { ProgressLine } from "./progressLine.ts";
import type { Tally } from "./tally.ts";

/** Tells somebody who watches how far a run is: in one line that is drawn over on a terminal, in a few lines elsewhere. */
export class RunWatcher {
  readonly #write: (text: string) => void;
  readonly #line: ProgressLine;
  readonly #isTerminal: boolean;
  #deliveringSince = 0;

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

  chunkEnded(job: Job, { exitCode }: AttemptResult, tally: Tally): void {
    const { done, total } = tally.chunks;
    if (!this.#isTerminal && total <= mostLines) {
      this.#write(`${job.id} ${exitCode === 0 ? "done" : "failed"} (${done} of ${total})\n`);
    }
    this.#line.draw(this.#text(tally), true);
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

/** More than this would fill a log. */
const mostLines = 100;

function chunksText(count: number): string {
  return count === 1 ? "1 chunk" : `${grouped(count)} chunks`;
}
