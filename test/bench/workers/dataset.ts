import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ByteWriter } from "./dataset/byteWriter.ts";
import type { DataColumn } from "./dataset/dataColumn.ts";
import { type DuckdbQuery, duckdbQuery } from "./dataset/duckdbQuery.ts";
import { Random } from "./dataset/random.ts";
import { type Shape, type ShapeName, shapes } from "./dataset/shapes.ts";

/** Below the git-ignored cache. */
export const benchFolder = resolve(import.meta.dirname, "../../..", ".cache", "bench");

/** A generated file, and what is known of it. Kept as JSON beside it. */
export interface Dataset {
  readonly shape: ShapeName;
  readonly title: string;
  readonly scale: number;
  readonly seed: number;
  readonly path: string;
  readonly schemaPath: string;
  /** The header left out. */
  readonly records: number;
  /** Records with a field that breaks a rule. */
  readonly bad: number;
  /** The bad records by column and JSON Schema keyword: "amount multipleOf". */
  readonly badByRule: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly columns: readonly string[];
  readonly duckdb: DuckdbQuery;
  /** Of the code that made it. */
  readonly fingerprint: string;
}

/**
 * The data set of a shape, made when it is not there or the code that makes it has changed. The same shape and scale give
 * the same bytes on every machine.
 */
export function dataset(name: ShapeName, scale = 1, folder = benchFolder): Dataset {
  const base = join(folder, `${name}-x${scale}`);
  const known = readKnown(`${base}.json`, base);
  if (known !== undefined) return known;
  mkdirSync(folder, { recursive: true });
  const shape = shapes[name];
  const schemaPath = `${base}.schema.json`;
  writeFileSync(schemaPath, `${JSON.stringify(jsonSchema(shape.columns), null, 2)}\n`);
  // A run that is ended half way must not leave a short file behind.
  const counts = writeRecords(shape, Math.max(1, Math.round(shape.records * scale)), `${base}.part`);
  renameSync(`${base}.part`, `${base}.csv`);
  const made: Dataset = {
    shape: name,
    title: shape.title,
    scale,
    seed: shape.seed,
    path: `${base}.csv`,
    schemaPath,
    ...counts,
    columns: shape.columns.map((column) => column.name),
    duckdb: duckdbQuery(shape.columns),
    fingerprint: fingerprint(),
  };
  writeFileSync(`${base}.json`, `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

function readKnown(path: string, base: string): Dataset | undefined {
  if (!existsSync(path) || !existsSync(`${base}.csv`)) return undefined;
  const known = JSON.parse(readFileSync(path, "utf8")) as Dataset;
  // The folder may have been moved with its repository.
  return known.fingerprint === fingerprint() && known.path === `${base}.csv` ? known : undefined;
}

function fingerprint(): string {
  const folder = join(import.meta.dirname, "dataset");
  const sources = [import.meta.filename, ...readdirSync(folder).map((name) => join(folder, name))].sort();
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(source));
  return hash.digest("hex");
}

function jsonSchema(columns: readonly DataColumn[]): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(columns.map(({ name, schema }) => [name, schema])),
    required: columns.filter(({ required }) => required).map(({ name }) => name),
  };
}

type Counts = Pick<Dataset, "records" | "bad" | "badByRule" | "bytes">;

function writeRecords(shape: Shape, records: number, path: string): Counts {
  const random = new Random(shape.seed);
  const out = new ByteWriter(path);
  const breakable = shape.columns.filter((column) => column.bad.length > 0);
  const badByRule: Record<string, number> = {};
  let bad = 0;
  out.ascii(`${shape.columns.map((column) => column.name).join(",")}\n`);
  for (let index = 0; index < records; index += 1) {
    const broken = random.chance(shape.badShare) ? random.pick(breakable) : undefined;
    const rule = writeRecord(shape, broken, out, random);
    if (broken === undefined) continue;
    bad += 1;
    const key = `${broken.name} ${rule}`;
    badByRule[key] = (badByRule[key] ?? 0) + 1;
  }
  out.close();
  return { records, bad, badByRule, bytes: out.bytes };
}

/** Comes back with the rule that the broken field breaks. */
function writeRecord(
  { columns, allQuoted }: Shape,
  broken: DataColumn | undefined,
  out: ByteWriter,
  random: Random,
): string | undefined {
  let rule: string | undefined;
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as DataColumn;
    if (index > 0) out.byte(44);
    const bad = column === broken ? random.pick(column.bad) : undefined;
    const quoted = allQuoted || (bad === undefined && column.quotedShare > 0 && random.chance(column.quotedShare));
    if (quoted) out.byte(34);
    if (bad !== undefined) {
      bad.write(out, random);
      rule = bad.rule;
    } else if (column.emptyShare === 0 || !random.chance(column.emptyShare)) column.write(out, random, quoted);
    if (quoted) out.byte(34);
  }
  out.byte(10);
  out.endRecord();
  return rule;
}
