/** Divides a target into parts, and does the work for at most `limit` of them at a time. The first failure ends the others. */
export async function inParts(
  target: Uint8Array,
  {
    partBytes,
    limit,
    signal,
  }: { readonly partBytes: number; readonly limit: number; readonly signal?: AbortSignal | undefined },
  work: (offset: number, part: Uint8Array, signal: AbortSignal | undefined) => Promise<void>,
): Promise<void> {
  if (target.length <= partBytes) return work(0, target, signal);
  signal?.throwIfAborted();
  const group = new AbortController();
  const giveUp = () => group.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  let next = 0;

  async function lane(): Promise<void> {
    while (next < target.length && !group.signal.aborted) {
      const offset = next;
      next += partBytes;
      try {
        await work(offset, target.subarray(offset, offset + partBytes), group.signal);
      } catch (error) {
        group.abort(error);
        throw error;
      }
    }
  }

  try {
    const lanes = Array.from({ length: Math.min(limit, Math.ceil(target.length / partBytes)) }, lane);
    // All of them are waited for, so that nothing writes into the target any more when this returns.
    await Promise.allSettled(lanes);
    // The first failure: what it ended in the other lanes fails with the same reason.
    if (group.signal.aborted) throw group.signal.reason;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}
