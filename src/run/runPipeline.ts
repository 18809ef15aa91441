import { access, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Fault } from "../model/problem.ts";
import { concurrencyOf } from "./concurrencyOf.ts";
import type { Definitions } from "./definitions.ts";
import { executionInput } from "./executionInput.ts";
import { fileVersion } from "./fileVersion.ts";
import { jobDescription } from "./jobDescription.ts";
import { createJobRunner } from "./jobRunner.ts";
import type { Machine } from "./machine.ts";
import { withObjectPaths } from "./objectPath.ts";
import type { Job, JobPlan } from "./planJobs.ts";
import { type Identity, RunFolder, type RunProcesses } from "./runFolder.ts";
import type { RunWatcher } from "./runWatcher.ts";
import type { RunSettings } from "./settings.ts";
import { startProcess } from "./startProcess.ts";
import { execute } from "./states/execute.ts";
import { StatesError } from "./states/statesError.ts";
import { Stop, Stopped } from "./stop.ts";
import { createSurroundings } from "./surroundings.ts";
import { Tally } from "./tally.ts";

export interface PipelineParts {
  readonly definitions: Definitions;
  readonly settings: RunSettings;
  readonly machine: Machine;
  readonly processes: RunProcesses;
  readonly watcher: RunWatcher;
  /** The validator may draw its progress on the terminal. */
  readonly drawsProgress: boolean;
}

export interface PipelineEnd {
  readonly tally: Tally;
  /** The state machine's own words, where it failed. */
  readonly failure: { readonly error: string; readonly cause: string } | undefined;
  readonly isStopped: boolean;
  readonly wasValidated: boolean;
  readonly seconds: number;
}

/** Runs the state machine with workers of this machine. What the data, a worker or the state machine ends it with is in the result. */
export async function runPipeline(parts: PipelineParts): Promise<PipelineEnd> {
  const { settings, machine, processes } = parts;
  await checkWorkers(machine);
  // Before the folder is made: a name that is mistyped leaves nothing behind.
  await fileVersion(settings.input, "--input");
  const folder = await RunFolder.open(settings.output, settings.input, processes);
  const stop = new Stop();
  const unlisten = machine.onSignal((signal) => stop.receive(signal));
  try {
    return await new Pipeline(parts, folder, stop).run();
  } finally {
    unlisten();
    await folder.close();
  }
}

class Pipeline {
  readonly #parts: PipelineParts;
  readonly #folder: RunFolder;
  readonly #stop: Stop;
  readonly #plan: JobPlan;
  readonly #tally = new Tally();
  readonly #runJob: (job: Job, parameters: unknown) => Promise<unknown>;
  #wasValidated = false;

  constructor(parts: PipelineParts, folder: RunFolder, stop: Stop) {
    const { definitions, settings, machine, watcher, drawsProgress } = parts;
    this.#parts = parts;
    this.#folder = folder;
    this.#stop = stop;
    this.#plan = { definitions, settings, recordsOf: (chunkId) => folder.recordsOf(chunkId) };
    this.#runJob = createJobRunner({
      machine,
      startProcess,
      stop,
      logOf: (id) => folder.logOf(id),
      toStdout: settings.destination === "stdout",
      drawsProgress,
      onProcess: (pid, isRunning) => folder.noteWorker(pid, isRunning),
      onEvent: (job, event) => {
        this.#tally.takeEvent(job, event);
        if (job.route !== undefined) watcher.progressed(this.#tally);
      },
      onEnd: (job, result) => {
        this.#tally.takeEnd(job, result);
        if (job.route !== undefined) watcher.chunkEnded(job, result, this.#tally);
      },
    });
  }

  async run(): Promise<PipelineEnd> {
    const began = performance.now();
    const { definitions, settings, watcher } = this.#parts;
    const surroundings = createSurroundings({
      plan: this.#plan,
      runJob: (job, parameters) =>
        job.route === undefined ? this.#validate(job, parameters) : this.#deliver(job, parameters),
      onItems: (items) => {
        this.#tally.takeChunks(items);
        watcher.delivering(this.#tally);
      },
      readText: (path) => readFile(path, "utf8"),
      concurrency: (allowed) => concurrencyOf(allowed, availableParallelism(), settings.destination),
      stop: this.#stop,
    });
    const end = (more: Pick<PipelineEnd, "failure" | "isStopped">): PipelineEnd => ({
      tally: this.#tally,
      wasValidated: this.#wasValidated,
      seconds: (performance.now() - began) / 1000,
      ...more,
    });
    try {
      await execute(definitions.stateMachine, executionInput(settings), "run", surroundings);
      return end({ failure: undefined, isStopped: false });
    } catch (error) {
      if (error instanceof Stopped) return end({ failure: undefined, isStopped: true });
      if (!(error instanceof StatesError)) throw error;
      return end({
        failure: { error: error.error, cause: withObjectPaths(error.reason, settings.output) },
        isStopped: false,
      });
    } finally {
      watcher.ended();
    }
  }

  async #validate(job: Job, parameters: unknown): Promise<unknown> {
    const { settings, watcher } = this.#parts;
    const identity = await this.#identityOf(job);
    this.#wasValidated = !settings.revalidate && (await this.#folder.hasValidated(identity));
    if (this.#wasValidated) {
      this.#tally.takeManifest(JSON.parse(await readFile(join(settings.output, "manifest.json"), "utf8")));
      watcher.validated(this.#tally, true);
      return jobDescription(job, parameters, []);
    }
    watcher.validating(settings.input);
    const result = await this.#runJob(job, parameters);
    await this.#folder.noteValidated(identity);
    watcher.validated(this.#tally, false);
    return result;
  }

  async #deliver(job: Job, parameters: unknown): Promise<unknown> {
    if (this.#parts.settings.destination === "file") await this.#folder.forgetLostRecords(job.id);
    return this.#runJob(job, parameters);
  }

  async #identityOf({ start, environment }: Job): Promise<Identity> {
    const { input, schema } = this.#parts.settings;
    return {
      input,
      inputVersion: await fileVersion(input, "--input"),
      schema: schema ?? "",
      schemaVersion: schema === undefined ? "" : await fileVersion(schema, "--schema"),
      command: start.kind === "program" ? start.args : [],
      environment,
    };
  }
}

async function checkWorkers({ workersFolder }: Machine): Promise<void> {
  const needed = ["batch_validator/batch_validator.js", "batch_processor/batch_processor.js", "lambda/index.mjs"];
  for (const name of needed) {
    const path = join(workersFolder, name);
    await access(path).catch(() => {
      throw new Fault(`the workers are not built: there is no ${path}`, {
        hint: 'in a clone of the repository "npm run build:workers" builds them; an installed package has them',
      });
    });
  }
}
