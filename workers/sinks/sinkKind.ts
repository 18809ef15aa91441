import type { Writable } from "node:stream";
import type { Log } from "../model/log.ts";
import type { DeliveryContext, OpenedSink } from "../model/recordSink.ts";

/** Everything that the rest of the workers has to know about a kind of destination: a row of the table in index.ts. */
export interface SinkKind<Settings> {
  /** Reads what it needs from settings that were checked against the contract. */
  readSettings(get: SettingReader): Settings;
  /** Names the destination, and with it the checkpoint: the same words for every attempt, and nothing secret. */
  nameOf(settings: Settings): string;
  /** Whether what was delivered stays delivered, so that the next attempt may leave it out. */
  readonly keepsCheckpoint: boolean;
  /** Whether a function can deliver to it: what an instance has for itself is gone with it. */
  readonly worksInFunction: boolean;
  /** The file that it writes, which the work must not read, and the flag that named it. */
  writesTo?(settings: Settings): NamedFile;
  /** Makes the sink, not yet connected. Loads the client that it needs, and no other. */
  open(settings: Settings, opening: SinkOpening): Promise<OpenedSink>;
}

export interface NamedFile {
  readonly flag: string;
  readonly uri: string;
}

/** The value of a setting by its variable. The type that the caller expects is the one that the contract gives it. */
export type SettingReader = <Expected>(variable: string) => Expected;

export interface SinkOpening {
  readonly context: DeliveryContext;
  readonly log: Log;
  /** Where records go when the destination is stdout. */
  readonly stdout: Writable;
  /** Connections that outlive a run; without them every run has its own. */
  readonly connections?: Connections | undefined;
}

/** Values that are made when they are first asked for, by name. */
export interface Connections {
  get<Connection>(name: string, make: () => Connection, close: (connection: Connection) => unknown): Connection;
}
