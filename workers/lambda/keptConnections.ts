import type { Connections } from "../sinks/index.ts";

/**
 * Connections that are kept between the calls of a function: MSK takes a hundred new ones a second, and a function that
 * connects anew for every chunk would soon be all of them.
 */
export class KeptConnections implements Connections {
  readonly #kept = new Map<string, { readonly connection: unknown; readonly close: () => unknown }>();

  get<Connection>(name: string, make: () => Connection, close: (connection: Connection) => unknown): Connection {
    const kept = this.#kept.get(name);
    // A name stands for one kind of connection.
    if (kept !== undefined) return kept.connection as Connection;
    const connection = make();
    this.#kept.set(name, { connection, close: () => close(connection) });
    return connection;
  }

  /** Closes all of them; the next call makes new ones. One that does not close well is gone as well. */
  async drop(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.allSettled(all.map(async ({ close }) => close()));
  }
}
