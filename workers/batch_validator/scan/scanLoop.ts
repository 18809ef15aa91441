import type { SegmentResult } from "./segment.ts";

/**
 * Takes segments and scans them until none is left. Several of these loops run at once in a thread, each with a scanner of its
 * own: while one waits for its bytes or for its result to be merged, the next one scans.
 */
export async function scanLoop(
  take: () => number | undefined,
  scan: (index: number) => Promise<SegmentResult>,
  deliver: (result: SegmentResult) => Promise<void>,
): Promise<void> {
  for (let index = take(); index !== undefined; index = take()) await deliver(await scan(index));
}
