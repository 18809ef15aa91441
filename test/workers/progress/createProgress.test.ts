import { expect, test } from "vitest";
import { createProgress, type ProgressOptions } from "../../../workers/progress/createProgress.ts";

function drawing(options: Partial<ProgressOptions> & { terminal?: boolean; columns?: number }) {
  const written: string[] = [];
  const clock = { milliseconds: 0 };
  const stream = {
    isTTY: options.terminal ?? true,
    columns: options.columns ?? 80,
    write: (text: string) => written.push(text),
  };
  const progress = createProgress({
    mode: "auto",
    label: "work",
    colors: false,
    ...options,
    stream,
    now: () => clock.milliseconds,
  });
  return { progress, clock, written };
}

test("on a terminal the line is drawn over itself, with rows, rate and share", () => {
  const { progress, clock, written } = drawing({});
  clock.milliseconds = 2000;
  progress.update({ rows: 1_234_568, fraction: 0.456 });
  expect(written).toEqual(["\r\u001b[Kwork  1,234,568 rows  617,284 rows/s  45 %"]);
});

test("it is drawn a few times a second, however often it is told, and in the end as it was last", () => {
  const { progress, clock, written } = drawing({});
  for (let rows = 1; rows <= 1000; rows += 1) {
    clock.milliseconds += 1;
    progress.update({ rows, fraction: undefined });
  }
  expect(written).toHaveLength(10);
  progress.end();
  progress.end();
  expect(written).toHaveLength(11);
  expect(written.at(-1)).toBe("\r\u001b[Kwork  1,000 rows  1,000 rows/s\n");
});

test("a narrow terminal gets a line that does not wrap", () => {
  const { progress, written } = drawing({ columns: 10 });
  progress.update({ rows: 1_000_000, fraction: 1 });
  expect(written).toEqual(["\r\u001b[Kwork  1,0"]);
});

test("elsewhere there is none unless it is wanted, and then without anything that only a terminal understands", () => {
  const quiet = drawing({ terminal: false });
  quiet.progress.update({ rows: 1, fraction: 0 });
  quiet.progress.end();
  expect(quiet.written).toEqual([]);
  const wanted = drawing({ terminal: false, mode: "always", colors: true });
  wanted.progress.update({ rows: 1, fraction: 0.999 });
  expect(wanted.written).toEqual(["work  1 rows  99 %\n"]);
});

test("without colours there are none", () => {
  for (const [colors, expected] of [
    [true, "\u001b[2m"],
    [false, "work"],
  ] as const) {
    const { progress, written } = drawing({ colors });
    progress.update({ rows: 1, fraction: 0 });
    expect(written[0]?.slice(4, 8)).toBe(expected);
  }
});
