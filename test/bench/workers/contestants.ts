import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Duckdb } from "../../e2e/parts/duckdb.ts";
import type { Dataset } from "./dataset.ts";
import { startResident } from "./measure/resident.ts";
import { type Command, runTimed, type Timed } from "./measure/runTimed.ts";
import { residentCommand, validatorCommand } from "./ours.ts";
import { readCounts } from "./peers/readCounts.ts";
import type { Counted, CountReply, CountRequest, DuckdbWay } from "./peers/request.ts";

const peers = join(import.meta.dirname, "peers");

/** A program that counts bad records, ready to be asked in a process that stays. */
export interface WarmContestant {
  /** Seconds of one pass over the file. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

export function warmOurs(data: Dataset, threads: number, scratch: string, maxRejects?: number): WarmContestant {
  const outFolder = freshFolder(scratch, `ours-${threads}-${maxRejects ?? "all"}`);
  return warm(residentCommand, data, { ...request(data, threads, outFolder), maxRejects });
}

export function warmPapaparse(data: Dataset): WarmContestant {
  return warm(papaparseCommand, data, request(data, 1, ""));
}

export function warmDuckdb({ python }: Duckdb, data: Dataset, threads: number, way: DuckdbWay): WarmContestant {
  return warm(duckdbCommand(python), data, { ...request(data, threads, ""), way });
}

/** Which of its two ways is the faster one on this file. */
export async function fasterDuckdbWay(duckdb: Duckdb, data: Dataset): Promise<DuckdbWay> {
  const seconds: Record<DuckdbWay, number> = { typed: 0, text: 0 };
  for (const way of ["typed", "text"] as const) {
    const contestant = warmDuckdb(duckdb, data, 1, way);
    try {
      await contestant.run();
      seconds[way] = await contestant.run();
    } finally {
      await contestant.stop();
    }
  }
  return seconds.typed <= seconds.text ? "typed" : "text";
}

/** A whole process that reads the file once. */
export async function coldOurs(data: Dataset, threads: number, scratch: string): Promise<Timed> {
  const outFolder = freshFolder(scratch, `cold-${threads}`);
  const timed = await runTimed(validatorCommand(data.path, data.schemaPath, outFolder, threads));
  check("our validator", data, readCounts(outFolder));
  return timed;
}

export async function coldDuckdb(duckdb: Duckdb, data: Dataset, threads: number, way: DuckdbWay): Promise<Timed> {
  const stdin = `${JSON.stringify({ ...request(data, threads, ""), way })}\n`;
  const timed = await runTimed({ ...duckdbCommand(duckdb.python), stdin });
  check("DuckDB", data, JSON.parse(timed.stdout) as CountReply);
  return timed;
}

function warm(command: Command, data: Dataset, asked: CountRequest): WarmContestant {
  const resident = startResident<CountRequest, CountReply>(command);
  return {
    run: async () => {
      const reply = await resident.ask(asked);
      check(`${command.program} ${command.args.join(" ")}`, data, reply);
      return reply.seconds;
    },
    stop: () => resident.stop(),
  };
}

/** A program that finds something else than what was put there is not measured. */
function check(who: string, { records, bad, path }: Dataset, found: Counted): void {
  if (found.records === records && found.bad === bad) return;
  const expected = `${records} records and ${bad} bad ones`;
  throw new Error(`${who} found ${found.records} records and ${found.bad} bad ones in ${path}; expected ${expected}`);
}

function request({ path, schemaPath, duckdb }: Dataset, threads: number, outFolder: string): CountRequest {
  return { ...duckdb, path, schemaPath, threads, outFolder, way: "typed" };
}

function duckdbCommand(python: string): Command {
  return { program: python, args: ["-B", join(peers, "countWithDuckdb.py")] };
}

/** Sources are TypeScript, which Node 20 does not read by itself. What is measured begins after they are loaded. */
const papaparseCommand: Command = {
  program: process.execPath,
  args: ["--import", "tsx", join(peers, "resident.ts")],
};

function freshFolder(scratch: string, name: string): string {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
