import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { bundleWorkers } from "../../../workers/build/bundleWorkers.ts";

/** The package of the function, as it is uploaded before the lambda unit is applied. */
export async function functionPackage(folder: string): Promise<Uint8Array> {
  const [worker] = await bundleWorkers({ only: ["lambda"], targetFolder: folder });
  if (worker === undefined) throw new Error("there is no program lambda to be bundled");
  const names = readdirSync(worker.folder);
  return zipSync(Object.fromEntries(names.map((name) => [name, readFileSync(join(worker.folder, name))])));
}
