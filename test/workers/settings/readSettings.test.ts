import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { workerNamed } from "../../../src/shared/contract.ts";
import { readSettings, type SettingsReading, settingsFrom } from "../../../workers/settings/readSettings.ts";
import type { ProcessorSettings, ValidatorSettings } from "../../../workers/settings/settings.ts";
import { SettingsFault } from "../../../workers/settings/settingsFault.ts";

const inBatch = { AWS_REGION: "us-east-1", S3_BUCKET: "my-data" };
const files = ["--input", "file:///in.csv", "--output", "file:///out"];
const chunk = ["--chunk-id", "chunk-0", "--start-index", "0", "--end-index", "10", "--manifest", "file:///m.json"];
const kafka = { ...inBatch, RECORD_DESTINATION: "kafka", KAFKA_BROKERS: "b-1:9098", KAFKA_TOPIC: "records" };

function validator(argv: readonly string[], environment = {}): ValidatorSettings {
  return settingsIn(readSettings("batch_validator", argv, environment));
}

function processor(argv: readonly string[], environment = {}): ProcessorSettings {
  return settingsIn(readSettings("batch_processor", argv, environment));
}

function settingsIn<Settings>(reading: SettingsReading<Settings>): Settings {
  if ("text" in reading) throw new Error(reading.text);
  return reading.settings;
}

function faultOf(read: () => unknown): SettingsFault {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsFault) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}

const textsOf = (fault: SettingsFault) => fault.problems.map(({ text }) => text);

describe("where a value comes from", () => {
  test("a flag comes before its variable, and that before the default", () => {
    const environment = { CHUNK_SIZE: "20" };
    expect(validator(files).chunkSize).toBe(1_000_000);
    expect(validator(files, environment).chunkSize).toBe(20);
    expect(validator([...files, "--chunk-size=30"], environment).chunkSize).toBe(30);
  });

  test("a variable can stand for every flag, so that a Lambda function needs no command line", () => {
    const environment = { CHUNK_ID: "a", START_INDEX: "1", END_INDEX: "2", CHUNK_MANIFEST: "/m.json" };
    const settings = processor([], { ...environment, RECORD_DESTINATION: "stdout" });
    expect(settings).toMatchObject({ chunkId: "a", startIndex: 1, endIndex: 2, manifest: "file:///m.json" });
    const texts = new Map([["--chunk-id", "b"]]);
    const both = settingsFrom("batch_processor", texts, { ...environment, RECORD_DESTINATION: "stdout" });
    expect(both.chunkId).toBe("b");
  });

  test("an empty variable is none", () => {
    expect(validator(files, { CHUNK_SIZE: "" }).chunkSize).toBe(1_000_000);
    expect(processor(chunk, { RECORD_DESTINATION: "stdout", RECORD_KEY: "" }).recordKey).toEqual([]);
  });
});

