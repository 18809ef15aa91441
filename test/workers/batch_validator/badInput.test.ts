import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import zlib from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import exitCodes from "../../../schemas/worker-exit-codes.json" with { type: "json" };
import {
  prepare,
  removeTemporaryFolders,
  resultsIn,
  runValidator,
  temporaryFolder,
  type Validated,
  type ValidateOptions,
  validateFile,
} from "./validateFile.ts";

afterAll(removeTemporaryFolders);

const codeOf = (name: string) => exitCodes.codes.find((row) => row.name === name)?.code;
const [done, usage, refused, missing, notAllowed, configuration] = [
  "done",
  "usage",
  "data-refused",
  "input-missing",
  "not-allowed",
  "configuration",
].map(codeOf);

/** What holds of every run, whatever was wrong with its input. */
async function run(bytes: string | Uint8Array, options: ValidateOptions = {}): Promise<Validated> {
  const result = await validateFile(bytes, options);
  const { exitCode, message, hint, files, report, html } = result;
  expect(exitCode, message).not.toBe(codeOf("bug"));
  expect(files.includes("manifest.json")).toBe(exitCode === done);
  expect(files.includes("chunks.json")).toBe(exitCode === done);
  expect(files.filter((name) => name.startsWith("."))).toEqual([]);
  expect(openFiles()).toEqual([]);
  if (exitCode !== done) {
    expect(message).not.toBe("");
    expect(hint).not.toBe("");
  }
  if (exitCode === done || exitCode === refused) {
    expect(report?.verdict).toBe(exitCode === done ? "accepted" : "rejected");
    expect(report?.reason).toBe(exitCode === done ? null : message);
    expect(html).toContain(exitCode === done ? "accepted" : "rejected");
  }
  return result;
}

/** Data of these tests that the process still has open; none where the system does not tell. */
function openFiles(): string[] {
  const folder = "/proc/self/fd";
  if (!existsSync(folder)) return [];
  const links = readdirSync(folder).filter((name) => existsSync(join(folder, name)));
  return links
    .map((name) => readlinkSync(join(folder, name)))
    .filter((target) => /validator-test-.*(in|data)\.csv/.test(target));
}

/** The errors that the report shows, as "line rule field". */
function errorsOf({ report }: Validated): string[] {
  return (report?.samples ?? []).map(({ line, rule, column, field }) =>
    `${line} ${rule} ${column ?? field ?? ""}`.trim(),
  );
}

/** A file that is refused before its records are read: the report says why, and counts none. */
async function expectRefusal(bytes: string | Uint8Array, words: RegExp, hint: RegExp, options: ValidateOptions = {}) {
  const result = await run(bytes, options);
  expect(result.message).toMatch(words);
  expect(result.message).toContain("in.csv");
  expect(result.hint).toMatch(hint);
  expect(result.exitCode).toBe(refused);
  expect(result.report).toMatchObject({ errors: 0, samples: [], counts: { records: 0 } });
  return result;
}

const utf8 = (value: string) => Buffer.from(value);
const bytesOf = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8(part) : Buffer.from([part]))));

describe("a file with nothing in it", () => {
  test.each([
    ["no bytes", ""],
    ["a byte order mark alone", "\ufeff"],
    ["blank lines alone", "\r\n\n\n"],
  ])("is refused: %s", async (_, content) => {
    await expectRefusal(content, /in\.csv is empty; expected a header/, /first line/);
  });

  test("is named as it was given also when it is compressed", async () => {
    const { report } = await expectRefusal(zlib.gzipSync(""), /in\.csv is empty/, /first line/);
    expect(report?.compression).toBe("gzip");
  });

  test.each(["a,b", "a,b\n", "\n\na,b\r\n"])(
    "but a header is accepted with no record and no chunk: %j",
    async (content) => {
      const { exitCode, report, chunks, manifest } = await run(content);
      expect([exitCode, report?.counts.records, chunks, manifest?.chunks]).toEqual([done, 0, [], 0]);
    },
  );
});

