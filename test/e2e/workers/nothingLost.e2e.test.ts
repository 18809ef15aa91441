import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStore } from "../../../workers/store/openStore.ts";
import { type Line, type ValidatedFile, validatedFile } from "../../workers/batch_processor/parts/validatedFile.ts";
import { isDoneIn } from "../../workers/batch_processor/parts/world.ts";

// The real program, in real processes that really die, between real files.

const records = 200_000;
const folder = mkdtempSync(join(tmpdir(), "nothing-lost-"));
const manifest = join(folder, "manifest.json");
let file: ValidatedFile;
let good: ReadonlySet<number>;
let bytesWhenDone = 0;

beforeAll(async () => {
  const lines = Array.from({ length: records }, (_, id): Line => {
    if (id % 97 === 5) return { text: `${id},one,two\n`, kind: "rejected" };
    const text = `text ${id} `.repeat(10);
    return { text: id % 13 === 4 ? `${id},"quoted\r\n${text}"\r\n` : `${id},${text}\n`, kind: "good" };
  });
  const columns = [
    { name: "id", type: "integer" },
    { name: "text", type: "string" },
  ] as const;
  file = validatedFile(lines, { columns, chunkSize: records });
  good = new Set(file.good);
  const data = join(folder, "orders.csv");
  writeFileSync(data, file.data);
  writeFileSync(join(folder, "rejected.bin"), file.rejected);
  writeFileSync(join(folder, "chunks.json"), JSON.stringify(file.chunks));
  const store = createStore({ region: "" });
  const reader = await store.open(pathToFileURL(data).href);
  writeFileSync(manifest, JSON.stringify(file.manifest(reader.version)));
  await reader.close();
  store.destroy();
  const whole = new Destination("whole");
  expect(await whole.run()).toBe(0);
  bytesWhenDone = statSync(whole.path).size;
  expect(whole.arrived()).toEqual({ ids: file.good, torn: 0 });
  expect(await whole.run()).toBe(0);
  expect(statSync(whole.path).size).toBe(bytesWhenDone);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file that records go to, and runs of the program that send them there. */
class Destination {
  readonly path: string;

  constructor(name: string) {
    this.path = join(folder, `${name}.jsonl`);
  }

  /** Starts the program, lets `meanwhile` happen to it, and gives its exit code or the signal that ended it. */
  async run(meanwhile: (child: ChildProcess) => Promise<void> = async () => {}): Promise<number | string> {
    const chunk = ["--chunk-id", "chunk-000000", "--start-index", "0", "--end-index", String(records)];
    const place = ["--manifest", manifest, "--destination", "file", "--destination-file", this.path];
    const program = ["--import", "tsx", "workers/batch_processor/main.ts"];
    const child = spawn(process.execPath, [...program, ...chunk, ...place, "--checkpoint-seconds", "1"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
    const end = new Promise<number | string>((settle, fail) => {
      child.once("error", fail);
      child.once("close", (code, signal) => settle(code ?? signal ?? "nothing"));
    });
    await meanwhile(child);
    const how = await end;
    if (typeof how === "number" && how !== 0 && how !== 75) throw new Error(`exit code ${how}\n${printed}`);
    return how;
  }

  size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Ids in the order of arrival, from a place in the file on, and how many lines were cut off by a kill. */
  arrived(from = 0): { ids: number[]; torn: number } {
    const ids: number[] = [];
    let torn = 0;
    for (const line of readFileSync(this.path).subarray(from).toString().split("\n")) {
      const id = /^\{"id":(\d+),.*\}$/.exec(line)?.[1];
      if (id !== undefined) ids.push(Number(id));
      else if (line !== "") torn += 1;
    }
    return { ids, torn };
  }

  checkpoint(): Record<string, unknown> | undefined {
    const checkpoints = join(folder, "checkpoints");
    mkdirSync(checkpoints, { recursive: true });
    return readdirSync(checkpoints)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(join(checkpoints, name), "utf8")))
      .find(({ destination }) => destination === pathToFileURL(this.path).href);
  }

  /** Resolves when that part of all records is in the file, or the program has ended. */
  async has(part: number, child: ChildProcess): Promise<void> {
    while (this.size() < part * bytesWhenDone && isAlive(child)) await sleep(1);
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("killed twenty times at random moments, no record is missing, and none is sent again that a checkpoint had", async () => {
  const random = numbersFrom(20261124);
  let kills = 0;
  let resumed = 0;
  for (let round = 0; kills < 20; round++) {
    const destination = new Destination(`killed-${round}`);
    let torn = 0;
    for (let run = 1, how: number | string = "SIGKILL"; how !== 0; run++) {
      const before = destination.checkpoint();
      const size = destination.size();
      const until = size / bytesWhenDone + random() * 0.5;
      how = await destination.run(async (child) => {
        if (run > 3) return;
        await destination.has(until, child);
        if (run === 1) await outliveCheckpoint(destination, child);
        child.kill("SIGKILL");
      });
      if (how === "SIGKILL") kills += 1;
      if (before === undefined || size === destination.size()) continue;
      if ((before.nextIndex as number) > 0) resumed += 1;
      const here = destination.arrived(size);
      expect(here.ids.filter((id) => isDoneIn(before, id))).toEqual([]);
      torn += here.torn;
    }
    expect(new Set(destination.arrived().ids)).toEqual(good);
    expect(torn).toBeLessThanOrEqual(3);
    expect(destination.checkpoint()).toMatchObject({ done: true });
  }
  // Else the kills would have hit nothing but beginnings.
  expect(resumed).toBeGreaterThan(0);
});

/** Holds the program in the middle of its work until a checkpoint is due, and lets it write that before it dies. */
async function outliveCheckpoint(destination: Destination, child: ChildProcess): Promise<void> {
  child.kill("SIGSTOP");
  await sleep(1100);
  child.kill("SIGCONT");
  while (isAlive(child) && ((destination.checkpoint()?.nextIndex ?? 0) as number) === 0) await sleep(1);
}

test("told to stop at random moments, every record is sent exactly once", async () => {
  const random = numbersFrom(411);
  let stops = 0;
  for (let round = 0; stops < 12; round++) {
    const destination = new Destination(`stopped-${round}`);
    for (let how: number | string = 75; how !== 0; ) {
      const until = destination.size() / bytesWhenDone + random() * 0.4;
      how = await destination.run(async (child) => {
        await destination.has(until, child);
        child.kill("SIGTERM");
      });
      if (how === 75) stops += 1;
    }
    const { ids, torn } = destination.arrived();
    expect(ids.length).toBe(good.size);
    expect(new Set(ids)).toEqual(good);
    expect(torn).toBe(0);
  }
});
