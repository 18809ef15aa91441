import { WorkerFault } from "../model/fault.ts";
import { Conflict, type ObjectStore } from "../model/objectStore.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";

/**
 * The checkpoint of one chunk and destination, owned by one attempt at a time.
 *
 * The last writer owns it: an attempt takes it over with its first write, and every write is conditional on the
 * one before. An older attempt that is still running (a host that was given up but is alive, a state machine that was
 * redriven) notices at its next write, and stops. So the newer attempt wins, whose result is awaited.
 *
 * Until then both send: what the older one delivered since its last write is delivered again by the newer one. Its
 * acknowledgements are not in a checkpoint that counts, so nothing undelivered is ever treated as delivered.
 */
export class CheckpointFile {
  readonly uri: string;
  readonly #store: ObjectStore;
  readonly #attempt: string;
  /** ETag of the object as last seen; undefined when there is none. */
  #etag: string | undefined;

  constructor(store: ObjectStore, uri: string, attempt: string) {
    this.#store = store;
    this.uri = uri;
    this.#attempt = attempt;
  }

  /** The present checkpoint. Call it once, before the first write. */
  async read(): Promise<StoredCheckpoint> {
    const object = await this.#store.get(this.uri);
    this.#etag = object?.etag;
    if (object === undefined) return { kind: "none" };
    const checkpoint = decodeCheckpoint(object.bytes);
    return checkpoint === undefined ? { kind: "damaged" } : { kind: "read", checkpoint };
  }

  /** Throws TakenOver when another attempt has written in the meantime: then send nothing more. */
  async write(checkpoint: Omit<Checkpoint, "attempt">): Promise<void> {
    const bytes = encodeCheckpoint({ ...checkpoint, attempt: this.#attempt });
    for (let isWritten = false; !isWritten; ) {
      try {
        await this.#put(bytes);
        isWritten = true;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        // A write whose response was lost conflicts with its retry, or with the next write: both are ours.
        this.#etag = await this.#ownEtag(error);
      }
    }
  }

  async #put(bytes: Uint8Array): Promise<void> {
    const condition = this.#etag === undefined ? { ifAbsent: true } : { ifMatch: this.#etag };
    const { etag } = await this.#store.put(this.uri, bytes, { contentType: "application/json", ...condition });
    this.#etag = etag;
  }

  async #ownEtag(conflict: Conflict): Promise<string> {
    const object = await this.#store.get(this.uri);
    const owner = object === undefined ? undefined : decodeCheckpoint(object.bytes)?.attempt;
    if (object !== undefined && owner === this.#attempt) return object.etag;
    const found = owner === undefined ? "was removed or replaced" : `belongs to attempt ${JSON.stringify(owner)} now`;
    throw new TakenOver(
      `checkpoint ${this.uri} ${found}; this attempt, ${this.#attempt}, sends nothing more`,
      conflict,
    );
  }
}

export type StoredCheckpoint =
  | { readonly kind: "none" }
  | { readonly kind: "damaged" }
  | { readonly kind: "read"; readonly checkpoint: Checkpoint };

/** Another attempt is working on the same chunk. */
export class TakenOver extends WorkerFault {
  constructor(message: string, cause: unknown) {
    super("try-again", message, {
      cause,
      hint: "Nothing to do: the other attempt delivers the chunk. If it is no longer running, the next attempt continues.",
    });
  }
}
