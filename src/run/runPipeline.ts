import { access, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Fault } from "../model/problem.ts";
import type { Definitions } from "./definitions.ts";
import { fileVersion } from "./folder/fileVersion.ts";
import { withObjectPaths } from "./folder/objectPath.ts";
import { type Identity, RunFolder, type RunProcesses } from "./folder/runFolder.ts";
import { jobDescription } from "./jobs/jobDescription.ts";
import { createJobRunner } from "./jobs/jobRunner.ts";
import type { Job, JobPlan } from "./jobs/planJobs.ts";
import type { AttemptResult } from "./jobs/runAttempts.ts";
import { startProcess } from "./jobs/startProcess.ts";
import { Stop, Stopped } from "./jobs/stop.ts";
import type { Machine } from "./machine.ts";
import { executionInput, type RunSettings } from "./settings.ts";
import type { RunWatcher } from "./show/runWatcher.ts";
import { Tally } from "./show/tally.ts";
import { execute } from "./states/execute.ts";
import { StatesError } from "./states/statesError.ts";
import { createSurroundings } from "./surroundings.ts";

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
  /** Error and cause of the state machine, if it failed. */
  readonly failure: { readonly error: string; readonly cause: string } | undefined;
  readonly isStopped: boolean;
  readonly wasValidated: boolean;
  readonly seconds: number;
}

/** Runs the state machine with workers on this machine. Failures of the data, a worker or the state machine are in the result. */
export async function runPipeline(parts: PipelineParts): Promise<PipelineEnd> {
  const { settings, machine, processes, watcher } = parts;
  await checkWorkers(machine);
  // Before the folder is created, so that a mistyped name leaves nothing behind.
  await fileVersion(settings.input, "--input");
  const folder = await RunFolder.open(settings.output, settings.input, processes);
  const stop = new Stop();
  const pipeline = new Pipeline(parts, folder, stop);
  const unlisten = machine.onSignal((signal) => {
    if (!stop.isStopped) watcher.stopping(pipeline.running);
    stop.receive(signal);
  });
  try {
    return await pipeline.run();
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
  readonly #running = new Set<Job>();
  /** Jobs by the errors of their tasks. */
  readonly #failures = new WeakMap<StatesError, { readonly job: Job; readonly result: AttemptResult }>();
  #wasValidated = false;

  constructor(parts: PipelineParts, folder: RunFolder, stop: Stop) {
    const { definitions, settings, machine, watcher, drawsProgress } = parts;
    this.#parts = parts;
    this.#folder = folder;
    this.#stop = stop;
    this.#plan = { definitions, settings, recordsOf: (chunkId) => folder.recordsOf(chunkId) };
    const runJob = createJobRunner({
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
      onRetry: (job, attempt, result) => {
        const max = (job.definition?.attempts ?? 1) - 1;
        if (!stop.isStopped) watcher.failed(job, result, { number: attempt, max });
      },
      onEnd: (job, result, error) => {
        this.#tally.takeEnd(job, result);
        if (job.route === undefined) return;
        if (error === undefined) watcher.chunkDone(job, this.#tally);
        else this.#failures.set(error, { job, result });
      },
    });
    this.#runJob = async (job, parameters) => {
      this.#running.add(job);
      try {
        return await runJob(job, parameters);
      } finally {
        this.#running.delete(job);
      }
    };
  }

  /** Running jobs. */
  get running(): readonly Job[] {
    return [...this.#running];
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
      onFailure: (error, again) => {
        const failure = this.#failures.get(error);
        if (failure === undefined) return;
        // A Map and a Parallel fail with the error of a state in them.
        this.#failures.delete(error);
        watcher.failed(failure.job, failure.result, again);
      },
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
    await this.#folder.beginValidation(identity);
    watcher.validating(settings.input);
    const result = await this.#runJob(job, parameters);
    await this.#folder.noteValidated(identity);
    watcher.validated(this.#tally, false);
    return result;
  }

  async #deliver(job: Job, parameters: unknown): Promise<unknown> {
    if (this.#parts.settings.destination !== "file") return this.#runJob(job, parameters);
    const lost = await this.#folder.forgetLostRecords(job.id);
    if (lost !== undefined) this.#parts.watcher.lost(job.id, lost);
    const result = await this.#runJob(job, parameters);
    await this.#folder.noteDelivered(job.id);
    return result;
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

/**
 * How many chunks are delivered at once: as many as the state machine allows (0: any number), but at most one per processor
 * of this machine. With stdout one after another, to keep the records in order.
 */
export function concurrencyOf(allowed: number, processors: number, destination: string): number {
  if (destination === "stdout") return 1;
  return Math.max(1, allowed > 0 ? Math.min(allowed, processors) : processors);
}

async function checkWorkers({ workersFolder }: Machine): Promise<void> {
  const needed = ["batch_validator/batch_validator.js", "batch_processor/batch_processor.js", "lambda/index.mjs"];
  for (const name of needed) {
    const path = join(workersFolder, name);
    await access(path).catch(() => {
      throw new Fault(`the workers are not built: ${path} does not exist`, {
        hint: 'in a clone of the repository run "npm run build:workers"; an installed package contains them',
      });
    });
  }
}
