import { existsSync, linkSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import zlib from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  prepare,
  removeTemporaryFolders,
  resultsIn,
  runValidator,
  type Validated,
} from "../batch_validator/validateFile.ts";
import { type Processed, runProcessor } from "./parts/runProcessor.ts";

/*
 * What batch_processor delivers of a file without a manifest is what it delivers of the same file with the validator's
 * manifest; and what the validator refuses to read is refused in the same words.
 */

afterAll(removeTemporaryFolders);

interface Both {
  readonly validated: Pick<Validated, "exitCode" | "message" | "hint" | "manifest">;
  /** The messages of all chunks. */
  readonly wanted: readonly string[];
  readonly processed: Processed;
  readonly messages: readonly string[];
}

/** Both ways of the same file, with the same options of the dialect. */
async function bothWays(bytes: string | Uint8Array, options: readonly string[] = []): Promise<Both> {
  const { argv, folder, output } = prepare(bytes, { argv: ["--max-invalid", "100%", ...options] });
  const validated = await runValidator(argv);
  const { manifest, chunks = [] } = resultsIn(output);
  const to = (file: string) => ["--destination", "file", "--destination-file", join(folder, file)];
  const range = (id: string, from: number, end: number) => [
    ...["--chunk-id", id, "--start-index", `${from}`, "--end-index", `${end}`],
  ];
  for (const { chunkId, startIndex, endIndex } of chunks) {
    const manifestFile = ["--manifest", join(output, "manifest.json")];
    const { message } = await runProcessor([...range(chunkId, startIndex, endIndex), ...manifestFile, ...to("with")]);
    expect(message).toBe("");
  }
  const records = manifest?.counts.records ?? 1;
  const input = ["--input", join(folder, "in.csv"), ...options];
  const processed = await runProcessor([...range("all", 0, records), ...input, ...to("without")]);
  return {
    validated: { ...validated, manifest },
    wanted: linesOf(join(folder, "with")),
    processed,
    messages: linesOf(join(folder, "without")),
  };
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

const bytesOf = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));

