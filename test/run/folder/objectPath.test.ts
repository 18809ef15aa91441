import { expect, test } from "vitest";
import { withObjectPaths } from "../../../src/run/folder/objectPath.ts";

test("a message names the files of this machine: those of the output, and the log of a job", () => {
  const text =
    "in.csv was not validated. The log of job validate in /aws/batch/gss-dev-validation says which. See s3://b-1/run-output/report.html. The log in /aws/batch/gss-dev.x says why.";
  expect(withObjectPaths(text, "/out/$&/")).toBe(
    "in.csv was not validated. The log /out/$&/logs/validate.log says which. See /out/$&/report.html. The log /out/$&/logs/validate.log says why.",
  );
});
