import { open } from "node:fs/promises";

/**
 * Makes a file, or the names in a folder, survive a power cut. Does nothing where the system cannot do that for a file that
 * is open only for reading (Windows, some network shares).
 */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => {});
  await handle.close();
}
