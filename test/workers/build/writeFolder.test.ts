import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { type FolderFile, writeFolder, zipOf } from "../../../workers/build/writeFolder.ts";
import { emptyFolder } from "./sources.ts";

test("a folder holds what it is given and nothing that was there before", async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "below"));
  writeFileSync(join(folder, "below", "chunk-OLD.js"), "old");
  writeFileSync(join(folder, "same.js"), "same");
  await writeFolder(
    folder,
    new Map([
      ["same.js", { contents: Buffer.from("same") }],
      ["program", { contents: Buffer.from("#!"), isExecutable: true }],
    ]),
  );
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["below", "program", "same.js"]);
  expect(statSync(join(folder, "program")).mode & 0o777).toBe(0o755);
  expect(statSync(join(folder, "same.js")).mode & 0o777).toBe(0o644);
});

const text = (words: string) => ({ contents: new TextEncoder().encode(words) });
const files: readonly (readonly [string, FolderFile])[] = [
  ["sbom.cdx.json", text("{}")],
  ["index.mjs", text("export const handler = () => 'done';\n".repeat(1000))],
  ["LICENSE", text("free")],
];

test("a zip file gives back the files that it was made of, smaller", () => {
  const zip = zipOf(new Map(files));
  const unzipped = Object.entries(unzipSync(zip)).map(([path, contents]) => [path, { contents }] as const);
  expect(new Map(unzipped)).toEqual(new Map(files));
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
