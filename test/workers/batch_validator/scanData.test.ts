import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePieces } from "../records/parse.ts";
import { scanText } from "./scanText.ts";

const part = fc.constantFrom(
  ",",
  ",",
  '"',
  '""',
  "\n",
  "\r\n",
  "a",
  "é",
  "12",
  '","',
  '"\n',
  "x".repeat(30),
  "\n1,2\n",
);
const csvish = fc.array(part, { maxLength: 80 }).map((parts) => `a,b\n${parts.join("")}`);
const schema = {
  type: "object",
  properties: { a: { type: "integer", "x-unique": true }, b: { type: "string", maxLength: 2 } },
  required: ["a"],
};

describe("a file that is scanned in segments", () => {
  test("has the same errors and rows, however many samples are wanted of them", async () => {
    // Errors that nobody wants to see are settled by the scanner; those that it is not sure of are not.
    const properties = {
      a: { type: "integer", maximum: 20 },
      b: { type: "string", maxLength: 2 },
      c: { type: "number" },
    };
    const required = ["a", "c"];
    const records = fc.array(
      fc.oneof(part, fc.constantFrom("1,2,3\n", "99,x,1\n", ",x,1.5.2\n", "1,xyz,1e999\n", "1,2\n")),
      {
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.constantFrom(0, 1, 3),
        fc.integer({ min: 20, max: 200 }),
        fc.constantFrom(undefined, 0, 2, 5),
        async (parts, maxSamples, segmentBytes, maxRejects) => {
          const text = `a,b,c\n${parts.join("")}`;
          const options = { schema: { type: "object", properties, required }, segmentBytes, maxRejects };
          const { samples, ...found } = await scanText(text, { ...options, maxSamples: 1000 });
          expect(await scanText(text, { ...options, maxSamples })).toEqual({
            ...found,
            samples: samples.slice(0, maxSamples),
          });
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("gives the same as one that is scanned in one piece, wherever the segments end", async () => {
    await fc.assert(
      fc.asyncProperty(
        csvish,
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(4, 20, 1000),
        fc.integer({ min: 1, max: 5 }),
        async (text, segmentBytes, maxRecordBytes, chunkSize) => {
          const whole = await scanText(text, { schema, maxRecordBytes, chunkSize, segmentBytes: 1_000_000 });
          expect(await scanText(text, { schema, maxRecordBytes, chunkSize, segmentBytes })).toEqual(whole);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("has chunks that hold exactly their records, and everything between the header and the end", async () => {
    await fc.assert(
      fc.asyncProperty(
        csvish,
        fc.integer({ min: 10, max: 90 }),
        fc.integer({ min: 1, max: 5 }),
        async (text, segmentBytes, chunkSize) => {
          const bytes = Buffer.from(text);
          const { chunks, records, rejected } = await scanText(text, { schema, chunkSize, segmentBytes });
          let byte = 4;
          let index = 0;
          for (const chunk of chunks) {
            expect([chunk.startByte, chunk.startIndex]).toEqual([byte, index]);
            const own = bytes.subarray(chunk.startByte, chunk.endByte);
            expect(chunk.crc32).toBe(crc32(own).toString(16).padStart(8, "0"));
            expect(chunk.startLine).toBe(1 + bytes.subarray(0, byte).filter((value) => value === 10).length);
            const parsed = parsePieces([own], { maxRecordBytes: 1000 }).filter(
              ({ byteLength, malformed }) => malformed || byteLength > 0,
            );
            expect(parsed).toHaveLength(chunk.chunkSize);
            expect(chunk.rejected).toBe(rejected.filter((at) => at >= chunk.startIndex && at < chunk.endIndex).length);
            byte = chunk.endByte;
            index = chunk.endIndex;
          }
          expect(index).toBe(records);
          if (records > 0) expect(byte).toBe(bytes.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("may have text inside of quotes that looks like records, at every place where a segment could begin", async () => {
    const fake = "7,x\n8,y\n".repeat(20);
    const text = `a,b\n1,"${fake}"\n2,"${fake}"\n3,z\n`;
    const whole = await scanText(text, { segmentBytes: 1_000_000 });
    expect(whole.records).toBe(3);
    for (let segmentBytes = 1; segmentBytes < 120; segmentBytes += 1) {
      expect(await scanText(text, { segmentBytes })).toEqual(whole);
    }
  });
});

describe("what is rejected", () => {
  test("stands in rejects.csv as it was, with its place and every reason", async () => {
    const { rejects, rejected, byRule } = await scanText('a,b\n1,"x"\nx,"to""o"\n\n,ok\n4,b"c\n5\n1,z\n', { schema });
    expect(rejected).toEqual([1, 2, 3, 4, 5]);
    expect(rejects.split("\n")).toEqual([
      '"record","line","byte","errors","a","b"',
      '2,3,10,"a type; b maxLength",x,"to""o"',
      '3,5,21,"a required",,ok',
      '4,6,25,"stray-quote","4,b""c"',
      '5,7,31,"field-count",5',
      '6,8,33,"a unique",1,z',
      "",
    ]);
    expect(byRule.map(({ column, rule, count }) => [column, rule, count])).toEqual([
      [null, "field-count", 1],
      [null, "stray-quote", 1],
      ["a", "required", 1],
      ["a", "type", 1],
      ["a", "unique", 1],
      ["b", "maxLength", 1],
    ]);
  });

  test("stands in rejects.csv in its order, however many are rejected and however long they are", async () => {
    const records = Array.from({ length: 3000 }, (_, index) => {
      if (index % 1000 === 500) return { raw: `x,"${"long ".repeat(60_000)}"`, why: "a type; b maxLength" };
      if (index % 1000 === 700) return { raw: `1,b"${'"c'.repeat(100_000)}`, why: "stray-quote" };
      return index % 3 === 0 ? { raw: `x,${index % 10}`, why: "a type" } : { raw: "1", why: "field-count" };
    });
    const text = `a,b\n${records.map(({ raw }) => `${raw}\n`).join("")}`;
    let byte = 4;
    const rows = records.map(({ raw, why }, index) => {
      const row = `${index + 1},${index + 2},${byte},"${why}",`;
      byte += raw.length + 1;
      return row + (why === "stray-quote" ? `"${raw.replaceAll('"', '""')}"` : raw);
    });
    const plain = { ...schema, properties: { ...schema.properties, a: { type: "integer" } } };
    const { rejects } = await scanText(text, { schema: plain, maxRecordBytes: 400_000, segmentBytes: 500_000 });
    expect(rejects === `${['"record","line","byte","errors","a","b"', ...rows].join("\n")}\n`).toBe(true);
  });

  test("is shown in samples with what was found, cut where it is long", async () => {
    const { samples } = await scanText(`a,b\n1,"é""${"y".repeat(300)}"\n`, { schema });
    expect(samples).toEqual([
      {
        record: 1,
        line: 2,
        byte: 4,
        field: 2,
        column: "b",
        rule: "maxLength",
        expected: "at most 2 characters",
        found: `é"${"y".repeat(198)}…`,
      },
    ]);
  });

  test("is not shown where the column is sensitive", async () => {
    const sensitive = { type: "object", properties: { b: { type: "integer", "x-sensitive": true } } };
    const { samples } = await scanText("a,b\n1,secret\n1\n", { schema: sensitive });
    expect(samples.map(({ rule, found }) => [rule, found])).toEqual([
      ["type", null],
      ["field-count", null],
    ]);
  });

  test("includes invalid UTF-8, in columns without any rule as well", async () => {
    const bytes = Buffer.concat([Buffer.from("a,b\n1,é\n2,"), Buffer.from([0xc3, 0x28]), Buffer.from("\n3,ok\n")]);
    const { rejected, byRule } = await scanText(bytes);
    expect(rejected).toEqual([1]);
    expect(byRule).toEqual([{ column: "b", rule: "encoding", expected: "valid UTF-8", count: 1 }]);
  });

  test("may be more than the rows that are kept", async () => {
    const { rejects, rejected } = await scanText("a,b\nx,1\ny,2\nz,3\n", { schema, maxRejects: 2 });
    expect(rejected).toEqual([0, 1, 2]);
    expect(rejects.trim().split("\n")).toHaveLength(3);
  });

  test("may break a rule about several columns", async () => {
    const rules = {
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "string" } },
      if: { properties: { a: { const: 1 } }, required: ["a"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ["b"] },
    };
    for (const segmentBytes of [7, 1000]) {
      const { rejected, records } = await scanText("a,b\n1,x\n1,\n2,\nx,\n1,\n", { schema: rules, segmentBytes });
      expect([records, rejected]).toEqual([5, [1, 3, 4]]);
    }
  });
});
