import { type DestinationStream, pino } from "pino";
import type { Log } from "../model/log.ts";

export interface LogOptions {
  /** Minimum level of the events to write. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** Part of every line: worker, job, attempt, chunk. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Writes whole lines. */
  readonly stream: DestinationStream;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A log with one JSON object per line: level, time, `about`, the fields of the event, and its name as `event`. */
export function createLog({ level, about, stream, now = Date.now }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: about,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return {
    info: (event, fields) => logger.info(lineOf(event, fields)),
    warn: (event, fields) => logger.warn(lineOf(event, fields)),
    error: (event, fields) => logger.error(lineOf(event, fields)),
  };
}

// pino has already written these; a second one of the same name would make the line ambiguous.
const taken = new Set(["level", "time", "event"]);

function lineOf(event: string, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const own = Object.entries(fields).map(([name, value]) => [taken.has(name) ? `${name}_` : name, plain(value)]);
  return { event, ...Object.fromEntries(own) };
}

/** JSON would turn an error into an empty object. */
function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return {
    name: value.name,
    message: value.message,
    stack: value.stack,
    ...(value.cause !== undefined && { cause: plain(value.cause) }),
  };
}
