import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { zipOf } from "../../../workers/build/zipOf.ts";

const text = (words: string) => new TextEncoder().encode(words);
const files: readonly (readonly [string, Uint8Array])[] = [
  ["sbom.cdx.json", text("{}")],
  ["index.mjs", text("export const handler = () => 'done';\n".repeat(1000))],
  ["LICENSE", text("free")],
];

test("a zip file gives back the files that it was made of, smaller", () => {
  const zip = zipOf(new Map(files));
  expect(new Map(Object.entries(unzipSync(zip)))).toEqual(new Map(files));
  expect(zip.byteLength).toBeLessThan(2000);
});

test("the same files give the same bytes, in whichever order they come and wherever the clock stands", () => {
  const zone = process.env.TZ;
  try {
    process.env.TZ = "Pacific/Kiritimati";
    const there = zipOf(new Map(files));
    process.env.TZ = "America/New_York";
    expect(zipOf(new Map([...files].reverse()))).toEqual(there);
  } finally {
    // Setting undefined would make it the text "undefined".
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("every file can be read by all, since a function runs as a user of its own", () => {
  const zip = Buffer.from(zipOf(new Map(files)));
  const entries = [...indexesOf(zip, Buffer.from("PK\x01\x02", "latin1"))];
  expect(entries).toHaveLength(files.length);
  for (const start of entries) expect(zip.readUInt32LE(start + 38) >>> 16).toBe(0o100644);
});

function* indexesOf(bytes: Buffer, mark: Buffer): Iterable<number> {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) yield at;
}