describe("a header", () => {
  test.each([
    ["a name twice", "a,b,a\n", /columns 1 and 3 are both "a"/],
    ["a name missing", "a,,c\n", /column 2 has no name/],
    ["no name at all", ",\n", /column 1 has no name; column 2 has no name/],
  ])("is refused with %s", async (_, content, words) => {
    await expectRefusal(content, words, /name every column/);
  });

  test("with thousands of mistakes is refused with the first of them and their number", async () => {
    const { message } = await expectRefusal(",".repeat(5000), /and 4991 more/, /name every column/);
    expect(message.length).toBeLessThan(1000);
  });

  test("is refused with the place of a quote that is out of place", async () => {
    const place = /malformed \(stray-quote\) at line 1, byte 3, field 2/;
    const { report } = await expectRefusal('a;b"x;c\n1;2;3\n', place, /--delimiter and --quote/);
    expect(report?.dialect.delimiter).toBe(";");
    await expectRefusal('"a,b\n1,2\n3,4\n', /unclosed-quote\) at line 1, byte 0, field 1/, /--quote/);
  });

  test("is refused when it is not UTF-8, and longer than a record may be", async () => {
    await expectRefusal(bytesOf("a,b", 0xff, "\n1,2\n"), /is not UTF-8/, /--encoding/);
    await expectRefusal(`${"a".repeat(1_200_000)},b\n1,2\n`, /too-long/, /--max-record-bytes/);
  });

  test("may have newlines in quotes, and lines are counted on from there", async () => {
    const result = await run('"a\r\nx","b\ny"\n1,2\n3\n');
    expect(errorsOf(result)).toEqual(["5 field-count"]);
    expect(result.report?.columns.map(({ name }) => name)).toEqual(["a\r\nx", "b\ny"]);
  });

  test("may have names that mean something in JavaScript, with rules for them", async () => {
    const schema = `{"properties":{"__proto__":{"type":"integer"},"constructor":{"type":"integer"}},
      "required":["toString"],"if":{"required":["__proto__"]},"then":{"properties":{"constructor":{"const":2}}}}`;
    const result = await run("__proto__,constructor,toString\n1,2,3\nx,2,3\n1,3,3\n1,2,\n", { schema });
    expect(errorsOf(result)).toEqual(["3 type __proto__", "4 const constructor", "5 required toString"]);
  });

  test("may have 100,000 columns", async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `c${index}`);
    const row = names.map((_, index) => index).join(",");
    const result = await run(`${names.join(",")}\n${row}\n${row},1\n${row}\n`, { argv: ["--max-invalid", "1"] });
    expect(result.exitCode).toBe(done);
    expect(result.manifest?.columns).toHaveLength(100_000);
    expect(result.report?.samples).toMatchObject([{ line: 3, rule: "field-count", expected: "100000 fields" }]);
  });
});

describe("records", () => {
  test("need no line end after the last one, and may have blank lines between them", async () => {
    const { exitCode, report } = await run("a,b\n\n1,2\n\n\n3,4");
    expect([exitCode, report?.counts.records, report?.counts.lines]).toEqual([done, 2, 6]);
  });

  test("with another number of fields are rejected, each with its line", async () => {
    const result = await run("a,b\n1\n1,2,3\n1,2\n");
    expect(result.exitCode).toBe(refused);
    expect(result.message).toBe("2 of 3 records are invalid; the maximum is 0");
    expect(result.hint).toContain("out/report.html");
    expect(errorsOf(result)).toEqual(["2 field-count", "3 field-count"]);
    expect(result.rejects?.trim().split("\n")).toHaveLength(3);
  });

  test.each([
    ["in the first record", '"1,2\n3,4\n5,6\n', 2],
    ["in the middle", '1,2\n"3,4\n5,6\n', 3],
    ["in the last one", '1,2\n3,4\n"5,6', 4],
  ])("with an unbalanced quote %s cost that line alone", async (_, records, line) => {
    const result = await run(`a,b\n${records}`, { argv: ["--max-invalid", "1"] });
    expect([result.exitCode, result.report?.counts.records]).toEqual([done, 3]);
    expect(errorsOf(result)).toEqual([`${line} unclosed-quote 1`]);
  });

  test("may have NUL bytes, for text may", async () => {
    const { exitCode, report } = await run(`a,b\n${"some,text\n".repeat(200)}x\0y,\0\n`);
    expect([exitCode, report?.counts.rejected]).toEqual([done, 0]);
  });

  test("with invalid UTF-8 are rejected in the column where it is", async () => {
    const result = await run(bytesOf("a,b\n1,\u00e9\n1,x", 0xc3, "\n"));
    expect(result.exitCode).toBe(refused);
    expect(errorsOf(result)).toEqual(["3 encoding b"]);
  });

  test("may be invalid up to exactly the share that is allowed", async () => {
    const argv = ["--max-invalid", "5%"];
    expect((await run(`a,b\n${"1,2\n".repeat(19)}1\n`, { argv })).exitCode).toBe(done);
    const more = await run(`a,b\n${"1,2\n".repeat(18)}1\n`, { argv });
    expect([more.exitCode, more.message]).toEqual([refused, "1 of 19 records is invalid; the maximum is 5%"]);
    const many = `a,b\n${"1\n".repeat(29)}${"1,2\n".repeat(9971)}`;
    expect((await run(many, { argv: ["--max-invalid", "0.29%"] })).exitCode).toBe(done);
    expect((await run(many, { argv: ["--max-invalid", "0.28%"] })).exitCode).toBe(refused);
  });

  test("end at CR where the first line does, whatever stands inside of quotes or at the end of the file", async () => {
    for (const [content, records] of [
      ["a,b\r1,2\r3,4\n", 2],
      ['a,b\r1,x\r2,"z\n"\r', 2],
      ['"a\n",b\r1,2\r', 1],
    ] as const) {
      const { exitCode, report } = await run(content);
      expect([exitCode, report?.counts.records, report?.dialect.lineEnd]).toEqual([done, records, "cr"]);
    }
  });

  test("are not swallowed by a header with a bare CR in it", async () => {
    const { exitCode, message } = await run("a,b\n1,2\n".replace(",b", ',"b\r1"'));
    expect([exitCode, message]).toEqual([refused, expect.stringContaining("column 2 has a line end in its name (CR)")]);
  });

  test("are not written over", async () => {
    const { argv, folder, output } = prepare("a,b\n1,2\n");
    const own = argv.map((word) => (word === join(folder, "in.csv") ? join(output, "rejects.csv") : word));
    const { exitCode, message } = await runValidator(own);
    expect([exitCode, message]).toEqual([usage, expect.stringContaining("which this run would overwrite")]);
  });

  test("takes the manifest of an earlier run out of use when it is rejected", async () => {
    const { argv, folder, output } = prepare("a,b\n1,2\n");
    expect((await runValidator(argv)).exitCode).toBe(done);
    expect(resultsIn(output).manifest?.format).toBe("gen-batch-config/manifest/1");
    writeFileSync(join(folder, "in.csv"), "a,b\n1\n");
    expect((await runValidator(argv)).exitCode).toBe(refused);
    expect(resultsIn(output).manifest?.format).toBe("gen-batch-config/retired-manifest/1");
  });
});

