import { WorkerFault } from "../model/fault.ts";
import { Conflict, type ObjectStore } from "../model/objectStore.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";

/**
 * The checkpoint of one chunk and destination, which one attempt at a time owns.
 *
 * The last writer owns it: an attempt takes it over with its first write, and every write is conditional on the
 * one before. An older attempt that is still at work (a host that was given up but lives, a state machine that was
 * redriven) finds out with its next write, and stops. So the newer one wins, which is the one that is waited for.
 *
 * Until then both send: what the older one has delivered since its last write is delivered again by the newer one. Its
 * acknowledgements are in no checkpoint that counts, so nothing is ever taken for delivered that is not.
 */
export class CheckpointFile {
  readonly uri: string;
  readonly #store: ObjectStore;
  readonly #attempt: string;
  /** Of the object as we know it; undefined when there is none. */
  #etag: string | undefined;

  constructor(store: ObjectStore, uri: string, attempt: string) {
    this.#store = store;
    this.uri = uri;
    this.#attempt = attempt;
  }

  /** The checkpoint as it is, to be asked for once, before the first write. */
  async read(): Promise<StoredCheckpoint> {
    const object = await this.#store.get(this.uri);
    this.#etag = object?.etag;
    if (object === undefined) return { kind: "none" };
    const checkpoint = decodeCheckpoint(object.bytes);
    return checkpoint === undefined ? { kind: "damaged" } : { kind: "read", checkpoint };
  }

  /** Throws TakenOver when another attempt has written meanwhile: send nothing more then. */
  async write(checkpoint: Omit<Checkpoint, "attempt">): Promise<void> {
    const bytes = encodeCheckpoint({ ...checkpoint, attempt: this.#attempt });
    for (let isWritten = false; !isWritten; ) {
      try {
        await this.#put(bytes);
        isWritten = true;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        // A write whose answer was lost conflicts with the one that repeats it, or with the next: both are ours.
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

/** Another attempt is at work on the same chunk. */
export class TakenOver extends WorkerFault {
  constructor(message: string, cause: unknown) {
    super("try-again", message, {
      cause,
      hint: "Nothing to do: the other attempt delivers the chunk. If it is no longer running, the next attempt continues.",
    });
  }
}
