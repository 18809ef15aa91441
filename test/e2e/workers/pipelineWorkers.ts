import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { bundleWorkers } from "../../../workers/build/bundleWorkers.ts";

export type LogLine = Readonly<Record<string, unknown>> & { readonly event?: string };

/** How a run of a program ended. */
export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly how: number | string;
  readonly log: readonly LogLine[];
  /** The last lines of all that it printed. */
  readonly printed: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line of the log that has one of these events; with undefined when the program has ended without. */
  logged(...events: string[]): Promise<LogLine | undefined>;
}

/** The programs as they are deployed: bundled, each in a folder of its own. */
export class Workers {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async bundle(folder: string): Promise<Workers> {
    await bundleWorkers({ targetFolder: folder });
    return new Workers(folder);
  }

  pathOf(program: "batch_validator" | "batch_processor" | "lambda"): string {
    return join(this.#folder, program, program === "lambda" ? "index.mjs" : `${program}.js`);
  }

  /** `environment` is all that the program has, and PATH. */
  start(
    program: "batch_validator" | "batch_processor",
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Running {
    const startedAt = Date.now();
    const child = spawn(process.execPath, [this.pathOf(program), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, ...environment },
    });
    const log = new LogReader();
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        log.read(text);
      });
    }
    const ended = new Promise<Ended>((settle, fail) => {
      child.once("error", fail);
      child.once("close", (code, signal) => {
        log.end();
        settle({
          how: code ?? signal ?? "nothing",
          log: log.lines,
          printed: printed.split("\n").slice(-40).join("\n"),
        });
      });
    });
    return { child, startedAt, ended, logged: (...events) => log.wait(events) };
  }

  run(...given: Parameters<Workers["start"]>): Promise<Ended> {
    return this.start(...given).ended;
  }
}

export function isAlive({ child }: Running): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Lines of JSON, as they come in. */
class LogReader {
  readonly lines: LogLine[] = [];
  #rest = "";
  #hasEnded = false;
  #waiting: (() => void)[] = [];

  read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) this.lines.push(JSON.parse(line));
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async wait(events: readonly string[]): Promise<LogLine | undefined> {
    for (;;) {
      const found = this.lines.find(({ event }) => event !== undefined && events.includes(event));
      if (found !== undefined || this.#hasEnded) return found;
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
