import { promisify } from "node:util";
import * as zlib from "node:zlib";

export type CompressionName = "auto" | "none" | "gzip" | "zstd";

export interface Compression {
  /** Its number in Kafka's protocol. */
  readonly id: number;
  /** On a separate thread, so that the next batch is encoded meanwhile. */
  readonly compress: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
}

/**
 * Undefined when this Node does not support it: zstd came with 22.15 and 23.8. Kafka supports zstd since 2.1. Measured
 * with one broker on the same two cores, values of 220 bytes and headers of 150, Node 24: zstd 600,000 messages per
 * second, none 470,000, gzip 360,000.
 */
export function compressionOf(name: CompressionName): Compression | undefined {
  switch (name) {
    case "auto":
      return compressionOf("zstd") ?? compressionOf("gzip");
    case "none":
      return { id: 0, compress: undefined };
    case "gzip":
      return { id: 1, compress: (bytes) => gzip(bytes, { level: zlib.constants.Z_BEST_SPEED }) };
    case "zstd":
      return zstd === undefined ? undefined : { id: 4, compress: zstd };
  }
}

const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);
const zstd = zstdOf(zlib);

type ZstdCompress = (
  bytes: Uint8Array,
  options: { readonly params: Readonly<Record<number, number>> },
  callback: (error: Error | null, compressed: Buffer) => void,
) => void;

/** Missing from the types of Node 20. */
function zstdOf(module: object): ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined {
  if (!("zstdCompress" in module)) return undefined;
  const zstdCompress = module.zstdCompress as ZstdCompress;
  const constants = zlib.constants as unknown as Readonly<Record<string, number>>;
  const params = { [constants.ZSTD_c_compressionLevel as number]: 1 };
  return (bytes) =>
    new Promise((settle, fail) => {
      zstdCompress(bytes, { params }, (error, compressed) => (error === null ? settle(compressed) : fail(error)));
    });
}
