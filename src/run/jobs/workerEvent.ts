import { isObject } from "../../model/json.ts";
import { accessHints, isAccessFaultId } from "../../shared/accessHints.ts";

/** A line of a worker's log. */
export type WorkerEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** Undefined for a line that is not an event, such as output of Node itself or a progress line. */
export function readWorkerEvent(line: string): WorkerEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && typeof value.event === "string" ? (value as WorkerEvent) : undefined;
  } catch {
    return undefined;
  }
}

export function numberIn(event: WorkerEvent | undefined, name: string): number {
  const value = event?.[name];
  return typeof value === "number" ? value : 0;
}

export function textIn(event: WorkerEvent | undefined, name: string): string | undefined {
  const value = event?.[name];
  return typeof value === "string" ? value : undefined;
}

/** What to do about a failure: the worker's hint, or its local counterpart if it is about the job role. */
export function hintIn(event: WorkerEvent | undefined): string | undefined {
  const id = textIn(event, "id");
  return isAccessFaultId(id) ? accessHints[id].local : textIn(event, "hint");
}
