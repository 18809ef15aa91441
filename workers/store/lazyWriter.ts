import type { ObjectWriter } from "../model/objectStore.ts";

/** A writer that is made when it is first needed; one that is aborted before that is never made. */
export function lazyWriter(make: () => Promise<ObjectWriter>): ObjectWriter {
  let made: Promise<ObjectWriter> | undefined;
  const writer = () => {
    made ??= make();
    return made;
  };
  return {
    write: async (bytes) => (await writer()).write(bytes),
    close: async () => (await writer()).close(),
    abort: async () => (await made)?.abort(),
  };
}
