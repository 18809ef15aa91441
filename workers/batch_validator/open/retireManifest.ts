import type { ObjectStore } from "../../model/objectStore.ts";

/**
 * Takes the manifest of an earlier run out of use before anything beside it is written again: old chunks must not meet new lists of
 * rejected records. It is overwritten and not deleted, for which the job would need one permission more; no processor takes
 * what is left for a manifest.
 */
export async function retireManifest(store: ObjectStore, output: string): Promise<void> {
  const uri = `${output}manifest.json`;
  if ((await store.get(uri)) === undefined) return;
  await store.put(uri, new TextEncoder().encode(retired), { contentType: "application/json" });
}

const retired = `{
  "format": "gen-batch-config/retired-manifest/1",
  "reason": "the file was validated again, and has not been accepted since"
}
`;