describe("what values may be", () => {
  test.each([
    ["0", { text: "0", unit: "records", amount: 0 }],
    ["1000", { text: "1000", unit: "records", amount: 1000 }],
    ["5%", { text: "5%", unit: "percent", amount: 5 }],
    ["0.25%", { text: "0.25%", unit: "percent", amount: 0.25 }],
  ])("--max-invalid %s", (text, expected) => {
    expect(validator([...files, "--max-invalid", text]).maxInvalid).toEqual(expected);
  });

  test.each(["101%", "-1", "1e3", "five", "%", "5 %"])("--max-invalid %s is refused", (text) => {
    expect(textsOf(faultOf(() => validator([...files, `--max-invalid=${text}`])))).toHaveLength(1);
  });

  test.each([
    ["tab", "\t"],
    ["comma", ","],
    ["semicolon", ";"],
    ["pipe", "|"],
    ["^", "^"],
    ["\t", "\t"],
  ])("--delimiter %s", (text, expected) => expect(validator([...files, "--delimiter", text]).delimiter).toBe(expected));

  test.each(["ab", "a", "7", "\n", "é", "constructor"])("--delimiter %s is refused", (text) => {
    expect(textsOf(faultOf(() => validator([...files, "--delimiter", text])))).toHaveLength(1);
  });

  test.each([
    ["s3://other/key.csv", "s3://other/key.csv"],
    ["incoming/50% of it #1.csv", "s3://my-data/incoming/50% of it #1.csv"],
    ["file:///data/in.csv", "file:///data/in.csv"],
    ["/data/in file.csv", "file:///data/in%20file.csv"],
  ])("--input %s", (text, expected) => {
    expect(validator(["--input", text, "--output", "out"], inBatch)).toMatchObject({
      input: expected,
      output: "s3://my-data/out/",
    });
  });

  test.each(["http://x/y", "file://data/x.csv", "s3://b", "folder/", "a\nb", "file:///%zz"])(
    "--input %s is refused",
    (text) => expect(textsOf(faultOf(() => validator(["--input", text, "--output", "/out"], inBatch)))).toHaveLength(1),
  );

  test("indexes are whole numbers that a number can hold exactly, and the start is not after the end", () => {
    const read = (start: string, end: string) => () =>
      processor(["--chunk-id", "c", `--start-index=${start}`, `--end-index=${end}`, "--input", "/x"], {
        RECORD_DESTINATION: "stdout",
      });
    expect(read("7", "7")()).toMatchObject({ startIndex: 7, endIndex: 7 });
    for (const [start, end] of [
      ["8", "7"],
      ["-1", "7"],
      ["0", "1.5"],
      ["0", "9007199254740992"],
      ["0x1", "7"],
    ] as const) {
      expect(faultOf(read(start, end)).outcome).toBe("usage");
    }
  });

  test("the text none is no schema, and the text all keeps every rejected row", () => {
    expect(validator([...files, "--schema", "none", "--max-rejects", "all"])).toMatchObject({
      schema: undefined,
      maxRejects: undefined,
    });
  });
});

describe("what is missing or wrong", () => {
  test("is named at once, arguments and environment together, as wrong usage", () => {
    const argv = ["--inptu", "x", "--output", "--schema", "s.json", "--chunk-size", "0"];
    const fault = faultOf(() => validator(argv, { LOG_LEVEL: "loud" }));
    expect(fault.outcome).toBe("usage");
    expect(textsOf(fault)).toEqual([
      '"--inptu" is not a flag',
      "--output has no value",
      "--input (or INPUT_FILE) is missing",
      '--chunk-size is "0"; expected a whole number from 1 to 100000000',
      'LOG_LEVEL is "loud"; expected one of debug, info, warn, error',
      "AWS_REGION is missing, because a location is in S3",
      "S3_BUCKET is missing, because a location is a key, neither s3:// nor a file",
    ]);
    expect(fault.problems[0]?.hint).toBe("did you mean --input?");
    for (const text of textsOf(fault)) expect(fault.message).toContain(text);
  });

  test("in the environment alone is a wrong configuration", () => {
    const fault = faultOf(() => processor(chunk, { RECORD_DESTINATION: "kafka" }));
    expect(fault.outcome).toBe("configuration");
    expect(textsOf(fault).map((text) => text.split(" ")[0])).toEqual(["KAFKA_BROKERS", "KAFKA_TOPIC", "AWS_REGION"]);
  });

  test("counts only for the destination in use", () => {
    const environment = {
      ...inBatch,
      RECORD_DESTINATION: "sqs_core",
      KAFKA_TOPIC: "no topic",
      KAFKA_BROKERS: "${MSK_BROKERS}",
    };
    expect(textsOf(faultOf(() => processor(chunk, environment)))).toEqual([
      "SQS_CORE_QUEUE is missing, because RECORD_DESTINATION is sqs_core",
    ]);
  });

  test("a parameter that the job was submitted without is called by its name", () => {
    const fault = faultOf(() => processor(["--chunk-id", "Ref::chunkId", ...chunk.slice(2)], kafka));
    expect(fault.problems[0]).toMatchObject({ text: "--chunk-id is still Ref::chunkId" });
    expect(fault.problems[0]?.hint).toContain("the parameter chunkId");
  });

  test("a placeholder that nobody bound is called by its name", () => {
    const fault = faultOf(() => processor(chunk, { ...kafka, KAFKA_BROKERS: "${MSK_BROKERS}" }));
    expect(textsOf(fault)).toEqual(["KAFKA_BROKERS still contains ${MSK_BROKERS}"]);
  });

  test("a chunk has one source", () => {
    const [without, both] = [chunk.slice(0, 6), [...chunk, "--input", "file:///in.csv"]];
    expect(textsOf(faultOf(() => processor(without, kafka)))).toEqual(["--manifest or --input is missing"]);
    expect(textsOf(faultOf(() => processor(both, kafka)))).toEqual(["--manifest and --input are both specified"]);
  });

  test("a flag given twice, and a word without a flag, are refused", () => {
    const fault = faultOf(() => validator([...files, "--chunk-size", "1", "stray", "--chunk-size", "2"]));
    expect(textsOf(fault)).toEqual(['"stray" has no flag before it', "--chunk-size is specified 2 times"]);
  });

  test("is quoted without what a terminal obeys or what turns text around", () => {
    const given = "\u009b31m\u202e\u2028\u007f\n";
    const [text] = textsOf(faultOf(() => validator([...files, "--log-level", given])));
    expect(text).toBe(
      String.raw`--log-level is "\u009b31m\u202e\u2028\u007f\n"; expected one of debug, info, warn, error`,
    );
  });

  test("quotes no control character, whatever was given", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), fc.string({ unit: "binary" }), (argv, value) => {
        const fault = faultOf(() => validator([...argv, "--log-level", `x${value}`], { S3_BUCKET: `-${value}` }));
        for (const text of textsOf(fault)) expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
      }),
    );
  });
});

