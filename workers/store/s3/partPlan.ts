const mebibyte = 1024 * 1024;
const smallestPartBytes = 8 * mebibyte;
const partsOfOneSize = 1000;

/** S3 takes no more parts in one object, and none above 5 GiB. */
export const mostParts = 10_000;

export interface PartPlan {
  readonly bytes: number;
  /** How many of them are uploaded together: fewer of the large ones, because each is in memory until it has arrived. */
  readonly atATime: number;
}

/**
 * How large the part with this index (from 0) is. The size of the object is not known beforehand, so the parts double
 * every thousand: 8 MiB up to 8 GB, 64 MiB at 100 GB, and the 10,000 parts suffice for 8 TB.
 */
export function partPlan(index: number): PartPlan {
  const bytes = smallestPartBytes * 2 ** Math.min(9, Math.floor(index / partsOfOneSize));
  return { bytes, atATime: bytes <= 2 * smallestPartBytes ? 3 : 1 };
}
