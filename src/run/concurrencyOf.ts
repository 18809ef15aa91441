/**
 * How many chunks are delivered at once: as many as the state machine allows (0: any number) and this machine has
 * processors for. Records on stdout are to come in their order, so one after another.
 */
export function concurrencyOf(allowed: number, processors: number, destination: string): number {
  if (destination === "stdout") return 1;
  return Math.max(1, allowed > 0 ? Math.min(allowed, processors) : processors);
}
