import type { Processes } from "../../src/write/holder.ts";

/** The processes of this machine, as `cli.ts` hands them in, so that a killed run is noticed where there is no /proc. */
export const processes: Processes = {
  pid: process.pid,
  isRunning: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};
