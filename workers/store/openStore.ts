import type { Patience } from "../../src/shared/retry.ts";
import type { ObjectReader, ObjectStore, ObjectVersion, ObjectWriter, PutOptions } from "../model/objectStore.ts";
import { toUri } from "./toUri.ts";

export interface StoreSettings {
  readonly region: string;
  /** The bucket of names without a scheme, which are keys. */
  readonly bucket?: string | undefined;
  /**
   * An S3 endpoint other than that of AWS, such as `http://127.0.0.1:5000`. Default: that of the environment, if any.
   */
  readonly endpoint?: string | undefined;
  /** How long to wait for S3, if different from the default, as in a function with a short time limit. */
  readonly patience?: Partial<Patience>;
}

/**
 * Objects by the scheme of their names: `s3://bucket/key`, `file:///path`, and without a scheme a key in the bucket.
 * The client of a scheme is loaded with the first request: loading the S3 client takes longer than everything else
 * that a worker does before its first byte.
 */
export function createStore(settings: StoreSettings): ObjectStore {
  return new StoreByScheme(settings);
}

class StoreByScheme implements ObjectStore {
  readonly #settings: StoreSettings;
  readonly #loaded = new Map<string, Promise<ObjectStore>>();

  constructor(settings: StoreSettings) {
    this.#settings = settings;
  }

  async open(name: string, expected?: { readonly etag: string }): Promise<ObjectReader> {
    const uri = this.#uriOf(name);
    return (await this.#storeOf(uri)).open(uri, expected);
  }

  async get(name: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
    const uri = this.#uriOf(name);
    return (await this.#storeOf(uri)).get(uri);
  }

  async put(name: string, bytes: Uint8Array, options?: PutOptions): Promise<{ readonly etag: string }> {
    const uri = this.#uriOf(name);
    return (await this.#storeOf(uri)).put(uri, bytes, options);
  }

  createWriter(name: string, options?: { readonly contentType?: string }): ObjectWriter {
    const uri = this.#uriOf(name);
    return new LazyWriter(async () => (await this.#storeOf(uri)).createWriter(uri, options));
  }

  destroy(): void {
    for (const store of this.#loaded.values()) {
      store.then(
        (ready) => ready.destroy(),
        () => {},
      );
    }
    this.#loaded.clear();
  }

  #uriOf(name: string): string {
    return toUri(name, this.#settings);
  }

  #storeOf(uri: string): Promise<ObjectStore> {
    const scheme = uri.slice(0, uri.indexOf(":"));
    let store = this.#loaded.get(scheme);
    if (store === undefined) {
      store = load(scheme, this.#settings);
      this.#loaded.set(scheme, store);
    }
    return store;
  }
}

async function load(scheme: string, settings: StoreSettings): Promise<ObjectStore> {
  if (scheme === "file") return new (await import("./file/fileStore.ts")).FileStore();
  return new (await import("./s3/s3Store.ts")).S3Store(settings);
}

/** A writer that is created on first use; one that is aborted before that is never created. */
class LazyWriter implements ObjectWriter {
  readonly #make: () => Promise<ObjectWriter>;
  #made: Promise<ObjectWriter> | undefined;

  constructor(make: () => Promise<ObjectWriter>) {
    this.#make = make;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await (await this.#writer()).write(bytes);
  }

  async close(): Promise<ObjectVersion> {
    return (await this.#writer()).close();
  }

  async abort(): Promise<void> {
    await (await this.#made)?.abort();
  }

  #writer(): Promise<ObjectWriter> {
    this.#made ??= this.#make();
    return this.#made;
  }
}
