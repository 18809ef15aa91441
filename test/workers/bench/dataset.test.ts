import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ByteWriter } from "../../bench/workers/dataset/byteWriter.ts";
import type { BadValue } from "../../bench/workers/dataset/dataColumn.ts";
import { Random } from "../../bench/workers/dataset/random.ts";
import { recordColumns } from "../../bench/workers/dataset/recordColumns.ts";
import { type ShapeName, shapeNames } from "../../bench/workers/dataset/shapes.ts";
import { shortColumns } from "../../bench/workers/dataset/shortColumns.ts";
import { type Dataset, dataset } from "../../bench/workers/dataset.ts";
import { countWithPapaparse } from "../../bench/workers/peers/countWithPapaparse.ts";
import { recordErrors } from "../../bench/workers/peers/recordValidator.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dataset-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Some hundred records of each shape; the large one is the first one over again, only longer. */
const scales: readonly (readonly [ShapeName, number])[] = shapeNames
  .filter((name) => name !== "random-text-large")
  .map((name) => [name, name === "short-300" ? 0.002 : 0.001]);

test("a shape has the same bytes each time it is made", () => {
  const [one, other] = ["one", "other"].map((name) => dataset("bad-30", 0.001, join(folder, name)));
  expect(bytesOf(one).equals(bytesOf(other))).toBe(true);
  expect(one?.badByRule).toEqual(other?.badByRule);
});

test("a shape has the bytes that it had when the figures of the README were measured", () => {
  const { bytes, bad, badByRule } = dataset("bad-30", 0.001, folder);
  expect({ bytes, bad, kinds: Object.keys(badByRule).length }).toMatchInlineSnapshot(`
    {
      "bad": 861,
      "bytes": 340335,
      "kinds": 28,
    }
  `);
});

test("a file that is there already is not made again, but one that other code made is", () => {
  const made = dataset("random-text", 0.0001, folder);
  const before = bytesOf(made);
  writeFileSync(made.path, "kept");
  expect(readFileSync(dataset("random-text", 0.0001, folder).path, "utf8")).toBe("kept");
  writeFileSync(made.path.replace(/csv$/, "json"), JSON.stringify({ ...made, fingerprint: "of other code" }));
  expect(bytesOf(dataset("random-text", 0.0001, folder)).equals(before)).toBe(true);
});

describe.each(scales)("of the shape %s", (name, scale) => {
  test("papaparse and ajv find as many records, and as many bad ones, as were put there", async () => {
    const data = dataset(name, scale, folder);
    const { records, bad } = data;
    expect(await countWithPapaparse(data)).toEqual({ records, bad });
  });

  test("every bad record has one bad field, of the column and the rule that were chosen", () => {
    const data = dataset(name, scale, folder);
    expect(foundByRule(data)).toEqual(sorted(data.badByRule));
  });
});

describe.each([...recordColumns, ...shortColumns(4)].filter(({ bad }) => bad.length > 0))(
  "of the column $name",
  (column) => {
    test.each(column.bad.map((bad, index) => ({ ...bad, index })))(
      "a value that breaks $rule ($index) always does",
      (bad) => {
        const { name, schema } = column;
        const schemaPath = join(folder, "column.schema.json");
        writeFileSync(schemaPath, JSON.stringify({ type: "object", properties: { [name]: schema }, required: [name] }));
        const errorsOf = recordErrors(schemaPath);
        // One in a thousand may be right by accident, as 0x12 was for an integer.
        const right = valuesOf(bad, 8000).filter(
          (value) => errorsOf({ [name]: value }).join() !== `${name} ${bad.rule}`,
        );
        expect(right).toEqual([]);
      },
    );
  },
);

test("good records have commas, doubled quotes and line ends in quotes, characters of several bytes, and fields left empty", () => {
  const text = bytesOf(dataset("random-text", 0.001, folder)).toString("utf8");
  expect(text).toMatch(/"[^"\n]*,[^"\n]*"/);
  expect(text).toMatch(/[a-z ]""[a-z ]/);
  expect(text).toMatch(/,"[^"\n,]+\n[^"\n]*"\n/);
  expect(text).toMatch(/[é€日]/);
  expect(text).toMatch(/,\n/);
});

test("a share of bad records that is declared is the share there is", () => {
  const { records, bad } = dataset("bad-30", 0.01, folder);
  expect(Math.abs(bad / records - 0.3)).toBeLessThan(0.02);
});

function valuesOf(bad: BadValue, count: number): readonly string[] {
  const path = join(folder, "values");
  const out = new ByteWriter(path);
  const random = new Random(11);
  for (let index = 0; index < count; index += 1) {
    bad.write(out, random);
    out.ascii("\n");
    out.endRecord();
  }
  out.close();
  return readFileSync(path, "utf8").split("\n").slice(0, count);
}

function bytesOf(data: Dataset | undefined): Buffer {
  return readFileSync(data?.path ?? "");
}

/** As `badByRule`, from what ajv has to say about each record. */
function foundByRule({ path, schemaPath }: Dataset): Readonly<Record<string, number>> {
  const errorsOf = recordErrors(schemaPath);
  const { data } = Papa.parse<Record<string, string>>(readFileSync(path, "utf8"), {
    header: true,
    delimiter: ",",
    newline: "\n",
    skipEmptyLines: true,
  });
  const counts: Record<string, number> = {};
  for (const row of data) {
    const errors = errorsOf(row);
    if (errors.length === 0) continue;
    const found = errors.join(" and ");
    counts[found] = (counts[found] ?? 0) + 1;
  }
  return sorted(counts);
}

function sorted(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).sort());
}
