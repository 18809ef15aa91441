/**
 * The ETag that S3 gives everything it has stored. An answer without one is not from S3, whatever its status says: something
 * on the way has answered (a proxy with a page of its own), and nothing is stored.
 */
export function etagOf({ ETag }: { readonly ETag?: string | undefined }): { readonly etag: string } {
  if (ETag === undefined || ETag === "") throw new Error("the answer has no ETag");
  return { etag: ETag };
}
