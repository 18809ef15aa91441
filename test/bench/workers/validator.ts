import { type Duckdb, duckdb } from "../../e2e/parts/duckdb.ts";
import { isAbsent } from "../../e2e/parts/part.ts";
import {
  coldDuckdb,
  coldOurs,
  fasterDuckdbWay,
  type WarmContestant,
  warmDuckdb,
  warmOurs,
  warmPapaparse,
} from "./contestants.ts";
import type { ShapeName } from "./dataset/shapes.ts";
import { type Dataset, dataset } from "./dataset.ts";
import { type Figures, figures, ratios } from "./measure/figures.ts";
import { inRounds } from "./measure/inRounds.ts";
import { intoPageCache } from "./measure/intoPageCache.ts";
import type { Timed } from "./measure/runTimed.ts";
import { megabytes, number, shown, table, times } from "./measure/table.ts";
import type { Options } from "./options.ts";
import { bundleResident, reasonWithoutProgram } from "./ours.ts";

export interface ValidatorFigures {
  readonly markdown: string;
  /** Of whole processes on two threads; undefined when they were not measured. */
  readonly recordsPerSecond: number | undefined;
}

/** Our validator beside DuckDB and papaparse with ajv, in the same rounds, on the same files. */
export async function measureValidator(options: Options, scratch: string): Promise<ValidatorFigures> {
  const part = await duckdb();
  await bundleResident();
  const reasons = {
    program: reasonWithoutProgram("validator"),
    duckdb: isAbsent(part) ? part.absent : undefined,
  };
  const bench: Bench = {
    options,
    scratch,
    duckdb: isAbsent(part) ? undefined : part,
    hasProgram: reasons.program === undefined,
  };
  const cold: ColdRow[] = [];
  for (const name of ["random-text", ...(options.large ? ["random-text-large" as const] : [])] as const)
    cold.push(await measureCold(bench, name));
  const markdown = [
    ...Object.values(reasons).flatMap((reason) => (reason === undefined ? [] : [`Not measured: ${reason}.\n`])),
    await warmTable(bench),
    coldTable(cold),
    await millionTable(bench),
  ].join("\n");
  return { markdown, recordsPerSecond: cold[0]?.recordsPerSecond };
}

interface Bench {
  readonly options: Options;
  readonly scratch: string;
  readonly duckdb: Duckdb | undefined;
  readonly hasProgram: boolean;
}

const threadCounts = [1, 2] as const;
/** A round of the large file takes half a minute, of which the start is a hundredth. */
const mostLargeRounds = 3;
/** Papaparse gets a tenth of each file: it takes as long for that as the others for the whole. */
const sliceOf = 0.1;

async function warmTable(bench: Bench): Promise<string> {
  const rows: string[][] = [];
  for (const shape of bench.options.shapes) rows.push(...(await warmRows(bench, shape)));
  const head = ["file", "ours, 1 thread", "2 threads", "records/s, 1 / 2", "DuckDB, 1 thread", "2 threads"];
  const compared = ["ours to DuckDB, 1 / 2", "papaparse + ajv", "ours to it, 1 / 2"];
  return `Warm (a process that has read the file before), MB/s: median (least–most).\n\n${table([...head, ...compared], rows)}
DuckDB counts bad records with the same rules in SQL, in the faster one of two ways for each file; it reports no positions and computes no checksums of chunks, both of which are in our figures. Papaparse with ajv reads a tenth of the file. Of bad records ours also writes \`rejects.csv\`, each record with what is wrong with it, to the disk; "counted only" (\`--max-rejects 0\`) is what the others do.
`;
}

/** One for each way in which ours takes bad records, beside the same runs of the others. */
async function warmRows({ options, scratch, duckdb }: Bench, shape: ShapeName): Promise<string[][]> {
  const data = dataset(shape, options.scale);
  const slice = dataset(shape, options.scale * sliceOf);
  for (const { path } of [data, slice]) intoPageCache(path);
  const way = duckdb === undefined ? "typed" : await fasterDuckdbWay(duckdb, data);
  const ways = data.bad > 0 ? ([written, counted] as const) : ([written] as const);
  const contestants: Record<string, WarmContestant> = {};
  for (const threads of threadCounts) {
    for (const { name, maxRejects } of ways)
      contestants[`${name} ${threads}`] = warmOurs(data, threads, scratch, maxRejects);
    if (duckdb !== undefined) contestants[`DuckDB ${threads}`] = warmDuckdb(duckdb, data, threads, way);
  }
  contestants.papaparse = warmPapaparse(slice);
  try {
    const runs = Object.entries(contestants).map(([name, { run }]) => [name, run] as const);
    const seconds = await inRounds(Object.fromEntries(runs), options.rounds, 1);
    const speed = (name: string, { bytes }: Dataset = data) => seconds[name]?.map((value) => bytes / 1e6 / value) ?? [];
    const papaparse = speed("papaparse", slice);
    const both = (text: (threads: number) => string) => threadCounts.map(text).join(" / ");
    return ways.map(({ name, title }) => {
      const records = (threads: number) => {
        const { median } = figures((seconds[`${name} ${threads}`] ?? []).map((value) => data.records / value));
        return Number.isNaN(median) ? "–" : number(median);
      };
      return [
        `${data.title}${title}, ${megabytes(data.bytes)}`,
        ...threadCounts.map((threads) => shown(figures(speed(`${name} ${threads}`)))),
        both(records),
        ...threadCounts.map((threads) => shown(figures(speed(`DuckDB ${threads}`)))),
        both((threads) => times(ratios(speed(`${name} ${threads}`), speed(`DuckDB ${threads}`)))),
        shown(figures(papaparse)),
        both((threads) => times(ratios(speed(`${name} ${threads}`), papaparse))),
      ];
    });
  } finally {
    await Promise.all(Object.values(contestants).map((contestant) => contestant.stop()));
  }
}

