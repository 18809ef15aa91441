import { expect, test } from "vitest";
import { WorkerFault } from "../../../workers/model/fault.ts";
import { endingOf } from "../../../workers/program/endingOf.ts";

const running = new AbortController().signal;
const stopped = AbortSignal.abort(new WorkerFault("try-again", "stopped by SIGTERM"));

test("a fault ends with the exit code of its outcome, its hint and what caused it", () => {
  const fault = new WorkerFault("not-allowed", "S3 refused", {
    hint: "give the role s3:GetObject",
    cause: new Error("403"),
  });
  expect(endingOf(fault, running)).toEqual({
    outcome: "not-allowed",
    exitCode: 77,
    message: "S3 refused",
    hint: "give the role s3:GetObject",
    cause: "Error: 403",
  });
});

test("what a signal interrupted is tried again, whoever threw it", () => {
  const abort = new DOMException("This operation was aborted", "AbortError");
  expect(endingOf(abort, stopped)).toMatchObject({ exitCode: 75, message: "stopped by SIGTERM" });
});

test("an interruption without a signal is a bug, and so is any other error after one", () => {
  const abort = new DOMException("This operation was aborted", "AbortError");
  expect(endingOf(abort, running)).toMatchObject({ outcome: "bug", exitCode: 70 });
  expect(endingOf(new TypeError("x is undefined"), stopped)).toMatchObject({ exitCode: 70, message: "x is undefined" });
});

test("a bug brings its stack along", () => {
  expect(endingOf(new TypeError("x"), running).stack).toContain("endingOf.test.ts");
});

test.each([
  undefined,
  null,
  "text",
  {
    toString: () => {
      throw new Error("hostile");
    },
  },
])("something thrown that is no error is a bug all the same", (thrown) =>
  expect(endingOf(thrown, running).exitCode).toBe(70),
);
