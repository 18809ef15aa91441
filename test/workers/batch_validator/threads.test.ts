import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { bundleProgram } from "../../../workers/build/bundleProgram.ts";
import { removeTemporaryFolders, resultsIn, temporaryFolder } from "./validateFile.ts";

afterAll(removeTemporaryFolders);

const schema = (isUnique: boolean) => ({
  type: "object",
  properties: {
    id: { type: "integer", "x-unique": isUnique },
    amount: { type: "number", minimum: 0 },
    note: { type: "string", maxLength: 60 },
  },
  required: ["id", "amount"],
});

test.each([
  {
    what: "with values that have to be unique, whose rows the main thread writes",
    isUnique: true,
    options: [],
    rules: ["minimum", "stray-quote", "unique"],
  },
  {
    what: "where each thread writes the rows of what it scans",
    isUnique: false,
    options: [],
    rules: ["minimum", "stray-quote"],
  },
  {
    what: "also of rows that are limited, so that some of a segment are left out",
    isUnique: false,
    options: ["--max-rejects", "15000"],
    rules: ["minimum", "stray-quote"],
  },
])("any number of threads writes the same bytes, $what", async ({ isUnique, options, rules }) => {
  const folder = temporaryFolder();
  const input = join(folder, "in.csv");
  const { bytes, records, bad } = dataset(isUnique);
  writeFileSync(input, bytes);
  writeFileSync(join(folder, "schema.json"), JSON.stringify(schema(isUnique)));

  const program = await bundle(join(folder, "program"));
  const runs = [];
  for (const threads of [1, 2, 4]) {
    const output = join(folder, `out${threads}`);
    const given = ["--input", input, "--output", output, "--schema", join(folder, "schema.json")];
    const limits = ["--max-invalid", "20%", "--chunk-size", "30000", "--threads", String(threads), ...options];
    const argv = [...given, ...limits];
    const { stdout } = await promisify(execFile)(process.execPath, [program, String(threads - 1), ...argv]);
    expect(JSON.parse(stdout)).toEqual({ exitCode: 0, message: "", hint: "", delivered: threads - 1 });
    runs.push(digestsIn(output));
  }
  const [one, two, four] = runs;
  const names = ["chunks.json", "manifest.json", "rejected.bin", "rejects.csv", "report.html", "report.json"];
  expect(Object.keys(one ?? {})).toEqual(names);
  expect(two).toEqual(one);
  expect(four).toEqual(one);

  const { report, chunks } = resultsIn(join(folder, "out1"));
  expect(report?.counts).toMatchObject({ records, rejected: bad });
  expect(report?.byRule.map(({ rule }) => rule).sort()).toEqual(rules);
  expect(chunks?.length).toBe(Math.ceil(records / 30_000));
});

/** As it is deployed: whether a thread can read TypeScript depends on the version of Node. */
async function bundle(folder: string): Promise<string> {
  const entryPoints = {
    "sharedWork.js": "../test/workers/batch_validator/sharedWork.ts",
    "thread.js": "batch_validator/thread.ts",
  };
  const program = { name: "shared_work", description: "", entryPoints, shape: "parts" } as const;
  const places = { workingFolder: process.cwd(), sourceFolder: join(process.cwd(), "workers") };
  const { files } = await bundleProgram(program, places);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  for (const [path, contents] of files) writeFileSync(join(folder, path), contents);
  return join(folder, "sharedWork.js");
}

/** About 30 MB: several segments. A tenth is bad: values that are there twice far apart, negative amounts, stray quotes. */
function dataset(isUnique: boolean) {
  const records = 420_000;
  const lines = ["id,amount,note\n"];
  let bad = 0;
  for (let index = 0; index < records; index += 1) {
    const isBad = index % 10 === 9;
    const kind = Math.floor(index / 10) % 3;
    if (isBad && (isUnique || kind !== 0)) bad += 1;
    const id = isBad && kind === 0 ? ((index * 7) % 100 === 3 ? index - 3 : (index % 1000) - 9) : index;
    const amount = isBad && kind === 1 ? `-${index}.5` : `${index}.25`;
    const note =
      isBad && kind === 2
        ? 'a "stray" quote'
        : index % 3 === 0
          ? `"1,2,""x""\n${index},3,looks like a record\nand goes on"`
          : "plain text, of a record that is as long as others are".replace(",", " ");
    lines.push(`${id},${amount},${note}\n`);
  }
  return { bytes: lines.join(""), records, bad };
}

function digestsIn(folder: string): Record<string, string> {
  const digest = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, digest(name)]),
  );
}