const written = { name: "ours", title: "", maxRejects: undefined } as const;
const counted = { name: "ours counting", title: ", counted only", maxRejects: 0 } as const;

interface ColdRow {
  readonly cells: readonly (readonly string[])[];
  readonly recordsPerSecond: number | undefined;
}

async function measureCold(bench: Bench, shape: ShapeName): Promise<ColdRow> {
  const { data, runs } = await coldRuns(bench, shape);
  const seconds = (name: string) => runs[name]?.map((run) => run.seconds) ?? [];
  const cells = Object.entries(runs).map(([name, timed]) => {
    const median = figures(seconds(name)).median;
    const threads = name.at(-1);
    const peer = name.startsWith("ours") ? times(ratios(seconds(`DuckDB ${threads}`), seconds(name))) : "";
    return [
      `${data.title}, ${megabytes(data.bytes)}`,
      `${name} ${threads === "1" ? "thread" : "threads"}`.replace(" ", ", "),
      `${shown(figures(seconds(name)), 2)} s`,
      number(data.bytes / 1e6 / median),
      number(data.records / median),
      peer,
      megabytes(figures(timed.map(({ peakBytes }) => peakBytes ?? Number.NaN)).maximum || undefined),
    ];
  });
  const ours = seconds("ours 2");
  return { cells, recordsPerSecond: ours.length === 0 ? undefined : data.records / figures(ours).median };
}

function coldTable(rows: readonly ColdRow[]): string {
  const head = ["file", "program", "whole process", "MB/s", "records/s", "DuckDB's time to ours", "peak memory"];
  const cells = rows.flatMap((row) => row.cells);
  return `Cold (a whole process, start included, as a container runs it).\n\n${table(head, cells)}`;
}

/** What bad records cost: the same number of good ones beside them. */
async function millionTable(bench: Bench): Promise<string> {
  const good = await coldRuns(bench, "million-good");
  const bad = await coldRuns(bench, "million-bad");
  const rows = Object.keys(good.runs).map((name) => {
    const seconds = (timed: readonly Timed[] | undefined): Figures => figures((timed ?? []).map((run) => run.seconds));
    const [whenGood, whenBad] = [seconds(good.runs[name]), seconds(bad.runs[name])];
    const times = `${number(whenBad.median / whenGood.median, 1)} ×`;
    return [name.replace(" ", ", "), `${shown(whenGood, 2)} s`, `${shown(whenBad, 2)} s`, times];
  });
  const head = [
    "program, threads",
    `${number(good.data.records)} good records`,
    `${number(bad.data.records)} bad ones`,
  ];
  return `Whole processes, on records of which each one is bad.\n\n${table([...head, "bad to good"], rows)}`;
}

async function coldRuns({ options, scratch, duckdb, hasProgram }: Bench, shape: ShapeName) {
  const data = dataset(shape, options.scale);
  intoPageCache(data.path);
  const isLarge = shape === "random-text-large";
  // Of the same records, so that the same way is the faster one; to find out again takes a minute.
  const tried = isLarge ? dataset("random-text", options.scale) : data;
  const way = duckdb === undefined ? "typed" : await fasterDuckdbWay(duckdb, tried);
  const contestants: Record<string, () => Promise<Timed>> = {};
  for (const threads of threadCounts) {
    if (hasProgram) contestants[`ours ${threads}`] = () => coldOurs(data, threads, scratch);
    if (duckdb !== undefined) contestants[`DuckDB ${threads}`] = () => coldDuckdb(duckdb, data, threads, way);
  }
  const rounds = isLarge ? Math.min(options.rounds, mostLargeRounds) : options.rounds;
  return { data, runs: await inRounds(contestants, rounds, isLarge ? 0 : 1) };
}
