import type { Log } from "../../../workers/model/log.ts";

export interface LoggedEvent {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export function recordingLog(): Log & { readonly events: readonly LoggedEvent[] } {
  const events: LoggedEvent[] = [];
  const note = (event: string, fields?: Readonly<Record<string, unknown>>) => {
    events.push({ event, fields });
  };
  return { events, info: note, warn: note, error: note };
}