describe("the same messages with and without a manifest", () => {
  test.each<[string, string | Uint8Array, readonly string[], readonly string[]]>([
    ["commas", "id,name\n1,a\n2,b\n", [], ['{"id":"1","name":"a"}', '{"id":"2","name":"b"}']],
    ["semicolons", "id;name\n1;a,b\n", [], ['{"id":"1","name":"a,b"}']],
    ["tabs", "id\tname\n1\ta\n", [], ['{"id":"1","name":"a"}']],
    ["bars", "id|name\n1|a\n", [], ['{"id":"1","name":"a"}']],
    ["a delimiter that is given", "id;a,name;b\n1;2,3;4\n", ["--delimiter", ","], ['{"id;a":"1;2","name;b":"3;4"}']],
    ["a quote that is given", "id;name\n1;'a;''b'\n", ["--quote", "'"], ['{"id":"1","name":"a;\'b"}']],
    ["CR line ends", "id,name\r1,a\r2,b\r", [], ['{"id":"1","name":"a"}', '{"id":"2","name":"b"}']],
    ["CR line ends and semicolons", 'id;name\r1;"a\nb"\r', [], ['{"id":"1","name":"a\\nb"}']],
    ["CRLF line ends", "id;name\r\n1;a\r\n2;b", [], ['{"id":"1","name":"a"}', '{"id":"2","name":"b"}']],
    ["a byte order mark", "\ufeffid;name\n1;\u00e9\n", [], ['{"id":"1","name":"\u00e9"}']],
    ["one column", "id\n1\n\n2\n", [], ['{"id":"1"}', "{}", '{"id":"2"}']],
    ["blank lines", "\n\nid;name\n\n1;a\n\r\n2;b\n", [], ['{"id":"1","name":"a"}', '{"id":"2","name":"b"}']],
    ["a header alone", "id;name\n", [], []],
    ["a name of two lines", '"i\nd";name\n1;a\n', [], ['{"i\\nd":"1","name":"a"}']],
    ["stray quotes that are kept", 'id;name\n1;a"b\n', ["--stray-quotes", "keep"], ['{"id":"1","name":"a\\"b"}']],
    ["an encoding that is UTF-8", "id;name\n1;\u00e9\n", ["--encoding", "UTF8"], ['{"id":"1","name":"\u00e9"}']],
    ["a mark that outweighs the encoding", "\ufeffid\n\u00e9\n", ["--encoding", "latin1"], ['{"id":"\u00e9"}']],
    ["a NUL", `id;name\n${"1;some text\n".repeat(99)}`.replace("some", "\0"), [], expect.anything()],
    ["records of other lengths", "id;name\n1\n2;b;c\n3;d\n", [], ['{"id":"3","name":"d"}']],
    ["malformed records", 'id;name\n1;a"b\n2;"b"c\n3;d\n4;"e\n', [], ['{"id":"3","name":"d"}']],
    ["a value that is not UTF-8", bytesOf("id,name\n1,", 0xff, "\n2,b\n"), [], ['{"id":"2","name":"b"}']],
    ["a cut character", bytesOf("id,name\n1,\u00e9", 0xc3, "\n2,\u00e9\n"), [], ['{"id":"2","name":"\u00e9"}']],
    ["a surrogate", bytesOf("id,name\n1,", 0xed, 0xa0, 0x80, "\n2,b\n"), [], ['{"id":"2","name":"b"}']],
  ])("%s", async (_, bytes, options, messages) => {
    const both = await bothWays(bytes, options);
    expect(both.validated.message).toBe("");
    expect(both.processed.message).toBe("");
    expect(both.wanted).toEqual(messages);
    expect(both.messages).toEqual(both.wanted);
  });

  test("a header that is longer than what the dialect is found in", async () => {
    const names = Array.from({ length: 15_000 }, (_, index) => `c${index}`);
    const both = await bothWays(`${names.join(";")}\n${names.map((_, index) => index).join(";")}\n`);
    expect(both.validated.manifest?.columns).toHaveLength(15_000);
    expect(both.wanted).toHaveLength(1);
    expect(both.messages).toEqual(both.wanted);
  });

  test("whatever a file consists of, and whatever is given", async () => {
    const pieces = [
      "a",
      "1",
      ",",
      ",",
      ";",
      "\t",
      "'",
      '"',
      "\n",
      "\n",
      "\r",
      "\r\n",
      "\u00e9",
      "\ufeff",
      "x".repeat(70),
    ];
    const piece = fc.constantFrom(...pieces).map((part) => bytesOf(part));
    const broken = fc.constantFrom(0xff, 0xc3, 0xa9, 0).map((byte) => bytesOf(byte));
    const text = fc.array(fc.oneof({ weight: 12, arbitrary: piece }, broken), { maxLength: 40 });
    const head = fc.constantFrom("id;name\n", "id,name\r\n", "id\r", "");
    const given = fc.constantFrom(
      ...[[], [], ["--delimiter", ";"], ["--quote", "'", "--delimiter", "|"], ["--stray-quotes", "keep"]],
      ...[
        ["--max-record-bytes", "100"],
        ["--encoding", "us-ascii"],
      ],
    );
    await fc.assert(
      fc.asyncProperty(head, text, given, async (first, rest, options) => {
        const both = await bothWays(Buffer.concat([bytesOf(first), ...rest]), options);
        const { exitCode, message, hint } = both.processed;
        expect(both.messages).toEqual(both.wanted);
        if (both.validated.manifest !== undefined) expect([exitCode, message]).toEqual([0, ""]);
        else expect({ exitCode, message, hint }).toEqual(refusalOf(both));
      }),
      { numRuns: 120 },
    );
  }, 60_000);
});

/** How the validator refused to read the file. */
function refusalOf({ validated: { exitCode, message, hint } }: Both) {
  return { exitCode, message, hint };
}

