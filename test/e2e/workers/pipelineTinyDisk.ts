import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath } from "../parts/findProgram.ts";
import type { Part } from "../parts/part.ts";
import { run } from "../parts/run.ts";

export interface TinyDisks {
  /** Gives a folder with room for one MiB to `work`, and takes it away again. */
  with<Result>(work: (folder: string) => Promise<Result>): Promise<Result>;
}

/** File systems in memory. Only the administrator of a machine may mount one, and not in every container. */
export async function tinyDisks(): Promise<Part<TinyDisks>> {
  const [mount, umount] = [findOnPath("mount"), findOnPath("umount")];
  if (mount === undefined || umount === undefined) return { absent: "no mount and umount on PATH" };
  const disks: TinyDisks = {
    async with(work) {
      const folder = mkdtempSync(join(tmpdir(), "tiny-disk-"));
      try {
        await run(mount, ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
        try {
          return await work(folder);
        } finally {
          await run(umount, [folder]);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
  try {
    await disks.with(async () => {});
    return disks;
  } catch (error) {
    return { absent: `mount -t tmpfs is refused (${(error as Error).message})` };
  }
}