describe("how a file is written", () => {
  test.each([
    ["tabs", "a\tb\n1\t2,5\n"],
    ["semicolons", "a;b\n1;2,5\n"],
    ["pipes", "a|b\n1|2,5\n"],
    ["CR alone", "a,b\r1,2\r"],
    ["CRLF", "a,b\r\n1,2\r\n"],
    ["a byte order mark", "\ufeffa,b\n1,2\n"],
  ])("is found out: %s", async (_, content) => {
    const { exitCode, manifest, report } = await run(content);
    expect([exitCode, manifest?.columns.map(({ name }) => name), report?.counts.records]).toEqual([
      done,
      ["a", "b"],
      1,
    ]);
  });

  test("UTF-16 is recognised by its mark, or read as it is told", async () => {
    const plain = "name,b\n1,\u00e9\n";
    const marked = await run(Buffer.from(`\ufeff${plain}`, "utf16le"));
    expect([marked.exitCode, marked.manifest?.encoding]).toEqual([done, "utf-16le"]);
    const unmarked = Buffer.from(plain, "utf16le");
    await expectRefusal(unmarked, /UTF-16 without a byte order mark/, /--encoding utf-16le/);
    const told = await run(unmarked, { argv: ["--encoding", "utf-16le"] });
    expect([told.exitCode, told.manifest?.columns[0]?.name]).toEqual([done, "name"]);
  });

  test("what is not the encoding that was given is refused at its byte", async () => {
    const marked = Buffer.concat([Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), utf8("x")]);
    const { report } = await expectRefusal(marked, /in\.csv is not utf-16le: byte 19 cannot be decoded/, /--encoding/);
    expect(report?.encoding).toBe("utf-16le");
    const argv = ["--encoding", "shift_jis"];
    await expectRefusal(bytesOf("a,b\n1,", 0x81, " \n"), /is not shift_jis: byte 7/, /--encoding/, { argv });
  });

  test("Latin-1 is read when it is named, and an encoding that does not exist is a wrong argument", async () => {
    const bytes = Buffer.from("a,b\n1,\u00e9\n", "latin1");
    expect((await run(bytes, { argv: ["--encoding", "latin1"] })).exitCode).toBe(done);
    const wrong = await run(bytes, { argv: ["--encoding", "klingon"] });
    expect([wrong.exitCode, wrong.message]).toEqual([usage, '"klingon" is not the name of an encoding']);
  });
});