describe("secrets", () => {
  const environment = { ...kafka, KAFKA_SECURITY: "scram", KAFKA_USERNAME: "batch", KAFKA_PASSWORD: "hunter2" };

  test("are shown to nobody but who asks for them", () => {
    const settings = processor(chunk, environment);
    const { destination } = settings;
    if (destination.kind !== "kafka" || destination.security.kind !== "scram") throw new Error("not SCRAM");
    expect(destination.security.password.reveal()).toBe("hunter2");
    expect(`${JSON.stringify(settings)}${inspect(settings, { depth: 9 })}`).not.toContain("hunter2");
  });

  test("are not quoted when something is wrong", () => {
    const fault = faultOf(() => processor(chunk, { ...environment, KAFKA_PASSWORD: "Ref::hunter2", KAFKA_TOPIC: "?" }));
    expect(inspect(fault)).not.toContain("hunter2");
  });
});

describe("kafka", () => {
  const of = (more: object) => {
    const { destination } = processor(chunk, { ...kafka, ...more });
    return destination.kind === "kafka" ? destination : undefined;
  };

  test("encrypts unless there is no security, or it is told not to", () => {
    expect(of({})).toMatchObject({ security: { kind: "iam", region: "us-east-1" }, tls: true });
    expect(of({ KAFKA_SECURITY: "none" })).toMatchObject({ tls: false });
    expect(of({ KAFKA_SECURITY: "none", KAFKA_TLS: "true" })).toMatchObject({ tls: true });
  });

  test("takes no IAM without TLS", () => {
    expect(faultOf(() => of({ KAFKA_TLS: "false" })).outcome).toBe("configuration");
  });
});

describe.each(["batch_validator", "batch_processor"] as const)("%s --help", (worker) => {
  const reading = readSettings(worker, ["--help", "--no-such-flag"], {});
  const text = "text" in reading ? reading.text : "";

  test("begins with three situations, and names every flag and variable", () => {
    expect(text.startsWith("Situations\n")).toBe(true);
    expect(workerNamed(worker).situations).toHaveLength(3);
    for (const { flag = "", variable } of workerNamed(worker).settings) {
      expect(text).toContain(flag);
      expect(text).toContain(variable);
    }
  });

  test("shows commands that are right as they stand", () => {
    for (const { command } of workerNamed(worker).situations) {
      const [program, ...argv] = command.split(" ");
      expect(program).toBe(worker);
      expect(() => readSettings(worker, argv, kafka)).not.toThrow();
    }
  });
});
