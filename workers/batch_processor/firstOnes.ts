import type { Log } from "../model/log.ts";

/**
 * Logs the first occurrences of an event that may concern every record of a chunk and would fill the log, and then that
 * there may be more.
 */
export function firstOnes(log: Log, event: string): (fields: Readonly<Record<string, unknown>>) => void {
  let occurred = 0;
  return (fields) => {
    occurred += 1;
    if (occurred <= maxLogged) log.warn(event, fields);
    if (occurred === maxLogged) log.warn(`further-${event}-not-logged`, { logged: maxLogged });
  };
}

const maxLogged = 100;
