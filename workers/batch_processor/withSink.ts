import { endsWithin } from "../../src/shared/retry.ts";
import type { DeliveryContext, OpenedSink } from "../model/recordSink.ts";
import type { ProcessorSettings } from "../settings/settings.ts";
import type { Attempt } from "./attempt.ts";

/** Opens and connects the destination's sink for the work, and always closes it. */
export async function withSink<Result>(
  settings: ProcessorSettings,
  context: DeliveryContext,
  { openSink, log, signal }: Pick<Attempt, "openSink" | "log" | "signal">,
  work: (opened: OpenedSink) => Promise<Result>,
): Promise<Result> {
  const opened = await openSink(settings, context, log);
  try {
    await unlessStopped(opened.sink.connect(), signal);
    return await work(opened);
  } finally {
    // Everything that counts is already acknowledged. A connection that does not close cleanly must not fail or hang
    // the work.
    const closing = opened.sink.close().catch((error: unknown) => {
      log.warn("destination-not-closed", { reason: String(error) });
    });
    if (!(await endsWithin(closing, maxCloseMs))) log.warn("destination-not-closed", { afterMs: maxCloseMs });
  }
}

/** An unavailable destination is retried for longer than a worker has after being asked to stop. */
async function unlessStopped(connecting: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stop = new Promise<void>((settle) => {
    signal.addEventListener("abort", () => settle(), { signal: over.signal });
  });
  try {
    if (!signal.aborted) await Promise.race([connecting, stop]);
    signal.throwIfAborted();
  } finally {
    over.abort();
    // It is no longer awaited, so its failure must not count as unhandled.
    connecting.catch(() => {});
  }
}

const maxCloseMs = 5000;
