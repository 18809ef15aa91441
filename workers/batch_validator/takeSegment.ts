/** The next segment that nobody has taken, for threads that share the counter; undefined when there is none. */
export function takeSegment(nextSegment: Int32Array, count: number): number | undefined {
  const index = Atomics.add(nextSegment, 0, 1);
  return index < count ? index : undefined;
}
