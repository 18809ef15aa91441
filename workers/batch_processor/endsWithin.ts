import { endOfSleep } from "./duties.ts";

/** Waits for something for a bounded time. Whether it has come. */
export async function endsWithin(event: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const over = new AbortController();
  const hasCome = await Promise.race([event.then(() => true), endOfSleep(milliseconds, over.signal).then(() => false)]);
  over.abort();
  return hasCome;
}
