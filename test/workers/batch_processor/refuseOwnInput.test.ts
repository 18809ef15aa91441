import { expect, test } from "vitest";
import { refuseOwnInput } from "../../../workers/batch_processor/refuseOwnInput.ts";
import type { ProcessorSettings } from "../../../workers/settings/settings.ts";

const to = (destination: ProcessorSettings["destination"]) => ({ destination }) as ProcessorSettings;
const read = ["file:///out/manifest.json", "file:///in.csv"];

test("records are not written into a file that the run reads", () => {
  expect(() => refuseOwnInput(to({ kind: "file", uri: "file:///in.csv" }), read)).toThrow(
    "--destination-file is file:///in.csv, which this run reads",
  );
});

test("any other destination is fine", () => {
  refuseOwnInput(to({ kind: "file", uri: "file:///records.jsonl" }), read);
  refuseOwnInput(to({ kind: "stdout" }), read);
});
