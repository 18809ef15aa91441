import { open } from "node:fs/promises";

/**
 * Makes a file, or the names in a folder, survive a power cut; where a system cannot do that for what is open for reading
 * only (Windows, some network shares), it does nothing.
 */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => {});
  await handle.close();
}
