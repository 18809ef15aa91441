import { processChunk } from "../../../../workers/batch_processor/processChunk.ts";
import { endingOf } from "../../../../workers/program/endingOf.ts";
import { readSettings } from "../../../../workers/settings/readSettings.ts";
import { createStore } from "../../../../workers/store/openStore.ts";
import type { LogLine } from "./world.ts";

export interface Processed {
  readonly exitCode: number;
  /** How it ended badly; "" where it did not. */
  readonly message: string;
  readonly hint: string;
  readonly log: readonly LogLine[];
}

/** Does in this process what the program would: the settings, the store, the flow and the exit code are its own. */
export async function runProcessor(argv: readonly string[]): Promise<Processed> {
  const { signal } = new AbortController();
  const storeSettings = { region: "", bucket: undefined };
  const store = createStore(storeSettings);
  const lines: LogLine[] = [];
  const write =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, event, fields });
    };
  const quiet = () => {};
  try {
    const reading = readSettings("batch_processor", argv, {});
    if ("text" in reading) throw new Error("help was asked for");
    await processChunk({
      settings: reading.settings,
      store,
      storeSettings,
      log: { info: write("info"), warn: write("warn"), error: write("error") },
      metrics: { emit: quiet },
      progress: { update: quiet, end: quiet },
      signal,
      batchJobId: undefined,
      attempt: 1,
      stdout: process.stdout,
    });
    return { exitCode: 0, message: "", hint: "", log: lines };
  } catch (error) {
    const { exitCode, message, hint = "", stack } = endingOf(error, signal);
    return { exitCode, message: stack ?? message, hint, log: lines };
  } finally {
    store.destroy();
  }
}
