/** Where a sample stands in the page, from its position in the list of samples. */
export function sampleAnchor(position: number): string {
  return `sample-${position + 1}`;
}

/** Samples that a page shows at most: more than anybody reads, and a browser still scrolls them well. */
export const mostSamples = 1000;