describe("a compressed file", () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `${index},${Math.sin(index)}\n`).join("");
  const packed = zlib.gzipSync(`a,b\n${rows}`);

  test("is read, and refused where it is cut off or damaged", async () => {
    expect((await run(packed)).report?.counts.records).toBe(5000);
    const cut = await expectRefusal(
      packed.subarray(0, 3000),
      /is truncated, near compressed byte 3000/,
      /Compress and upload/,
    );
    expect([cut.report?.compression, cut.files.includes("data.csv")]).toEqual(["gzip", false]);
    const damaged = Buffer.from(packed);
    damaged.fill(0xa5, 20_000, 20_040);
    await expectRefusal(damaged, /is damaged/, /Compress and upload/);
  });

  test("is refused under its own name when its header is of no use", async () => {
    const { report } = await expectRefusal(zlib.gzipSync("a;a\n1;2\n"), /in\.csv cannot be used/, /name every column/);
    expect([report?.compression, report?.dialect.delimiter]).toEqual(["gzip", ";"]);
  });

  test("is refused when something else is in it", async () => {
    await expectRefusal(zlib.gzipSync(packed), /gzip twice/, /Decompress/);
    await expectRefusal(zlib.gzipSync("PK\x03\x04\0\0\0\0"), /is a ZIP archive/, /Extract the CSV file/);
  });

  const { zstdCompressSync } = zlib as { zstdCompressSync?: (text: string) => Uint8Array };
  test("with zstd is read where Node can, and else says which Node can", async () => {
    if (zstdCompressSync !== undefined) {
      expect((await run(zstdCompressSync(`a,b\n${rows}`))).report?.counts.records).toBe(5000);
      return;
    }
    const found = await run(bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0));
    expect([found.exitCode, found.message]).toEqual([configuration, expect.stringContaining("compressed with zstd")]);
  });
});

describe("a file that is no text is refused by its name", () => {
  const png = bytesOf(0x89, "PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0");
  test.each([
    ["zip", "PK\x03\x04\x14\0\0\0", /is a ZIP archive/],
    ["parquet", "PAR1\x15\0\x15\x10", /is a Parquet file/],
    ["png", png, /is a binary file, not text/],
    ["NUL bytes", new Uint8Array(5000), /is a binary file, not text/],
  ])("%s", async (_, content, words) => {
    await expectRefusal(content, words, /CSV/);
    // An encoding does not make it text.
    await expectRefusal(content, words, /CSV/, { argv: ["--encoding", "windows-1252"] });
  });
});

describe("a schema", () => {
  const content = "a,b\n1,2\n";
  test.each([
    ["no JSON", "{nope", /schema\.json is not JSON/],
    ["empty", "", /schema\.json is not JSON/],
    ["no UTF-8", bytesOf('{"title":"', 0xff, '"}'), /schema\.json is not JSON: .* not valid for encoding utf-8/],
    ["null", "null", /schema\.json is null; expected a JSON object/],
    ["an array", [], /the schema as a whole: found \[\], expected a JSON object/],
    [
      "with an unknown keyword",
      { properties: { a: { typ: "integer" } } },
      /\/properties\/a\/typ: .* expected the keyword type/,
    ],
    ["with a pattern that is none", { properties: { a: { pattern: "(" } } }, /\/properties\/a\/pattern: found "\("/],
    [
      "that refers to another file",
      { properties: { a: { $ref: "https://example.com/x" } } },
      /\/properties\/a\/\$ref: /,
    ],
  ])("that is %s is a fault of the configuration, and none of the file", async (_, schema, words) => {
    const result = await run(content, { schema });
    expect([result.exitCode, result.files]).toEqual([configuration, []]);
    expect(result.message).toMatch(words);
  });

  test("with a column that the file does not have refuses the file, and asks about a similar one", async () => {
    const schema = { properties: { amount: {} }, required: ["amount"] };
    const words = /requires the column "amount", which the file does not have \(did you mean "amuont"\?\)/;
    const result = await run("id,amuont\n1,2\n", { schema });
    expect([result.exitCode, result.report?.counts.records]).toEqual([refused, 0]);
    expect(result.message).toMatch(words);
  });

  test("that is not there, or is a folder, is missing input", async () => {
    const folder = temporaryFolder();
    for (const name of [join(folder, "none.json"), folder]) {
      const result = await run(content, { argv: ["--schema", name] });
      expect([result.exitCode, result.files]).toEqual([missing, []]);
      expect(result.message).toContain(folder);
    }
  });

  test("that is wrong does not hide that the file is missing or of no use", async () => {
    expect((await run("a,a\n", { schema: "{nope" })).exitCode).toBe(refused);
    expect((await run("", { schema: "{nope", argv: ["--input", "/nowhere/in.csv"] })).exitCode).toBe(missing);
  });
});

