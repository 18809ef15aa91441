import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../src/derive/checkExample.ts";
import { placeholders } from "../../src/model/placeholder.ts";
import { documentPath } from "../../src/model/units.ts";

/** Its types are not published with it. */
type Validate = (definition: unknown) => {
  readonly isValid: boolean;
  readonly errorsText: (separator?: string) => string;
};
const validate = createRequire(import.meta.url)("asl-validator") as Validate;

// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of it
type Machine = any;

describe("asl-validator", () => {
  test("accepts the generated state machine", () => {
    const { isValid, errorsText } = validate(generated());
    expect(isValid, errorsText()).toBe(true);
  });

  // Without these the first test would prove nothing.
  test.each<readonly [string, (machine: Machine) => void]>([
    ["a target that does not exist", ({ States }) => Object.assign(States.Validate, { Next: "Nowhere" })],
    ["a path that is none", ({ States }) => Object.assign(States.Validate, { ResultPath: "result" })],
    ["a Task that does not say what", ({ States }) => Object.assign(States.Validate, { Resource: undefined })],
    [
      "a target within the Map that does not exist",
      ({ States }) => Object.assign(States.ProcessChunks.ItemProcessor.States.ProcessChunk, { Default: "Nowhere" }),
    ],
  ])("refuses %s", (_, change) => {
    const machine = generated();
    change(machine);
    expect(validate(JSON.parse(JSON.stringify(machine))).isValid).toBe(false);
  });
});

/** As Step Functions gets it: the placeholders bound, the text read once. */
function generated(): Machine {
  const path = documentPath("step-function-definition");
  const text = generatedFiles.find((file) => file.path === path)?.text ?? "";
  return JSON.parse(
    placeholders.reduce((bound, { name, sample }) => bound.replaceAll(`\${${name}}`, String(sample)), text),
  );
}
