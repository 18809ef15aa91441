import { expect, test } from "vitest";
import { recognise, refuseUnreadable } from "../../../workers/decode/recognise.ts";

const bytesOf = (latin1: string) => Buffer.from(latin1, "latin1");

test.each<[string, string, string | undefined, object]>([
  ["plain text", "a,b", undefined, { compression: "none", encoding: "utf-8", bomBytes: 0, isPlain: true }],
  ["a mark of UTF-8", "\xef\xbb\xbfa", undefined, { encoding: "utf-8", bomBytes: 3, isPlain: true }],
  ["a mark, which outweighs what was given", "\xef\xbb\xbfa", "latin1", { encoding: "utf-8", isPlain: true }],
  ["a mark of UTF-16", "\xfe\xff\0a", "utf-8", { encoding: "utf-16be", bomBytes: 2, isPlain: false }],
  ["another name of UTF-8", "a", "UTF8", { encoding: "UTF8", isPlain: true }],
  ["another encoding", "a", "windows-1252", { encoding: "windows-1252", isPlain: false }],
  ["gzip", "\x1f\x8b\x08", undefined, { compression: "gzip", encoding: "utf-8", isPlain: false }],
])("%s is recognised", (_, text, given, form) => {
  expect(recognise(bytesOf(text), given)).toMatchObject(form);
});

function refusalOf(text: string, given?: string): unknown {
  const bytes = bytesOf(text);
  try {
    refuseUnreadable(bytes, recognise(bytes, given), "file:///in.csv");
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each<[string, string, string | undefined, string, RegExp]>([
  ["a PDF document", "%PDF-1.7", undefined, "data-refused", /in\.csv is a PDF document/],
  ["UTF-32, which starts like UTF-16", "\xff\xfe\0\0a\0\0\0", undefined, "data-refused", /in\.csv is UTF-32 text/],
  ["UTF-16 without a mark", "a\0,\0b\0\n\0", undefined, "data-refused", /seems to be UTF-16/],
  ["an encoding that does not exist", "a,b\n", "utf-99", "usage", /"utf-99" is not the name of an encoding/],
])("%s is refused", (_, text, given, outcome, message) => {
  expect(refusalOf(text, given)).toMatchObject({ outcome, message: expect.stringMatching(message) });
});

test.each<[string, string, string | undefined]>([
  ["text", "a,b\n", undefined],
  ["UTF-16 as was given", "a\0,\0b\0\n\0", "utf-16le"],
  ["UTF-16 with a mark", "\xff\xfea\0,\0", undefined],
  ["what is compressed", "\x1f\x8b\0\0\0\0\0\0", undefined],
])("%s is left to be decoded", (_, text, given) => {
  expect(refusalOf(text, given)).toBeUndefined();
});