describe("an input that cannot be read", () => {
  test("is missing input, whatever is there instead of a file", async () => {
    const folder = temporaryFolder();
    const loop = join(folder, "loop");
    symlinkSync(join(folder, "nowhere"), loop);
    for (const name of [join(folder, "none.csv"), loop, folder, "/dev/null"]) {
      const result = await run("", { argv: ["--input", name] });
      expect([result.exitCode, result.files]).toEqual([missing, []]);
      expect(result.message).toContain(name);
    }
  });

  // Root may read every file, so there is nothing to be seen in a container that runs as root.
  const mayReadAll = process.getuid?.() === 0;
  test(`is not allowed where the user may not read it${mayReadAll ? ", which root may" : ""}`, async () => {
    const file = join(temporaryFolder(), "in.csv");
    writeFileSync(file, "a,b\n1,2\n", { mode: 0o000 });
    const result = await run("", { argv: ["--input", file] });
    expect(result.exitCode).toBe(mayReadAll ? done : notAllowed);
    if (mayReadAll) return;
    expect(result.files).toEqual([]);
    expect(result.message).toContain(`${file}: this user may not read it`);
  });
});

describe("an output that cannot be written", () => {
  test.each([
    ["an accepted file", "a,b\n1,2\n"],
    ["a rejected file", "a,b\n1\n"],
    ["a refused file", "a,a\n1\n"],
    ["a compressed file", zlib.gzipSync("a,b\n1,2\n")],
  ])("is a fault of the configuration that names the place: %s", async (_, content) => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "in the way");
    const result = await run(content, { argv: ["--output", join(file, "below")] });
    expect(result.exitCode).toBe(configuration);
    expect(result.message).toContain(`${file}/below/`);
  });
});

describe("the program", () => {
  test("names every setting that is missing or wrong at once", async () => {
    const nothing = await program([]);
    expect(nothing.code).toBe(usage);
    expect(nothing.error.message).toMatch(/--input .*is missing.*\n.*--output .*is missing/);
    const wrong = await program(["--input", "/x.csv", "--shema", "s", "--threads", "many"]);
    expect(wrong.code).toBe(usage);
    expect(wrong.error.problems).toMatchObject([
      { text: '"--shema" is not a flag', hint: "did you mean --schema?" },
      expect.anything(),
      expect.anything(),
    ]);
    expect(wrong.error.message).toMatch(/--output .*is missing/);
    expect(wrong.error.message).toMatch(/--threads/);
  });

  test.each([
    ["in quotes", '"', "unclosed-quote"],
    ["without quotes", "", "too-long"],
  ])("holds little of a field of 200 MB %s", async (_, quote, rule) => {
    const lines = "some,text\n".repeat(200);
    const { argv, output, folder } = prepare("", { argv: ["--max-invalid", "1", "--max-record-bytes", "100000"] });
    const file = openSync(join(folder, "in.csv"), "w");
    writeSync(file, `a,b\n${lines}1,${quote}`);
    // What is left out reads as NUL, and takes no room on the disk.
    writeSync(file, `${quote}\n${lines}`, 200_000_000);
    closeSync(file);
    const { code, peakBytes, lastLine } = await program(argv);
    expect(code, lastLine).toBe(done);
    const { report } = resultsIn(output);
    expect(report?.counts).toMatchObject({ records: 401, rejected: 1 });
    expect(report?.samples).toMatchObject([{ line: 202, rule, field: 2 }]);
    expect(peakBytes).toBeLessThan(350e6);
  });
});

async function program(argv: readonly string[]) {
  const tellPeak = "process.on('exit',()=>console.error('peak='+process.resourceUsage().maxRSS))";
  const loaders = ["--import", "tsx", "--import", `data:text/javascript,${encodeURIComponent(tellPeak)}`];
  const child = spawn(process.execPath, [...loaders, "workers/batch_validator/main.ts", ...argv], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((settle) => child.on("close", settle));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.startsWith("{"));
  const lastLine = lines.at(-1) ?? "{}";
  // Node gives it in KiB.
  const peakBytes = 1024 * Number(/peak=([0-9]+)/.exec(stderr)?.[1]);
  return { code, peakBytes, lastLine, error: JSON.parse(lastLine) };
}
