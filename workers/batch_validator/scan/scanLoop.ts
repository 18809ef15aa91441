import type { SegmentResult } from "./segment.ts";

/**
 * Scans segments until none is left. Several of these loops run concurrently in a thread, each with its own scanner:
 * while one waits for its bytes or for its result to be merged, another one scans.
 */
export async function scanLoop(
  take: () => number | undefined,
  scan: (index: number) => Promise<SegmentResult>,
  deliver: (result: SegmentResult) => Promise<void>,
): Promise<void> {
  for (let index = take(); index !== undefined; index = take()) await deliver(await scan(index));
}

/** Claims the next segment, for threads that share the counter; undefined when there is none. */
export function takeSegment(nextSegment: Int32Array, count: number): number | undefined {
  const index = Atomics.add(nextSegment, 0, 1);
  return index < count ? index : undefined;
}
