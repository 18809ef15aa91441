/** An ETag without its quotes, as it stands in a message's record-id. */
export function bareEtag(etag: string): string {
  return etag.replaceAll('"', "");
}
