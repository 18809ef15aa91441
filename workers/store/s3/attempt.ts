/** One attempt at something that may hang: it ends when its work does, when it stalls, or when the caller gives up. */
export interface Attempt {
  /** Aborted when the attempt ends before its time, so that whatever it has open is closed. */
  readonly signal: AbortSignal;
  /** Starts the time without progress anew. */
  progressed(): void;
  /** What the promise gives, unless the attempt ends before: work that ignores its signal is not waited for. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /** With everything read to its end, its connection is left for the next; else it is cut. */
  end(isComplete: boolean): void;
}

export function startAttempt(noProgressMs: number, outer: AbortSignal | undefined): Attempt {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const giveUp = () => controller.abort(outer?.reason);
  const stalled = () => controller.abort(new Error(`nothing came for ${noProgressMs} ms`));
  const timer = setTimeout(stalled, noProgressMs);
  outer?.addEventListener("abort", giveUp, { once: true });

  const { promise: ended, reject } = withRejection();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });

  return {
    signal,
    progressed: () => void timer.refresh(),
    within: (work) => Promise.race([work, ended]),
    end(isComplete) {
      clearTimeout(timer);
      outer?.removeEventListener("abort", giveUp);
      if (!isComplete) controller.abort(new Error("this attempt is over"));
    },
  };
}

function withRejection(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_settle, fail) => {
    reject = fail;
  });
  // Every attempt ends in a rejection, mostly when nobody waits any more.
  promise.catch(() => {});
  return { promise, reject };
}
