// A process of its own, started by a test: adds one to the number in a file, so many times, whoever else does the same.

import { Conflict } from "../../../../workers/model/objectStore.ts";
import { createStore } from "../../../../workers/store/openStore.ts";

const [, , uri = "", steps = "0"] = process.argv;
const store = createStore({ region: "eu-central-1" });

async function main(): Promise<void> {
  for (let step = 0; step < Number(steps); ) {
    const found = await store.get(uri);
    if (found === undefined) throw new Error(`${uri} is missing`);
    try {
      await store.put(uri, Buffer.from(String(Number(Buffer.from(found.bytes)) + 1)), { ifMatch: found.etag });
      step++;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

await main();
