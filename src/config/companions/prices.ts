/**
 * What the dashboard counts with: list prices in us-east-1, US dollars, x86, without savings plans and free tier, as of
 * 2026-11-23. Another region or family changes these numbers and nothing else.
 */
export const prices = {
  asOf: "2026-11-23",
  region: "us-east-1",
  /** A vCPU of a c5 for an hour: a c5.4xlarge has 16 and costs 0.68 on demand. */
  vcpuHourOnDemand: 0.0425,
  /** The same on Spot, 70 % less: what the sizing of this module assumes. Real Spot prices move with place and hour. */
  vcpuHourSpot: 0.01275,
  /** A GiB of the function's memory for a second. */
  lambdaGibSecond: 0.0000166667,
  lambdaRequest: 0.0000002,
} as const;
