import type { Writable } from "node:stream";
import type { Log } from "../model/log.ts";
import type { DeliveryContext, OpenedSink } from "../model/recordSink.ts";

/** Everything that the workers need to know about a kind of destination: a row of the table in index.ts. */
export interface SinkKind<Settings> {
  /** Reads its settings from those that were checked against the contract. */
  readSettings(get: SettingReader): Settings;
  /** Names the destination and its checkpoint: identical for every attempt, and without secrets. */
  nameOf(settings: Settings): string;
  /** Whether what was delivered stays delivered, so that the next attempt may leave it out. */
  readonly keepsCheckpoint: boolean;
  /** Whether a function can deliver to it: local output of an instance is lost with the instance. */
  readonly worksInFunction: boolean;
  /** The file that it writes, which the work must not read, and the flag that specified it. */
  writesTo?(settings: Settings): NamedFile;
  /** Creates the sink, not yet connected. Loads only the client that it needs. */
  open(settings: Settings, opening: SinkOpening): Promise<OpenedSink>;
}

export interface NamedFile {
  readonly flag: string;
  readonly uri: string;
}

/** The value of a setting by its variable. The type that the caller expects must be that of the contract. */
export type SettingReader = <Expected>(variable: string) => Expected;

export interface SinkOpening {
  readonly context: DeliveryContext;
  readonly log: Log;
  /** Where records are written when the destination is stdout. */
  readonly stdout: Writable;
  /** Connections that outlive a run; without them every run has its own. */
  readonly connections?: Connections | undefined;
}

/** Values by name, created on first use. */
export interface Connections {
  get<Connection>(name: string, make: () => Connection, close: (connection: Connection) => unknown): Connection;
}
