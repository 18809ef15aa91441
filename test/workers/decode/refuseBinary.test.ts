import { describe, expect, test } from "vitest";
import { refuseBinary } from "../../../workers/decode/decode.ts";
import { faultOf } from "../store/faults.ts";
import { seededBytes } from "../store/pieces.ts";

const zip = "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0";
const bytesOf = (text: string) => Buffer.from(text, "latin1");
const tar = Buffer.alloc(1024);
tar.write("data.csv", 0);
tar.write("ustar", 257);

describe("what is no text is refused by what it is", () => {
  test.each([
    ["is an Excel workbook", bytesOf(`${zip}xl/workbook.xml`)],
    ["is an Excel workbook or another Office document", bytesOf(`${zip}[Content_Types].xml`)],
    ["is an OpenDocument spreadsheet", bytesOf(`${zip}mimetypeapplication/vnd.oasis.opendocument.spreadsheet`)],
    ["is a ZIP archive", bytesOf(`${zip}data.csv`)],
    ["is a Parquet file", bytesOf("PAR1\x15\x04\x15\x00")],
    ["is a PDF document", bytesOf("%PDF-1.7\n%\xe2\xe3")],
    ["is an old Excel workbook or another Office document", bytesOf("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")],
    ["is an SQLite database", bytesOf("SQLite format 3\0")],
    ["is compressed with bzip2", bytesOf("BZh91AY&SY\x01\x02\0")],
    ["is compressed with xz", bytesOf("\xfd7zXZ\0\0\x04")],
    ["is compressed with gzip twice", bytesOf("\x1f\x8b\x08\0")],
    ["is a tar archive", tar],
    ["is UTF-32 text", bytesOf("\xff\xfe\0\0a\0\0\0")],
    ["seems to be UTF-16 without a byte order mark", Buffer.from("name,größe\n1,2\n", "utf16le")],
    ["seems to be UTF-16 without a byte order mark", Buffer.from("name,größe\n1,2\n", "utf16le").swap16()],
    ["is a binary file, not text", Buffer.alloc(500)],
    ["is a binary file, not text", seededBytes(1024)],
  ])("%s", async (what, bytes) => {
    expect(await faultOf(() => refuseBinary(bytes, "s3://b/k"))).toMatch(
      new RegExp(`^data-refused: s3://b/k ${what} \\| .`),
    );
  });
});

test("random bytes are no text, whichever they are", async () => {
  for (let seed = 1; seed < 300; seed += 1) {
    const fault = await faultOf(() => refuseBinary(seededBytes(1024, seed * 7919), "s3://b/k"));
    expect(fault, String(seed)).toMatch(/^data-refused: s3:\/\/b\/k is /);
  }
});

describe("text is let through", () => {
  test.each([
    ["that begins like a kind of file", bytesOf("PAR1,PAR2\n1,2\n")],
    ["that begins like another", bytesOf("ORC,BZh\r\n\t1,2\r\n")],
    [
      "that is delimited by a control character",
      bytesOf("name\x01amount\n".concat("anna berta\x01123.45\n".repeat(50))),
    ],
    ["with a stray NUL", bytesOf(`a,b\n${"1,2\n".repeat(50)}\0,2\n`)],
    ["of legacy encodings", bytesOf(`a,\xe4\xf6\xfc\xdf\x80\n\x1a`)],
    ["of UTF-16 with its mark", Buffer.from("\ufeffa,b\n1,2\n", "utf16le")],
    ["that is empty", Buffer.alloc(0)],
    ["of one byte", bytesOf("a")],
  ])("%s", (_what, bytes) => {
    refuseBinary(bytes, "s3://b/k");
  });
});
