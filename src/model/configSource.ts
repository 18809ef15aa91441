import type { Position } from "./problem.ts";

/** The location of something that the user wrote: a config file, or a flag of the command line (position 1:1). */
export interface Place {
  readonly file: string;
  readonly position: Position;
}

/** What the user specified, in config file and flags together, before any default is filled in. */
export interface ConfigSource {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the value at a pointer, or its nearest existing ancestor, was written. */
  readonly locate: (pointer: string) => Place;
  readonly locateKey: (pointer: string) => Place;
  /** True when the user wrote something at this pointer or above it. */
  readonly wrote: (pointer: string) => boolean;
}
