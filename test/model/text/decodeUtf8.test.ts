import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8 } from "../../../src/model/text/decodeUtf8.ts";

const decode = (...bytes: number[]): ReturnType<typeof decodeUtf8> => decodeUtf8(Uint8Array.from(bytes), "f.yaml");

test("text comes back as it is, with byte order mark and genuine replacement characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      fc.pre(!text.includes("\0"));
      expect(decodeUtf8(Buffer.from(text), "f.yaml")).toBe(text);
    }),
  );
  expect(decodeUtf8(Buffer.from("\ufeffa\ufffd"), "f.yaml")).toBe("\ufeffa\ufffd");
});

test.each<[string, number[], number, number, string]>([
  ["a wrong byte", [0x61, 0x0a, 0xc3, 0xa9, 0xff], 2, 2, "byte 0xff"],
  ["a character that is cut off", [0x61, 0xe2, 0x82], 1, 2, "byte 0xe2"],
  ["a wrong byte after a genuine U+FFFD", [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0x41], 1, 2, "byte 0xef"],
  ["a surrogate", [0xed, 0xa0, 0x80], 1, 1, "byte 0xed"],
  ["UTF-16", [0xff, 0xfe, 0x61, 0x00], 1, 1, "byte 0xff"],
  ["NUL", [0x61, 0x00], 1, 2, "byte 0x00"],
])("%s is reported with its position", (_what, bytes, line, column, found) => {
  expect(decode(...bytes)).toMatchObject({ rule: "text-encoding", file: "f.yaml", position: { line, column }, found });
});

test("any bytes give text or a problem; text only when they are its UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = decodeUtf8(bytes, "f.yaml");
      if (typeof text === "string") expect(Buffer.from(text).equals(bytes)).toBe(true);
      else
        expect(
          Buffer.from(new TextDecoder().decode(bytes)).equals(bytes) && !bytes.includes(0) && bytes[0] !== 0xef,
        ).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
