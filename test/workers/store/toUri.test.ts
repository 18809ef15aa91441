import { describe, expect, test } from "vitest";
import { toUri } from "../../../workers/store/toUri.ts";
import { faultOf } from "./faults.ts";

const places = { bucket: "data", workingFolder: "/srv/day 1" };

test.each([
  ["s3://b/a/b.csv", "s3://b/a/b.csv"],
  ["S3://b/a", "s3://b/a"],
  ["s3://b/100%/a b#1?.csv", "s3://b/100%/a b#1?.csv"],
  ["in/a.csv", "s3://data/in/a.csv"],
  ["a:b.csv", "s3://data/a:b.csv"],
  [".hidden", "s3://data/.hidden"],
  ["..", "file:///srv"],
  ["./a b.csv", "file:///srv/day%201/a%20b.csv"],
  ["../a#1.csv", "file:///srv/a%231.csv"],
  ["/tmp/100%.csv", "file:///tmp/100%25.csv"],
  ["/tmp/../etc/x", "file:///etc/x"],
  ["file:///tmp/a%20b", "file:///tmp/a%20b"],
  ["file://localhost/tmp/a", "file:///tmp/a"],
])("%s is %s", (text, uri) => {
  expect(toUri(text, places)).toBe(uri);
});

describe("a name is refused", () => {
  test.each([
    ["that has another scheme", "https://b/k", "usage"],
    ["that is only a bucket", "s3://b", "usage"],
    ["that is only a bucket with a slash", "s3://b/", "usage"],
    ["that has no bucket", "s3:///k", "usage"],
    ["that names another machine", "file://data/x.csv", "usage"],
    ["that is empty", "", "usage"],
    ["that holds a NUL", "a\0b", "usage"],
  ])("%s", async (_what, text, outcome) => {
    expect(await faultOf(() => toUri(text, places))).toMatch(new RegExp(`^${outcome}: `));
  });

  test("that is a key, where there is no bucket", async () => {
    expect(await faultOf(() => toUri("in/a.csv", {}))).toMatch(/^configuration: "in\/a\.csv" is a key .* S3_BUCKET/);
  });

  test("that is relative, where there is no folder", async () => {
    expect(await faultOf(() => toUri("./a.csv", { bucket: "data" }))).toMatch(/^usage: /);
  });
});
