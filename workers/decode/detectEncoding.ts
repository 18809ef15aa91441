export type Compression = "none" | "gzip" | "zstd";

export interface DetectedEncoding {
  readonly compression: Compression;
  /** What a byte order mark says; UTF-8 without one. Says nothing about what is compressed. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  /** Length of the byte order mark. */
  readonly bomBytes: 0 | 2 | 3;
}

/** With so many of the first bytes everything is detected, by `refuseBinary` too. */
export const firstBytesWanted = 1024;

/** What the first bytes of a file tell about how it is written. */
export function detectEncoding(firstBytes: Uint8Array): DetectedEncoding {
  const [first, second, third] = firstBytes;
  const bom = (encoding: DetectedEncoding["encoding"], bomBytes: 2 | 3) =>
    ({ compression: "none", encoding, bomBytes }) as const;
  if (first === 0xef && second === 0xbb && third === 0xbf) return bom("utf-8", 3);
  if (first === 0xff && second === 0xfe) return bom("utf-16le", 2);
  if (first === 0xfe && second === 0xff) return bom("utf-16be", 2);
  return { compression: compressionOf(firstBytes), encoding: "utf-8", bomBytes: 0 };
}

function compressionOf(firstBytes: Uint8Array): Compression {
  const [first = 0, second, third, fourth] = firstBytes;
  if (first === 0x1f && second === 0x8b) return "gzip";
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return "zstd";
  // A frame to be skipped: what compresses with several threads puts one first.
  const isSkippable = first >= 0x50 && first <= 0x5f && second === 0x2a && third === 0x4d && fourth === 0x18;
  return isSkippable ? "zstd" : "none";
}
