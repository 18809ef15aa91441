import { expect, test } from "vitest";
import { createLog } from "../../../workers/log/createLog.ts";
import { createMetrics } from "../../../workers/log/createMetrics.ts";
import { Secret } from "../../../workers/model/secret.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void, level: "debug" | "warn" = "debug") {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  write(createLog({ level, about: { worker: "batch_processor", attempt: 1 }, stream, now: () => 0 }));
  return lines;
}

test("an event is one line of JSON with its level, time, worker and name", () => {
  const [line = ""] = logged((log) => log.info("chunk-read", { records: 10 }));
  expect(JSON.parse(line)).toEqual({
    level: "info",
    time: "1970-01-01T00:00:00.000Z",
    worker: "batch_processor",
    attempt: 1,
    event: "chunk-read",
    records: 10,
  });
});

test("values from a file stay inside their text: no second line, no second key", () => {
  const hostile = '"}\n{"level":"fatal"\u2028';
  const [line = "", ...more] = logged((log) => log.warn("odd", { [hostile]: hostile, level: "mine", event: "mine" }));
  expect(more).toEqual([]);
  expect(line.trimEnd()).not.toContain("\n");
  expect(line.match(/"level":/g)).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({ level: "warn", event: "odd", level_: "mine", [hostile]: hostile });
});

test("an error is logged with its message, its stack and its cause", () => {
  const [line = ""] = logged((log) =>
    log.error("failed", { error: new Error("outer", { cause: new Error("inner") }) }),
  );
  expect(JSON.parse(line).error).toMatchObject({ message: "outer", cause: { message: "inner" } });
  expect(JSON.parse(line).error.stack).toContain("createLog.test.ts");
});

test("what is less important than the level is left out", () => {
  expect(logged((log) => log.info("quiet"), "warn")).toEqual([]);
});

test("a secret is not logged", () => {
  const [line = ""] = logged((log) =>
    log.info("started", { settings: { kafka: { password: new Secret("hunter2") } } }),
  );
  expect(line).not.toContain("hunter2");
});

test("metrics are written in the form that CloudWatch reads from a log", () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const metrics = createMetrics({
    namespace: "gss-dev-batch",
    dimensions: { Worker: "batch_processor" },
    write,
    now: () => 5,
  });
  metrics.emit(
    { Records: { value: 10, unit: "Count" }, Rate: { value: Number.NaN, unit: "Count/Second" } },
    { chunkId: "c" },
  );
  metrics.emit({ Rate: { value: Number.POSITIVE_INFINITY, unit: "Count/Second" } });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      chunkId: "c",
      Worker: "batch_processor",
      Records: 10,
      _aws: {
        Timestamp: 5,
        CloudWatchMetrics: [
          { Namespace: "gss-dev-batch", Dimensions: [["Worker"]], Metrics: [{ Name: "Records", Unit: "Count" }] },
        ],
      },
    },
  ]);
});
