import type { OpenedSink } from "../model/recordSink.ts";
import { file } from "./file.ts";
import { kafka } from "./kafka/kafka.ts";
import type { NamedFile, SettingReader, SinkKind, SinkOpening } from "./sinkKind.ts";
import { sqsCore } from "./sqs/sqsCore.ts";
import { stdout } from "./stdout.ts";

/** The destinations, by the values of RECORD_DESTINATION. */
export const sinks = {
  kafka,
  sqs_core: sqsCore,
  file,
  stdout,
} as const satisfies Readonly<Record<string, SinkKind<object>>>;

type Kind = keyof typeof sinks;
type SettingsOf<Sink> = Sink extends SinkKind<infer Settings> ? Settings : never;

/** Where the records of a run are sent, with the settings of the destination. */
export type Destination = { readonly [kind in Kind]: { readonly kind: kind } & SettingsOf<(typeof sinks)[kind]> }[Kind];

/** The destination of checked settings. */
export function readDestination(get: SettingReader): Destination {
  const kind = get<Kind>("RECORD_DESTINATION");
  return { kind, ...sinks[kind].readSettings(get) } as Destination;
}

/** What a run needs to know about its destination. */
export interface OpenableDestination {
  readonly name: string;
  readonly keepsCheckpoint: boolean;
  readonly writesTo: NamedFile | undefined;
  open(opening: SinkOpening): Promise<OpenedSink>;
}

export function sinkOf(destination: Destination): OpenableDestination {
  // The row of a kind accepts the settings of that kind, which a table of different types cannot express.
  const row = sinks[destination.kind] as SinkKind<Destination>;
  return {
    name: row.nameOf(destination),
    keepsCheckpoint: row.keepsCheckpoint,
    writesTo: row.writesTo?.(destination),
    open: (opening) => row.open(destination, opening),
  };
}