describe("the same refusal with and without a manifest", () => {
  test.each<[string, string | Uint8Array, readonly string[]]>([
    ["nothing", "", []],
    ["a byte order mark alone", "\ufeff", []],
    ["blank lines alone", "\r\n\n\n", []],
    ["a name twice", "id;id\n1;2\n", []],
    ["a name missing", "id;;name\n1;2;3\n", []],
    ["a stray quote in the header", 'id;na"me\n1;2\n', []],
    ["a quote in the header that is not closed", '"id,name\n1,2\n', []],
    ["a header that is not UTF-8", bytesOf("id,na", 0xff, "\n1,2\n"), []],
    ["a bare CR in a name", 'id,"na\rme"\n1,2\n', []],
    ["a header that is too long", `id,${"a".repeat(3000)}\n1,2\n`, ["--max-record-bytes", "1000"]],
    ["an Excel workbook", bytesOf("PK", 3, 4, "xl/workbook.xml", 0, 1, 2, 3, 4, 5, 6), []],
    ["a PDF document", "%PDF-1.7\n", []],
    ["a binary file", Buffer.from(Array.from({ length: 512 }, (_, index) => index % 32)), []],
    ["UTF-16 without a mark", Buffer.from("id,name\n1,2\n", "utf16le"), []],
    ["UTF-32", bytesOf(0xff, 0xfe, 0, 0, "id"), []],
    ["a quote that is the delimiter found", "id;name\n1;2\n", ["--delimiter", '"']],
    ["an encoding that does not exist", "id\n1\n", ["--encoding", "utf-99"]],
  ])("%s", async (_, bytes, options) => {
    const both = await bothWays(bytes, options);
    expect(both.validated.message).not.toBe("");
    const { exitCode, message, hint } = both.processed;
    expect({ exitCode, message, hint }).toEqual(refusalOf(both));
    expect(both.messages).toEqual([]);
  });
});

describe("what the validator decodes has no positions before, and needs its manifest", () => {
  const text = "id;name\n1;\u00e9\n";
  test.each<[string, Uint8Array, readonly string[], RegExp, number]>([
    ["gzip", zlib.gzipSync(text), [], /in\.csv is compressed with gzip/, 65],
    ["zstd", bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 0x61), [], /in\.csv is compressed with zstd/, 65],
    ["zstd of several threads", bytesOf(0x50, 0x2a, 0x4d, 0x18, 0, 0), [], /is compressed with zstd/, 65],
    ["UTF-16 with a mark", Buffer.from(`\ufeff${text}`, "utf16le"), [], /in\.csv is utf-16le text/, 65],
    ["an encoding that is given", Buffer.from(text, "latin1"), ["--encoding", "windows-1252"], /"windows-1252"/, 64],
  ])("%s", async (_, bytes, options, words, exitCode) => {
    const both = await bothWays(bytes, options);
    expect(both.processed).toMatchObject({ exitCode, message: expect.stringMatching(words) });
    expect(both.processed.hint).toMatch(/Run batch_validator on it/);
    expect(both.messages).toEqual([]);
  });
});

/** So few even records are not enough to find it. */
const given = ["--delimiter", ";"];

test("records that are left out are counted, and the log has the place of each", async () => {
  const { processed } = await bothWays(bytesOf('id;name\n1\n2;"b', "\n3;", 0xff, "\n4;d\n5;e"), given);
  const skipped = processed.log.filter(({ event }) => event === "skipped").map(({ level, fields }) => [level, fields]);
  expect(skipped).toEqual([
    ["warn", { index: 0, line: 2, byte: 8, reason: "1 field for 2 columns" }],
    ["warn", { index: 1, line: 3, byte: 10, reason: "unclosed-quote" }],
    ["warn", { index: 2, line: 4, byte: 15, reason: "bytes that are not UTF-8" }],
  ]);
  const finished = processed.log.find(({ event }) => event === "finished");
  expect(finished?.fields).toMatchObject({ records: 5, delivered: 2, skipped: 3 });
});

test("of many records that are left out the log has the first ones", async () => {
  const { processed } = await bothWays(`id;name\n${"1\n".repeat(250)}2;b\n`, given);
  expect(processed.log.filter(({ event }) => event === "skipped")).toHaveLength(100);
  expect(processed.log.filter(({ event }) => event === "further-skipped-not-logged")).toHaveLength(1);
});

test.each([
  ["a symbolic link", symlinkSync],
  ["a hard link", linkSync],
])("records are not written into the file that they are read from, reached by %s", async (_, link) => {
  const { folder } = prepare("id\n1\n2\n");
  const [input, other] = [join(folder, "in.csv"), join(folder, "other.csv")];
  link(input, other);
  const range = ["--chunk-id", "c", "--start-index", "0", "--end-index", "2"];
  const ended = await runProcessor([...range, "--input", input, "--destination", "file", "--destination-file", other]);
  expect(ended).toMatchObject({ exitCode: 64, message: expect.stringContaining("which this run reads") });
  expect(readFileSync(input, "utf8")).toBe("id\n1\n2\n");
});
