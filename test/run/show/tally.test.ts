import { expect, test } from "vitest";
import type { Job } from "../../../src/run/jobs/planJobs.ts";
import { Tally } from "../../../src/run/show/tally.ts";

const job = (id: string, route: Job["route"] = "batch"): Job => ({
  id,
  worker: "batch_processor",
  route,
  start: { kind: "program", args: [] },
  environment: {},
  overrides: {},
  definition: undefined,
});
const end = (exitCode: number, hasTimedOut = false) => ({ exitCode, message: "why", hint: undefined, hasTimedOut });

function tallyOf(...sizes: readonly number[]): Tally {
  const tally = new Tally();
  tally.takeChunks(sizes.map((chunkSize, index) => ({ chunkId: `c${index}`, chunkSize, rejected: 1 })));
  return tally;
}

test("the gravest failure decides, whichever came first", () => {
  const tally = tallyOf(10, 10, 10);
  tally.takeEnd(job("c0"), end(65));
  tally.takeEnd(job("c1"), end(70));
  tally.takeEnd(job("c2"), end(64));
  expect(tally.exitCode).toBe(3);
  expect(tally.failures.map(({ job: id }) => id)).toEqual(["c0", "c1", "c2"]);
});

test("a failure is dropped when a retry succeeds", () => {
  const tally = tallyOf(10);
  tally.takeEnd(job("c0", "lambda"), end(75));
  tally.takeEnd(job("c0", "lambda"), end(0));
  expect(tally.failures).toEqual([]);
  expect(tally.exitCode).toBe(0);
  expect(tally.chunks).toMatchObject({ done: 1, lambda: 1, batch: 0 });
});

test("delivered are the valid records of chunks that are done, and what was sent of the others", () => {
  const tally = tallyOf(10, 20, 30);
  tally.takeEvent(job("c0"), { event: "already-done" });
  tally.takeEnd(job("c0"), end(0));
  tally.takeEvent(job("c1"), { event: "progress", delivered: 7 });
  expect([tally.delivered, tally.sentNow]).toEqual([9 + 7, 7]);
  tally.takeEnd(job("c1"), end(0));
  expect(tally.delivered).toBe(9 + 19);
  expect(tally.chunks).toMatchObject({ total: 3, done: 2, doneBefore: 1 });
});

test("an attempt that took too long says so", () => {
  const tally = tallyOf(10);
  tally.takeEnd(job("c0"), end(75, true));
  expect(tally.failures[0]?.message).toBe("it took longer than the job definition allows");
});
