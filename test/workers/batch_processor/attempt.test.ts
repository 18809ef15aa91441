import { expect, test } from "vitest";
import { attemptName } from "../../../workers/batch_processor/attempt.ts";
import { isSafeName } from "../../../workers/offsets/names.ts";

test("an attempt is named by its job, its number and a random part", () => {
  expect(attemptName({ job: "a1b2:17", attempt: 3, random: "99ff" })).toBe("a1b2-17.3.99ff");
  expect(attemptName({ job: undefined, attempt: 1, random: "99ff" })).toBe("local.1.99ff");
});

test.each(["../../x", "a\nb", "", "x".repeat(500)])(
  "whatever the job is called, the name is fit for a file: %j",
  (job) => {
    expect(isSafeName(`chunk-${attemptName({ job, attempt: 1, random: "r" })}`)).toBe(true);
  },
);
