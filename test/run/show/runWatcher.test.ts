import { expect, test } from "vitest";
import type { Job } from "../../../src/run/jobs/planJobs.ts";
import { RunWatcher } from "../../../src/run/show/runWatcher.ts";

const job = (id: string, kind: "program" | "function"): Job => ({
  id,
  worker: "batch_processor",
  route: "lambda",
  start: kind === "program" ? { kind, args: [] } : { kind, event: {}, timeoutSeconds: 1 },
  environment: {},
  overrides: {},
  definition: undefined,
});
const end = (message: string | undefined) => ({ exitCode: 75, message, hint: undefined, hasTimedOut: false });

function written(tell: (watcher: RunWatcher) => void, columns?: number): string {
  let text = "";
  tell(
    new RunWatcher(
      (more) => {
        text += more;
      },
      () => columns,
    ),
  );
  return text;
}

test("a failure says why in one line, and which try follows, on a terminal too", () => {
  const tell = (watcher: RunWatcher) => {
    watcher.failed(job("c1", "function"), end("SQS took\n\u001b[31mnothing"), { number: 2, max: 6 });
    watcher.failed(job("c1", "function"), end(undefined), undefined);
  };
  const expected = "c1 failed: SQS took [31mnothing; retry 2 of 6\nc1 failed: try-again\n";
  expect(written(tell)).toBe(expected);
  expect(written(tell, 80)).toBe(expected);
});

test("failures of thousands of chunks do not fill a log", () => {
  const text = written((watcher) => {
    for (let id = 0; id < 5000; id += 1) watcher.failed(job(`c${id}`, "program"), end("x"), undefined);
  });
  expect(text.split("\n").length).toBeLessThan(150);
});

test.each<[readonly Job[], string]>([
  [[], "stopping\n"],
  [[job("c0", "function")], "stopping; waiting for the function call of c0; Ctrl-C again ends it at once\n"],
  [
    [job("c0", "function"), job("c1", "function"), job("c2", "function")],
    "stopping; waiting for the function calls of c0, c1 and c2; Ctrl-C again ends them at once\n",
  ],
  [
    [job("c0", "program")],
    "stopping; waiting for running jobs to save their position; Ctrl-C again ends them at once\n",
  ],
])("the first signal is answered with what is waited for", (running, expected) => {
  expect(written((watcher) => watcher.stopping(running))).toBe(expected);
});
