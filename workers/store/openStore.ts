import type { Patience } from "../../src/shared/retry.ts";
import type { ObjectStore, ObjectWriter } from "../model/objectStore.ts";
import { lazyWriter } from "./lazyWriter.ts";
import { toUri } from "./toUri.ts";

export interface StoreSettings {
  readonly region: string;
  /** Where a name without a scheme is a key. */
  readonly bucket?: string | undefined;
  /** Another address of S3 than that of AWS, as `http://127.0.0.1:5000`; else that of the environment, if it has one. */
  readonly endpoint?: string | undefined;
  /** Where S3 is waited for in another way than usual, as in a function whose time is short. */
  readonly patience?: Partial<Patience>;
}

/**
 * Objects by the scheme of their names: `s3://bucket/key`, `file:///path`, and without a scheme a key of the bucket.
 * What a scheme needs is loaded when its first object is asked for: loading the S3 client takes longer than all else
 * that a worker does before its first byte.
 */
export function createStore(settings: StoreSettings): ObjectStore {
  const loaded = new Map<string, Promise<ObjectStore>>();

  function storeOf(uri: string): Promise<ObjectStore> {
    const scheme = uri.slice(0, uri.indexOf(":"));
    let store = loaded.get(scheme);
    if (store === undefined) {
      store = load(scheme, settings);
      loaded.set(scheme, store);
    }
    return store;
  }

  async function on<Result>(name: string, work: (store: ObjectStore, uri: string) => Promise<Result>): Promise<Result> {
    const uri = toUri(name, settings);
    return work(await storeOf(uri), uri);
  }

  return {
    open: (name, expected) => on(name, (store, uri) => store.open(uri, expected)),
    get: (name) => on(name, (store, uri) => store.get(uri)),
    put: (name, bytes, options) => on(name, (store, uri) => store.put(uri, bytes, options)),
    createWriter(name, options): ObjectWriter {
      const uri = toUri(name, settings);
      return lazyWriter(async () => (await storeOf(uri)).createWriter(uri, options));
    },
    destroy() {
      for (const store of loaded.values()) {
        store.then(
          (ready) => ready.destroy(),
          () => {},
        );
      }
      loaded.clear();
    },
  };
}

async function load(scheme: string, settings: StoreSettings): Promise<ObjectStore> {
  if (scheme === "file") return (await import("./file/fileStore.ts")).createFileStore();
  return (await import("./s3/s3Store.ts")).createS3Store(settings);
}
